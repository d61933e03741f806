"""Erasing a person: everything of him, wherever it lies, so that the files don't hold it either."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, select, update

from portal.accounts.accounts import mail_of
from portal.accounts.tables import (
    Account,
    AccountIdentity,
    AccountMailCode,
    AccountRecovery,
    AccountSession,
    AccountSlip,
    AccountTicket,
)
from portal.audit.log import note
from portal.improvement.tables import ImprovementSubscription
from portal.mail.address import MailError, mail_address
from portal.mail.tables import OutgoingMail
from portal.people.party_endings import erase_party
from portal.people.party_search import all_ids, lock_resolved, resolve_party
from portal.people.tables import Party
from portal.store.tables import table_of
from portal.upkeep.purging import empty_log
from portal.web.actor import Actor
from portal.web.portal import Portal

FILE: Final = "erasures.txt"
"""In the portal's folder and beside backups: a day and an id a line, for after a restore."""

_account, _mail, _party = table_of(Account), table_of(OutgoingMail), table_of(Party)
_session, _ticket = table_of(AccountSession), table_of(AccountTicket)
_HANG_ON: Final = tuple(
    table_of(model)
    for model in (
        AccountIdentity,
        AccountMailCode,
        AccountRecovery,
        AccountSession,
        AccountSlip,
        ImprovementSubscription,
    )
)
_TOUCHED: Final = (
    *("party", "party_identifier", "address", "account", "account_ticket", "outgoing_mail"),
    *(table.name for table in _HANG_ON),
)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased.

    Attributes:
        party: whether the party still held something.
        accounts: accounts that were emptied and closed.
        mails: mails to the person, sent or not.
        is_overwritten: whether the database's files hold nothing of it any more; ``False``:
            somebody was reading, and the next upkeep sees to it.
    """

    party: bool
    accounts: int
    mails: int
    is_overwritten: bool


def erase_person(
    portal: Portal,
    party: str,
    because: str,
    *,
    actor: Actor,
    now: datetime,
    is_overwriting: bool = True,
) -> Erased:
    """Erase a party, its account and the mail to it. Done twice, it is the same.

    All that is held under the id of a duplicate which was merged into it goes, too; and whoever is
    named by such an id is erased as what he became.

    Args:
        portal: whose databases, keys and files.
        party: its id.
        because: a code, such as ``request``; never a citizen's own words.
        actor: who erases.
        now: when.
        is_overwriting: also have the database's files hold nothing of it; whoever erases many calls
            :func:`overwrite` himself, once.

    Raises:
        PeopleError: there is no such party.
    """
    with portal.database.reading() as connection:
        known = {party} | _ids(connection, resolve_party(connection, party))
    for each in sorted(known):
        note_down(portal.settings.data / FILE, each, now)
    with portal.database.transaction() as connection:
        ids = _ids(connection, lock_resolved(connection, party))
        mails = _erase_mails(connection, portal, ids)
        accounts = _empty_accounts(connection, ids, actor)
        was_there = erase_party(connection, party, because, actor=actor, now=now)
    return Erased(was_there, accounts, mails, is_overwriting and overwrite(portal))


def overwrite(portal: Portal) -> bool:
    """Have the database's files hold nothing that was deleted; whether they now do.

    ``False``: others were reading or writing for too long, or there was no room.
    """
    database = portal.database
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        if database.dialect == "sqlite":
            cursor.execute("VACUUM")
        else:
            connection.rollback()
            connection.driver_connection.autocommit = True  # type: ignore[union-attr]  # psycopg's
            for table in _TOUCHED:
                cursor.execute(f"VACUUM FULL {table}")
    except database.engine.dialect.loaded_dbapi.Error:
        return False  # what was erased is erased, and SQLite wrote zeros over it
    finally:
        connection.invalidate()  # its settings are not those of the others any more
        connection.close()
    return empty_log(database)


def noted_erasures(path: Path) -> Iterator[tuple[str, str]]:
    """Day and party of all erasures in a file; none where there is no file."""
    if not path.exists():
        return
    for line in path.read_text("ascii").splitlines():
        day, _, party = line.partition(" ")
        if party:
            yield day, party


def note_down(path: Path, party: str, now: datetime) -> None:
    """Write an id into the list, first of all: no restored backup may bring back whom we erase."""
    if party in {known for _, known in noted_erasures(path)} or not party.isalnum():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write(f"{now:%Y-%m-%d} {party}\n")
        file.flush()
        os.fsync(file.fileno())


def _ids(connection: Connection, party: Party | None) -> set[str]:
    """All ids under which something of the person may be held."""
    return all_ids(connection, party.id) if party is not None else set()


def _erase_mails(connection: Connection, portal: Portal, ids: set[str]) -> int:
    """Mails to the addresses that we know of the person."""
    known = set(connection.scalars(select(_party.c.e_mail).where(_party.c.id.in_(ids))))
    accounts = connection.execute(select(_account).where(_account.c.party.in_(ids)))
    known |= {mail_of(portal.keys, account) for account in accounts}
    return erase_mails_to(connection, known)


def erase_mails_to(connection: Connection, addresses: Iterable[str]) -> int:
    """Erase mails to these addresses, however they are written; how many."""
    recipients = {_as_queued(address) for address in addresses if address}
    to_person = func.lower(_mail.c.recipient).in_(recipients)
    return connection.execute(delete(_mail).where(to_person)).rowcount


def _as_queued(address: str) -> str:
    """An address as it stands in the queue, in small letters."""
    with suppress(MailError):
        return mail_address(address).lower()
    return address.lower()


def _empty_accounts(connection: Connection, ids: set[str], actor: Actor) -> int:
    """Leave nothing of the person's accounts but their rows, which nobody can use."""
    found = list(connection.scalars(select(_account.c.id).where(_account.c.party.in_(ids))))
    erase_what_hangs_on(connection, found)
    emptied = {
        **dict.fromkeys(("email", "email_confirmed_at", "password_hash", "password_set_at")),
        **dict.fromkeys(("totp_secret", "totp_confirmed_at", "totp_step", "signed_in_at")),
        "name": "",
        "state": "locked",
    }
    for account in found:
        connection.execute(update(_account).where(_account.c.id == account).values(emptied))
        note(connection, actor, "accounts.erased", account)
    return len(found)


def erase_what_hangs_on(connection: Connection, accounts: Collection[str]) -> None:
    """Erase sessions, tickets, slips, codes, identities and subscriptions of accounts."""
    sessions = select(_session.c.id).where(_session.c.account.in_(accounts))
    connection.execute(delete(_ticket).where(_ticket.c.session.in_(sessions)))
    for table in _HANG_ON:
        connection.execute(delete(table).where(table.c.account.in_(accounts)))
