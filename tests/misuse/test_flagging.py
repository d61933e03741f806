"""Flags by the rules in real databases: what they change, and what they leave alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Event as Signal
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from broker.intake.intake import Intake
from broker.misuse.flagging import flag_recent, reflag
from broker.misuse.rules import UnknownRulesError
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.flags import Change, flag
from broker.store.place_settings import put_setting
from broker.store.places import Place
from broker.store.rebuild import rebuild
from broker.store.registry import add_importer
from broker.store.tables import Flag, table_of
from tests.intake.making import (
    NOON,
    SITE,
    TOUCHPOINT,
    answer,
    correction,
    delivery,
    rating,
    register,
)
from tests.misuse.pressing import admit, pressed
from tests.store.counting import counted

TODAY = NOON.date()
LATER = NOON + timedelta(hours=2)
BURST = [number * 0.7 for number in range(8)]


def flags(database: Database) -> set[tuple[str, str, int]]:
    """Event, reason and version of every flag."""
    table = table_of(Flag)
    with database.reading() as connection:
        found = connection.execute(select(table.c.event_id, table.c.reason, table.c.rule_version))
        return {(event_id, reason, version) for event_id, reason, version in found}


def check_figures(database: Database) -> None:
    """The rollups are what the rows say."""
    before = counted(database)
    rebuild(database)
    assert counted(database) == before


def test_a_burst_leaves_the_filtered_figures(database: Database) -> None:
    """Flags with reason and version; the figures agree with the rows; version 0 takes all back."""
    register(database)
    burst = pressed(BURST, value=1)
    honest = pressed([600, 1200, 1800], first_seq=20)
    admit(database, [*burst, *honest])
    untouched = counted(database)
    summary = reflag(database, 1, TODAY, TODAY, LATER)
    assert (summary.days, summary.visits) == (1, 11)
    assert summary.doubted["burst"] == 8
    assert {each[0] for each in flags(database)} == {each.id for each in burst}
    assert ("burst", 1) in {each[1:] for each in flags(database)}
    check_figures(database)
    assert reflag(database, 0, TODAY, TODAY, LATER).change.taken_back == summary.change.set
    assert not flags(database)
    assert counted(database) == untouched


def test_judging_again_changes_nothing(database: Database) -> None:
    """Not even when a flag was set: it is there since the first time."""
    register(database)
    admit(database, pressed(BURST, value=1))
    first = reflag(database, 1, None, None, LATER)
    with database.reading() as connection:
        before = connection.execute(select(table_of(Flag))).all()
    again = reflag(database, 1, None, None, LATER + timedelta(days=1))
    assert (first.change.set > 0, again.change) == (True, Change())
    assert again.doubted == first.doubted
    with database.reading() as connection:
        assert connection.execute(select(table_of(Flag))).all() == before


def test_a_dry_run_only_tells(database: Database) -> None:
    """The same summary, and nothing written."""
    register(database)
    admit(database, pressed(BURST, value=1))
    dry = reflag(database, 1, None, None, LATER, is_dry=True)
    assert not flags(database)
    assert reflag(database, 1, None, None, LATER) == dry


def test_the_whole_visit_is_flagged(database: Database) -> None:
    """Its corrections and its follow-ups, too: nobody meant any of it."""
    register(database)
    burst = pressed(BURST, value=1)
    last, visit = burst[-1], {"visit": burst[-1].visit}
    at = last.answered_at
    follow_up = answer(90, last, answered_at=at + timedelta(seconds=9), **visit)
    changed = correction(91, last, 2, answered_at=at + timedelta(seconds=1), **visit)
    admit(database, [*burst, follow_up, changed])
    reflag(database, 1, TODAY, TODAY, LATER)
    assert {follow_up.id, changed.id} <= {each[0] for each in flags(database)}
    check_figures(database)


def test_several_questions_of_one_visit_are_no_burst(database: Database) -> None:
    """Four answers by faces within four seconds are one visitor."""
    register(database)
    for person in range(3):
        first, *rest = pressed([0, 1, 2, 3], first_seq=1 + 4 * person)
        at = NOON + timedelta(minutes=10 * person)
        asked = [
            rating(each.seq, 3, question=f"q{n}", visit=first.visit, answered_at=at)
            for n, each in enumerate((first, *rest))
        ]
        admit(database, asked)
    assert not reflag(database, 1, None, None, LATER).doubted


def test_what_is_no_press_in_a_hall_is_left_alone(database: Database) -> None:
    """Votes by telephone and web, those of an unknown time and those known to the day."""
    register(database)
    add_importer(database, "importer", site=SITE)  # no panel may send the first and the last
    for seq, given in enumerate(({"channel": "web"}, {"clock": "unknown"}, {"precision": "day"})):
        at = [NOON + timedelta(seconds=0.7 * number) for number in range(8)]
        votes = [rating(8 * seq + n, 1, answered_at=each, **given) for n, each in enumerate(at, 1)]
        (outcome,) = Intake(database).admit([delivery(*votes, device="importer")])
        assert not outcome.refused
    assert not reflag(database, 1, None, None, LATER).doubted


def test_flags_of_people_and_of_origin_stay(database: Database) -> None:
    """The rules take back their own only."""
    register(database)
    one = pressed([0])[0]
    admit(database, [one])
    flag(database, [one.id], reason="by-hand", rule_version=0, at=NOON)
    reflag(database, 1, None, None, LATER)
    reflag(database, 0, None, None, LATER)
    assert flags(database) == {(one.id, "by-hand", 0)}


def test_a_day_is_the_sites_own(database: Database) -> None:
    """A quarter past midnight in Sofia is still yesterday in Greenwich."""
    register(database)
    midnight = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    admit(database, pressed(BURST, value=1, since=midnight + timedelta(minutes=15)))
    assert reflag(database, 1, date(2026, 11, 20), date(2026, 11, 20), LATER).visits == 0
    assert reflag(database, 1, date(2026, 11, 21), date(2026, 11, 21), LATER).visits == 8


def test_presses_while_the_hall_is_closed_are_flagged(database: Database) -> None:
    """As its opening hours were set for that day; nobody said anything of the day before."""
    register(database)
    hours = '[{"days": [1, 2, 3, 4, 5, 6, 7], "opens_at": "14:00", "closes_at": "17:00"}]'
    with database.transaction() as connection:
        at = Place("touchpoint", TOUCHPOINT)
        put_setting(connection, at, "opening.weekly", hours, from_on=TODAY, now=NOON)
    yesterday = pressed([0], since=NOON - timedelta(days=1))
    admit(database, [*yesterday, *pressed([0, 4 * 3600], first_seq=5)])
    summary = reflag(database, 1, None, None, LATER)
    assert dict(summary.doubted) == {"out-of-hours": 1}


def test_an_improbable_hour_is_judged_by_the_weeks_before(database: Database) -> None:
    """Two votes an hour for six weeks, then fifty of one face: most of them are flagged.

    The clocks were set back meanwhile; noon is noon.
    """
    register(database)
    seq, noon = 1, NOON.astimezone(ZoneInfo("Europe/Sofia"))
    for week in range(6, 0, -1):
        since = (noon - timedelta(weeks=week)).astimezone(UTC)
        admit(database, pressed([100, 1900], first_seq=seq, since=since))
        seq += 2
    crowd = [number * 70 + number * number * 7 % 61 for number in range(50)]
    admit(database, pressed(crowd, first_seq=seq))
    summary = reflag(database, 1, TODAY, TODAY, LATER)
    assert summary.doubted.get("improbable-count", 0) >= 40
    check_figures(database)


def test_unknown_names_are_told(database: Database) -> None:
    """Of rules and of touchpoints, before anything is written."""
    register(database)
    with pytest.raises(UnknownRulesError, match="there are 0, 1"):
        reflag(database, 7, None, None, LATER)
    with pytest.raises(RegistryError, match="unknown touchpoint 'cellar'"):
        reflag(database, 1, None, None, LATER, touchpoint="cellar")


def test_one_touchpoint_alone_can_be_judged(database: Database) -> None:
    """The others keep what they have."""
    register(database)
    admit(database, pressed(BURST, value=1))
    assert reflag(database, 1, None, None, LATER, touchpoint="hall-desk-2").days == 0
    assert not flags(database)


def test_what_came_in_lately_is_judged(database: Database) -> None:
    """Today's presses, and those of a kiosk that was without a connection for a month; once."""
    register(database)
    admit(database, pressed(BURST, value=1))
    assert flag_recent(database, LATER).doubted["burst"] == 8
    old = pressed(BURST, value=1, first_seq=50, since=NOON - timedelta(days=30))
    admit(database, old)
    summary = flag_recent(database, LATER)
    assert (summary.days, summary.change.set > 0) == (2, True)
    assert flag_recent(database, LATER).days == 0
    check_figures(database)


def test_the_collector_goes_on_meanwhile(database: Database) -> None:
    """Votes come in while days are judged; every figure is right in the end."""
    register(database)
    admit(database, pressed([day * 86_400 + at for day in range(6) for at in BURST], value=1))
    ended = Signal()
    intake = Intake(database)

    def vote() -> None:
        for seq in range(100, 160):
            at = NOON + timedelta(seconds=30 * seq)
            intake.admit([delivery(rating(seq, 3, answered_at=at), received_at=at)])
        ended.set()

    thread = Thread(target=vote)
    thread.start()
    version = 1
    while not ended.is_set():
        reflag(database, version, None, None, LATER)
        version = 1 - version
    thread.join()
    reflag(database, 1, None, None, LATER)
    assert len(flags(database)) >= 6 * 8
    check_figures(database)
