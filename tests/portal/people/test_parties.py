"""Parties in the database: found but not readable, one each, merged and erased without a trace."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from broker.store.database import Database
from portal.keys import Keys
from portal.people.addresses import Where, address_of, addresses_of, set_address
from portal.people.errors import PeopleError, StaleError, ThereAlreadyError
from portal.people.identifiers import Identifier, read_identifier
from portal.people.parties import Details, change_party, enter_party, namesakes
from portal.people.party_endings import erase_party, merge_parties
from portal.people.party_search import (
    all_ids,
    find_parties,
    full_name,
    identifiers_of,
    party_with,
    resolve_party,
)
from portal.people.tables import Party
from portal.store.tables import PortalTable, table_of
from portal.web.portal import Portal
from tests.portal.people.town import CLERK, LONG_AGO, PERSON, TODAY, egn

LNCH = Identifier("lnch", "7111042925")


def enter(portal: Portal, details: Details = PERSON, identifier: Identifier | None = None) -> str:
    """Enter a party; its id."""
    now = portal.clock()
    return enter_party(portal.database, portal.keys, details, identifier, actor=CLERK, now=now)


def found_by(portal: Portal, typed: str) -> list[str]:
    """Ids of the parties that are found by a name."""
    with portal.database.reading() as connection:
        return [each.id for each in find_parties(connection, typed)]


def everything(database: Database) -> str:
    """Every row of every table of the portal, as text."""
    with database.reading() as connection:
        rows = [
            str(tuple(row))
            for table in PortalTable.metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
    return "\n".join(rows)


def test_an_identifier_is_found_and_stands_nowhere(portal: Portal) -> None:
    """Its keyed hash finds the party; no table holds the number, and another key finds nothing."""
    id_ = enter(portal, identifier=egn())
    with portal.database.reading() as connection:
        assert (found := party_with(connection, portal.keys, egn())) is not None
        assert found.id == id_
        assert found.born_on == date(1875, 3, 16)
        assert identifiers_of(connection, portal.keys, id_) == [egn()]
        assert party_with(connection, Keys(b"else" * 8), egn()) is None
    assert egn().value not in everything(portal.database)


@pytest.mark.parametrize("typed", ["мария", "ПЕТР", "димова мар", "петрова-ди", " иван  мария "])
def test_a_name_is_found_by_the_beginnings_of_its_words(portal: Portal, typed: str) -> None:
    """In any order and case; a part within a word finds nothing."""
    id_ = enter(portal)
    assert found_by(portal, typed) == [id_]
    assert found_by(portal, f"{typed} арина") == []


def test_signs_of_like_are_letters_like_others(portal: Portal) -> None:
    """A percent sign finds what has one, not all."""
    enter(portal)
    percent = enter(portal, Details(kind="company", name="Сто % лен ООД"))
    assert found_by(portal, "%") == [percent]
    assert found_by(portal, "_") == found_by(portal, "") == []


def test_race_of_two_clerks_over_one_person(portal: Portal) -> None:
    """Both enter the same ЕГН at once: one party, and the other clerk is told whose it is."""
    barrier, entered, told = threading.Barrier(2), [], []

    def clerk() -> None:
        barrier.wait()
        try:
            entered.append(enter(portal, identifier=egn()))
        except ThereAlreadyError as there:
            told.append(there.id)

    threads = [threading.Thread(target=clerk) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(entered) == 1
    assert told == entered
    with portal.database.reading() as connection:
        assert len(connection.execute(select(table_of(Party))).all()) == 1


def test_nobody_overwrites_what_he_has_not_seen(portal: Portal, now: datetime) -> None:
    """The second of two changes of one revision is refused, and the first one stands."""
    id_ = enter(portal)

    def change(phone: str) -> None:
        details = Details("person", "Мария", "", "Петрова", phone=phone)
        change_party(
            portal.database,
            portal.keys,
            id_,
            details,
            None,
            revision=1,
            actor=CLERK,
            now=now,
        )

    change("0670 11 111")
    with pytest.raises(StaleError):
        change("0670 22 222")
    with portal.database.reading() as connection:
        assert (found := resolve_party(connection, id_)) is not None
        assert (found.phone, found.revision) == ("0670 11 111", 2)


def test_a_former_identifier_still_finds(portal: Portal, now: datetime) -> None:
    """A foreigner becomes a citizen: the ЕГН is current, the ЛНЧ leads to the same person."""
    id_ = enter(portal, identifier=LNCH)
    change_party(portal.database, portal.keys, id_, PERSON, egn(), revision=1, actor=CLERK, now=now)
    with portal.database.reading() as connection:
        assert identifiers_of(connection, portal.keys, id_) == [egn(), LNCH]
        assert (found := party_with(connection, portal.keys, LNCH)) is not None
        assert found.id == id_
    with pytest.raises(ThereAlreadyError):
        enter(portal, identifier=LNCH)


def test_merged_duplicates_are_one_for_every_reader(town: Portal, now: datetime) -> None:
    """Old ids lead on, also over two mergers; what only the duplicate knew is not lost."""
    first = enter(town, Details("person", "Мария", "", "Петрова"), egn())
    second = enter(town, PERSON, LNCH)
    third = enter(town, Details("person", "Мария", "", "Петрова", latin_name="Maria Petrova"))
    where = Where(settlement="00028", location="ул. Първа", number="1")
    set_address(town.database, second, "current", where, LONG_AGO, actor=CLERK)
    merge_parties(town.database, third, second, actor=CLERK, now=now)
    merge_parties(town.database, second, first, actor=CLERK, now=now)
    with town.database.reading() as connection:
        reached = {each: resolve_party(connection, each) for each in (first, second, third)}
        assert {each.id for each in reached.values() if each is not None} == {first}
        assert (found := reached[third]) is not None
        assert found.middle_name == "Иванова"
        assert found.phone == PERSON.phone
        assert found.latin_name == "Maria Petrova"
        assert identifiers_of(connection, town.keys, first) == [egn(), LNCH]
        assert all_ids(connection, first) == {first, second, third}
        assert address_of(connection, first, "current", TODAY) is not None
    assert found_by(town, "петрова") == found_by(town, "иванова") == [first]
    with pytest.raises(StaleError):
        merge_parties(town.database, second, first, actor=CLERK, now=now)


def test_what_can_not_be_one_party(portal: Portal, now: datetime) -> None:
    """Itself, a person and a company, two people with an ЕГН each; nothing is changed."""
    first, second = enter(portal, identifier=egn()), enter(portal, identifier=egn("8032056031"))
    firm = enter(portal, Details("company", name="Ела ЕООД"))
    for other in (first, second, firm):
        with pytest.raises(PeopleError):
            merge_parties(portal.database, other, first, actor=CLERK, now=now)
    assert set(found_by(portal, "мария")) == {first, second}


def test_race_of_two_mergers_crosswise(portal: Portal, now: datetime) -> None:
    """One entry into the other and the other into the one, at once: one of them happens."""
    first, second = enter(portal), enter(portal)
    barrier, refused = threading.Barrier(2), []

    def merge(duplicate: str, into: str) -> None:
        barrier.wait()
        try:
            merge_parties(portal.database, duplicate, into, actor=CLERK, now=now)
        except StaleError:
            refused.append(duplicate)

    threads = [
        threading.Thread(target=merge, args=pair) for pair in ((first, second), (second, first))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 1
    assert found_by(portal, "мария") == refused


def test_an_erased_party_leaves_no_word(town: Portal, now: datetime) -> None:
    """Names, number, contacts and addresses are in no table; its row, empty, says why."""
    canary = Details(
        "person", "Канарче", "Жълтово", "Перушинова", latin_name="Kanarche", phone="0888 123 456"
    )
    id_, duplicate = enter(town, canary, egn()), enter(town, canary)
    where = Where(settlement="00028", location="ул. Канарска", number="77")
    set_address(town.database, duplicate, "permanent", where, LONG_AGO, actor=CLERK)
    merge_parties(town.database, duplicate, id_, actor=CLERK, now=now)
    with town.database.transaction() as connection:
        assert erase_party(connection, duplicate, "request", actor=CLERK, now=now)
    with town.database.transaction() as connection:
        assert not erase_party(connection, id_, "request", actor=CLERK, now=now)
    kept = everything(town.database)
    for trace in ("Канарче", "канарче", "Жълтово", "Kanarche", "0888 123", "Канарска"):
        assert trace not in kept
    with town.database.reading() as connection:
        assert (found := resolve_party(connection, duplicate)) is not None
        assert (found.id, full_name(found), found.erased_because) == (id_, "", "request")
        assert found.erased_at == now
        assert party_with(connection, town.keys, egn()) is None
        assert addresses_of(connection, id_, TODAY) == []
    with pytest.raises(StaleError):
        set_address(town.database, id_, "permanent", where, TODAY, actor=CLERK)
    enter(town, canary, egn())  # who comes anew is entered anew


def test_the_log_tells_what_was_done_and_nothing_of_whom(portal: Portal, now: datetime) -> None:
    """Entries name the party's id; no name, number or contact is in them."""
    id_ = enter(portal, identifier=egn())
    change_party(portal.database, portal.keys, id_, PERSON, LNCH, revision=1, actor=CLERK, now=now)
    with portal.database.reading() as connection:
        said = connection.execute(
            text("SELECT action, about, facts FROM audit_entry ORDER BY number")
        ).all()
    assert [(each.action, each.about) for each in said] == [
        ("people.party-entered", id_),
        ("people.party-changed", id_),
    ]
    facts = " ".join(each.facts for each in said)
    assert '"fields":["born_on","identifier"]' in facts or '"fields":["identifier"]' in facts
    for secret in (egn().value, LNCH.value, "Мария", "maria@", "0670"):
        assert secret not in facts


def test_namesakes_are_told(portal: Portal) -> None:
    """Exactly the same names, however they are written."""
    id_ = enter(portal)
    shouted = Details("person", "МАРИЯ", "Иванова", "ПЕТРОВА ДИМОВА")
    with portal.database.reading() as connection:
        assert [each.id for each in namesakes(connection, shouted)] == [id_]
        assert namesakes(connection, Details("person", "Мария", "", "Петрова")) == []


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(name=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_name_that_can_be_seen_is_kept_and_found(portal: Portal, name: str) -> None:
    """Whatever letters it has; searching for any part never fails."""
    details = Details("company", name=name)
    id_ = enter(portal, details)
    with portal.database.reading() as connection:
        assert (found := resolve_party(connection, id_)) is not None
        assert found.name == name
        find_parties(connection, name[:3])


def test_companies_are_found_by_their_branch_too(portal: Portal) -> None:
    """Two numbers that begin alike are two parties."""
    head = read_identifier("eik", "175074752", today=TODAY)
    first = enter(portal, Details("company", name="Ела ЕООД"), head)
    with portal.database.reading() as connection:
        assert (found := party_with(connection, portal.keys, head)) is not None
        assert found.id == first
        assert found.born_on is None
