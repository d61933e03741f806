"""Erasing a person: no table and no file holds a word of him, under whatever id it was kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from broker.store.database import Database
from portal.accounts import tickets
from portal.accounts.accounts import MAIL_USE, change, make_citizen
from portal.accounts.sessions import begin
from portal.accounts.slips import make_code, open_slip
from portal.accounts.tables import Account, AccountSlip
from portal.audit.log import CONSOLE
from portal.audit.verify import verify
from portal.mail.outgoing import claim, note_taken, queue
from portal.mail.tables import OutgoingMail
from portal.people.errors import PeopleError
from portal.people.identifiers import read_identifier
from portal.people.parties import Details, enter_party
from portal.people.party_endings import merge_parties
from portal.people.tables import Party
from portal.store.tables import PortalTable, table_of
from portal.surveys.invitations import LINK, Invitation, invite
from portal.upkeep.erasure import FILE, erase_person, noted_erasures
from portal.web.portal import Portal
from portal.web.uploads import open_shelf
from tests.fixtures.portals import FrozenClock

NAME = "Кукувица"
EMAIL = "Canary@пример.бг"
QUEUED = "Canary@xn--e1afmkfd.xn--90ae"
CANARIES = [
    text.encode()
    for text in (NAME, "кукувица", "Птицова", "Ptitsova", "777 666", "anary@", "Firefox canary")
]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of whom there is all that there can be.

    Attributes:
        party: the id.
        sealed: what is held of him encrypted.
    """

    party: str
    sealed: tuple[bytes, ...]


def known_person(portal: Portal, clock: FrozenClock) -> Known:
    """Identifier, account, e-mail, session, ticket, slip, mail and an invitation."""
    egn = read_identifier("egn", "8001010008", today=clock.now.date())
    details = Details(
        "person",
        first_name=NAME,
        last_name="Птицова",
        latin_name="Canary Ptitsova",
        e_mail=EMAIL.upper(),
        phone="0888 777 666",
    )
    database, keys = portal.database, portal.keys
    party = enter_party(database, keys, details, egn, actor=CONSOLE, now=clock.now)
    with database.transaction() as connection:
        account = make_citizen(connection, party, clock.now, f"{NAME} Птицова")
        email = keys.seal(MAIL_USE, EMAIL.encode())
        change(connection, account, email=email, password_hash="$argon2id$canary")
        slip = open_slip(
            connection,
            keys,
            account,
            kind="desk",
            issued_by="console",
            now=clock.now,
            document=("identity-card", "1234"),
        )
        make_code(connection, keys, slip, clock.now)
        session, _ = begin(connection, keys, account, now=clock.now, browser="Firefox canary")
        queue(connection, EMAIL, "Код", f"За {NAME}", now=clock.now)
        document = connection.scalar(select(table_of(AccountSlip).c.document))
    tickets.issue(portal, session)
    today = clock.now.date()
    invite(
        database,
        keys,
        CONSOLE,
        Invitation("reception", "hall-web", today, today + timedelta(days=14)),
        addresses=[QUEUED],
        subject="Анкета",
        text=f"Уважаема {NAME}: {LINK}",
        address_of=lambda secret: f"http://portal.test/a/{secret}",
        now=clock.now,
    )
    assert document is not None
    return Known(party, (email, document))


def enter_duplicate(portal: Portal, clock: FrozenClock) -> str:
    """The same person, entered once more without the number."""
    details = Details("person", first_name=NAME, last_name="Птицова", e_mail="b.canary@example.bg")
    return enter_party(portal.database, portal.keys, details, None, actor=CONSOLE, now=clock.now)


def rows_of(database: Database) -> Iterator[tuple[str, str]]:
    """Every row of every table, with the table's name."""
    with database.reading() as connection:
        for name, table in PortalTable.metadata.tables.items():
            for row in connection.execute(select(table)).mappings():
                yield name, str(dict(row))


def traces(portal: Portal, canaries: list[bytes]) -> list[str]:
    """Tables and files (SQLite's, its log, the portal's) in which something of it stands."""
    texts = [canary.decode() for canary in canaries if canary in CANARIES]
    found = [name for name, row in rows_of(portal.database) if any(each in row for each in texts)]
    folders = [portal.settings.data]
    if portal.database.dialect == "sqlite":
        folders = [Path(str(portal.database.url.database)).parent]
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    contents = [(path.name, path.read_bytes()) for path in paths]
    return found + [name for name, content in contents if any(each in content for each in canaries)]


def test_an_erased_person_leaves_nothing(portal: Portal, clock: FrozenClock) -> None:
    """No canary in tables and files, nothing sealed either; the audit chain is whole."""
    person = known_person(portal, clock)
    assert {"party", "account", "account_session", "outgoing_mail"} <= set(traces(portal, CANARIES))
    erased = erase_person(portal, person.party, "request", actor=CONSOLE, now=clock.now)

    assert (erased.party, erased.accounts, erased.mails) == (True, 1, 2)
    assert erased.is_overwritten
    assert traces(portal, [*CANARIES, *person.sealed]) == []
    left = {name for name, _ in rows_of(portal.database)}
    assert left == {"party", "account", "audit_entry", "one_time_link"}
    with portal.database.reading() as connection:
        (account,) = connection.execute(select(table_of(Account))).all()
    assert (account.state, account.password_hash, account.email) == ("locked", None, None)
    assert verify(portal.database).is_whole
    noted = list(noted_erasures(portal.settings.data / FILE))
    assert noted == [(f"{clock.now:%Y-%m-%d}", person.party)]


@pytest.mark.parametrize("by_duplicate", [True, False])
@pytest.mark.parametrize("account_of", ["duplicate", "stays"])
def test_a_merged_person_is_erased_under_all_ids(
    portal: Portal, clock: FrozenClock, account_of: str, *, by_duplicate: bool
) -> None:
    """Whichever id the account hangs on, and whichever is named; a restored backup from before
    the merge is told of both.
    """
    person, other = known_person(portal, clock), enter_duplicate(portal, clock)
    duplicate, stays = person.party, other
    if account_of == "stays":
        duplicate, stays = stays, duplicate
    merge_parties(portal.database, duplicate, stays, actor=CONSOLE, now=clock.now)
    named = duplicate if by_duplicate else stays
    erased = erase_person(portal, named, "request", actor=CONSOLE, now=clock.now)

    assert (erased.party, erased.accounts, erased.mails) == (True, 1, 2)
    assert traces(portal, [*CANARIES, *person.sealed]) == []
    noted = {party for _, party in noted_erasures(portal.settings.data / FILE)}
    assert noted == {duplicate, stays}


def test_race_of_merging_and_erasing(portal: Portal, clock: FrozenClock) -> None:
    """Whichever comes first, nothing is left of the one who asked to be erased."""
    person, other = known_person(portal, clock), enter_duplicate(portal, clock)
    gate = threading.Barrier(2)

    def merge() -> None:
        gate.wait()
        with suppress(PeopleError):  # erased before
            merge_parties(portal.database, person.party, other, actor=CONSOLE, now=clock.now)

    thread = threading.Thread(target=merge)
    thread.start()
    gate.wait()
    erase_person(portal, person.party, "request", actor=CONSOLE, now=clock.now)
    thread.join()
    with portal.database.reading() as connection:
        found = connection.execute(select(table_of(Party)).where(table_of(Party).c.id == other))
        merged = connection.scalar(
            select(table_of(Party).c.merged_into).where(table_of(Party).c.id == person.party)
        )
        assert found.one().first_name == ("" if merged else NAME)
        (account,) = connection.execute(select(table_of(Account))).all()
    assert (account.state, account.name, account.email) == ("locked", "", None)


def test_erasing_twice_is_the_same(portal: Portal, clock: FrozenClock) -> None:
    """And nobody who is not there can be erased."""
    party = known_person(portal, clock).party
    erase_person(portal, party, "request", actor=CONSOLE, now=clock.now)
    again = erase_person(portal, party, "request", actor=CONSOLE, now=clock.now)

    assert not again.party
    assert len(list(noted_erasures(portal.settings.data / FILE))) == 1
    with pytest.raises(PeopleError, match="no such party"):
        erase_person(portal, "0" * 32, "request", actor=CONSOLE, now=clock.now)


def test_a_mail_that_was_taken_tells_nobody_to_whom(portal: Portal, clock: FrozenClock) -> None:
    """So that an address which is no longer known (it was changed) isn't kept for 90 days."""
    with portal.database.transaction() as connection:
        queue(connection, EMAIL, "Код", NAME, now=clock.now)
    letter = claim(portal.database, clock.now)
    assert letter is not None
    note_taken(portal.database, letter.id, clock.now)

    with portal.database.reading() as connection:
        (mail,) = connection.execute(select(table_of(OutgoingMail))).all()
    assert (mail.recipient, mail.text, mail.taken_at) == ("", "", clock.now)


def test_an_erased_file_lies_nowhere(portal: Portal) -> None:
    """Neither its content nor its name."""
    shelf = open_shelf(portal.settings)
    stored = shelf.put(f"{NAME}.pdf", f"%PDF-1.7\n{NAME}\n%%EOF\n".encode())
    assert traces(portal, CANARIES) == [stored.id]
    shelf.erase(stored.id)

    assert (shelf.state(stored.id), list(shelf.all())) == ("gone", [])
    assert traces(portal, CANARIES) == []
