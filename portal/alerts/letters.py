"""Mails of alerts to the staff, by the portal's queue: kept until a mail server has taken them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import structlog
from sqlalchemy import Connection, select

from analytics.alerts.message import Language, compose
from analytics.alerts.teller import News
from portal.accounts.accounts import accounts, mail_of
from portal.alerts.recipients import shared_out
from portal.improvement.office import Office, staff
from portal.mail.address import MailError, mail_address
from portal.mail.outgoing import queue
from portal.mail.tables import OutgoingMail
from portal.settings import AlertsStaff
from portal.store.tables import table_of
from portal.web.language import FIRST

_mails: Final = table_of(OutgoingMail)
_LANGUAGE: Final[Language] = "bg"
assert _LANGUAGE == FIRST  # noqa: S101  # mails to the staff are in the first language
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


def write_to_staff(office: Office, news: Sequence[News], base: str, whom: AlertsStaff) -> int:
    """Queue a mail to each who is to know something of it; to how many.

    Called again with the same, it queues nothing anew.

    Args:
        office: whose staff.
        news: what there is to tell.
        base: the dashboard's address.
        whom: see :func:`portal.alerts.recipients.told_of`.

    Raises:
        StoreError: the database does not answer.
    """
    if whom == "nobody":
        return 0
    with office.database.transaction() as connection:
        owed = shared_out(staff(connection), news, whom)
        return sum(_write(connection, office, account, owed[account], base) for account in owed)


def _write(
    connection: Connection, office: Office, account: str, news: Sequence[News], base: str
) -> bool:
    row = connection.execute(select(accounts).where(accounts.c.id == account)).one()
    address, mail_id = mail_of(office.keys, row), _id_of(account, news)
    try:
        mail_address(address)
    except MailError:
        _log.warning("alert-mail-address-unusable", account=account)
        return False
    if connection.scalar(select(_mails.c.id).where(_mails.c.id == mail_id)) is None:
        message = compose(news, _LANGUAGE, base)
        subject = " ".join(message.title.split())  # a place's name may hold anything
        now, text, html = office.clock(), message.text, message.html
        queue(connection, address, subject, text, now=now, mail_id=mail_id, html=html)
    return True


def _id_of(account: str, news: Sequence[News]) -> str:
    """The same for the same news: after a snooze an alert is news again."""
    words = sorted(
        f"{each.alert.id} {each.moment} {each.alert.snoozed_until or ''}" for each in news
    )
    return sha256("|".join([account, *words]).encode()).hexdigest()[:32]
