"""Erasing a person: everything of him, wherever it lies, so that the files don't hold it either."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, select, update

from portal.accounts.accounts import mail_of
from portal.accounts.tables import (
    Account,
    AccountIdentity,
    AccountMailCode,
    AccountRecovery,
    AccountSession,
    AccountSlip,
)
from portal.audit.log import note
from portal.mail.tables import OutgoingMail
from portal.people.party_endings import erase_party
from portal.people.tables import Party
from portal.store.tables import table_of
from portal.upkeep.purging import empty_log, overwrite_what_goes
from portal.web.actor import Actor
from portal.web.portal import Portal

FILE: Final = "erasures.txt"
"""In the portal's folder and beside backups: a day and an id a line, for after a restore."""

_account, _mail, _party = table_of(Account), table_of(OutgoingMail), table_of(Party)
_HANG_ON: Final = tuple(
    table_of(model)
    for model in (AccountIdentity, AccountMailCode, AccountRecovery, AccountSession, AccountSlip)
)
_TOUCHED: Final = (
    *("party", "party_identifier", "address", "account", "outgoing_mail"),
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
    portal: Portal, party: str, because: str, *, actor: Actor, now: datetime
) -> Erased:
    """Erase a party, its account and the mail to it. Done twice, it is the same.

    Args:
        portal: whose databases, keys and files.
        party: its id.
        because: a code, such as ``request``; never a citizen's own words.
        actor: who erases.
        now: when.

    Raises:
        PeopleError: there is no such party.
    """
    database = portal.database
    _note_down(portal.settings.data / FILE, party, now)
    with database.transaction() as connection:
        overwrite_what_goes(connection)
        mails = _erase_mails(connection, portal, party)
        accounts = _empty_accounts(connection, party, actor)
    was_there = erase_party(database, party, because, actor=actor, now=now)
    return Erased(was_there, accounts, mails, overwrite(portal))


def overwrite(portal: Portal) -> bool:
    """Have the database's files hold nothing that was deleted; whether they now do."""
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


def _note_down(path: Path, party: str, now: datetime) -> None:
    """First of all: a restored backup must not bring back whom we began to erase."""
    if party in {known for _, known in noted_erasures(path)} or not party.isalnum():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write(f"{now:%Y-%m-%d} {party}\n")
        file.flush()
        os.fsync(file.fileno())


def _erase_mails(connection: Connection, portal: Portal, party: str) -> int:
    """Mails to the addresses that we know of the person."""
    known = set(connection.execute(select(_party.c.e_mail).where(_party.c.id == party)).scalars())
    accounts = connection.execute(select(_account).where(_account.c.party == party))
    known |= {mail_of(portal.keys, account) for account in accounts}
    recipients = {address for address in known if address}
    return connection.execute(delete(_mail).where(_mail.c.recipient.in_(recipients))).rowcount


def _empty_accounts(connection: Connection, party: str, actor: Actor) -> int:
    """Leave nothing of the person's account but its row, which nobody can use."""
    found = list(
        connection.execute(select(_account.c.id).where(_account.c.party == party)).scalars()
    )
    for table in _HANG_ON:
        connection.execute(delete(table).where(table.c.account.in_(found)))
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
