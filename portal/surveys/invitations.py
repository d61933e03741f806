"""Inviting people to a survey: by mail, each with a link of his own, or by slips with a code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from broker.store.database import Database
from portal.audit.log import note
from portal.keys import Keys
from portal.mail.address import MailError, mail_address
from portal.mail.outgoing import queue
from portal.store.tables import new_id
from portal.surveys.links import new_links
from portal.web.actor import Actor

LINK: Final = "{link}"
"""What stands in the text of a mail for the link."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """To what people are invited.

    Attributes:
        expires_on: the first day on which its links are worth nothing.
    """

    survey: str
    touchpoint: str
    today: date
    expires_on: date


def read_addresses(typed: str) -> tuple[list[str], list[str]]:
    """Addresses of a list, one a line or with commas, each once; and what is none."""
    good: dict[str, str] = {}
    bad: list[str] = []
    for part in typed.replace(",", "\n").replace(";", "\n").splitlines():
        if not part.strip():
            continue
        try:
            address = mail_address(part)
            good.setdefault(address.casefold(), address)
        except MailError:
            bad.append(part.strip())
    return list(good.values()), bad


def invite(  # noqa: PLR0913  # each says one thing about it, by its name
    database: Database,
    keys: Keys,
    actor: Actor,
    invitation: Invitation,
    *,
    addresses: Sequence[str],
    subject: str,
    text: str,
    address_of: Callable[[str], str],
    now: datetime,
    form_id: str = "",
) -> int:
    """Queue a mail to each of ``addresses``; how many. All or none of them, and once a form.

    Args:
        database: the portal's.
        keys: of the portal.
        actor: who invites.
        invitation: to what.
        addresses: none twice.
        subject: of the mail.
        text: of the mail, with :data:`LINK` in it.
        address_of: the link of a secret.
        now: aware.
        form_id: of the form that asks for it: sent twice, the second one does nothing.

    Raises:
        MailError: the subject or the text can't be mailed.
    """
    form = form_id or new_id()
    ids = [sha256(f"{form} {address}".encode()).hexdigest()[:32] for address in addresses]
    try:
        with database.transaction() as connection:
            secrets = _links(connection, keys, invitation, len(addresses), "e-mail")
            for address, secret, mail_id in zip(addresses, secrets, ids, strict=True):
                mail = text.replace(LINK, address_of(secret))
                queue(connection, address, subject, mail, now=now, mail_id=mail_id)
            note(connection, actor, "surveys.invited", invitation.survey, number=len(addresses))
    except IntegrityError:  # its mails are on their way
        return 0
    return len(addresses)


def make_slips(
    database: Database, keys: Keys, actor: Actor, invitation: Invitation, number: int
) -> list[str]:
    """Make links to be printed; their secrets, which can't be had again."""
    with database.transaction() as connection:
        secrets = _links(connection, keys, invitation, number, "link")
        note(connection, actor, "surveys.slips-made", invitation.survey, number=number)
    return secrets


def _links(
    connection: Connection, keys: Keys, invitation: Invitation, number: int, channel: str
) -> list[str]:
    return new_links(
        connection,
        keys,
        number,
        survey=invitation.survey,
        touchpoint=invitation.touchpoint,
        channel=channel,
        today=invitation.today,
        expires_on=invitation.expires_on,
    )
