"""Rulings of people: they go over the rules, hold for late votes, and are taken back whole."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from broker.misuse.flagging import flag_recent, reflag, rule, take_ruling_back
from broker.misuse.rulings import Ruling, list_rulings
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.flag_reasons import RULED_OUT
from broker.store.rebuild import rebuild
from broker.store.tables import Flag, RatingDay, table_of
from tests.intake.making import NOON, TOUCHPOINT, register
from tests.misuse.pressing import admit, pressed

NOW = NOON + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def hall(database: Database) -> Database:
    """Five presses in a row at noon, and two honest ones after."""
    register(database)
    admit(database, pressed([0, 1, 2.1, 2.9, 4, 900, 1300]))
    flag_recent(database, NOW)
    assert figures(database) == (7, 2)
    return database


def figures(database: Database) -> tuple[int, int]:
    """All ratings, raw and filtered; the rollups are what the rows say."""
    day = table_of(RatingDay)
    with database.reading() as connection:
        rows = connection.execute(select(day.c.raw, day.c.filtered)).all()
    return sum(row.raw for row in rows), sum(row.filtered for row in rows)


def reasons(database: Database) -> set[str]:
    """Of all flags."""
    with database.reading() as connection:
        return set(connection.execute(select(table_of(Flag).c.reason)).scalars())


def ruling(reason: str, from_at: datetime = NOON - HOUR, hours: int = 2) -> Ruling:
    """About some hours from an hour before noon on."""
    return Ruling(TOUCHPOINT, reason, from_at, from_at + hours * HOUR, "other")


def test_genuine_votes_are_doubted_by_no_rule(hall: Database) -> None:
    """Of any version, until the ruling is taken back."""
    rule(hall, ruling(""), NOW)
    assert figures(hall) == (7, 7)
    reflag(hall, 1, None, None, NOW)
    assert figures(hall) == (7, 7)
    take_ruling_back(hall, TOUCHPOINT, "", NOON - HOUR, NOW)
    assert figures(hall) == (7, 2)


def test_one_rule_is_overruled(hall: Database) -> None:
    """What another one says still holds."""
    assert "burst" in reasons(hall)
    rule(hall, ruling("burst"), NOW)
    assert "burst" not in reasons(hall)


def test_votes_that_are_none_stay_in_the_raw_figures(hall: Database) -> None:
    """Flagged with a reason of its own, which no version of the rules takes back."""
    rule(hall, ruling(RULED_OUT), NOW)
    assert figures(hall) == (7, 0)
    reflag(hall, 0, None, None, NOW)
    assert reasons(hall) == {RULED_OUT}
    take_ruling_back(hall, TOUCHPOINT, RULED_OUT, NOON - HOUR, NOW)
    assert figures(hall) == (7, 2)


def test_only_those_hours_are_meant(hall: Database) -> None:
    """The end is left out."""
    rule(hall, ruling(RULED_OUT, NOON + timedelta(seconds=900), 1), NOW)
    assert figures(hall) == (7, 0)
    take_ruling_back(hall, TOUCHPOINT, RULED_OUT, NOON + timedelta(seconds=900), NOW)
    part = Ruling(
        TOUCHPOINT,
        RULED_OUT,
        NOON + timedelta(seconds=900),
        NOON + timedelta(seconds=1300),
        "other",
    )
    rule(hall, part, NOW)
    assert figures(hall) == (7, 1)


def test_votes_that_come_late_are_ruled_about_too(hall: Database) -> None:
    """A kiosk without connection sends them the next day."""
    rule(hall, ruling(RULED_OUT), NOW)
    admit(hall, pressed([1800], first_seq=50))
    flag_recent(hall, NOW + HOUR)
    assert figures(hall) == (8, 0)


def test_a_ruling_of_the_same_begin_is_replaced(hall: Database) -> None:
    """What only the earlier one was about is judged anew, too."""
    rule(hall, ruling(RULED_OUT, NOON - HOUR, 3), NOW)
    assert figures(hall) == (7, 0)
    rule(hall, ruling(RULED_OUT, NOON - HOUR, 1), NOW)
    assert figures(hall) == (7, 2)
    with hall.reading() as connection:
        assert len(list_rulings(connection, NOON - HOUR)) == 1


def test_rollups_rebuilt_say_the_same(hall: Database) -> None:
    """Flags by rulings count as all others."""
    rule(hall, ruling(RULED_OUT), NOW)
    before = figures(hall)
    rebuild(hall)
    assert figures(hall) == before


@pytest.mark.parametrize(
    "wrong",
    [
        Ruling("nowhere", "", NOON, NOON + HOUR, "other"),
        Ruling(TOUCHPOINT, "foreign-stream", NOON, NOON + HOUR, "other"),
        Ruling(TOUCHPOINT, "", NOON, NOON, "other"),
        Ruling(TOUCHPOINT, "", NOON, NOON + timedelta(days=40), "other"),
        Ruling(TOUCHPOINT, "", NOW + HOUR, NOW + 2 * HOUR, "other"),
        Ruling(TOUCHPOINT, "", NOON, NOON + HOUR, "spite"),
    ],
    ids=["touchpoint", "reason", "no-hours", "too-long", "to-come", "cause"],
)
def test_a_ruling_that_can_not_be(hall: Database, wrong: Ruling) -> None:
    """Nothing is changed."""
    with pytest.raises(StoreError):
        rule(hall, wrong, NOW)
    assert figures(hall) == (7, 2)


def test_what_nobody_ruled_can_not_be_taken_back(hall: Database) -> None:
    """It says that somebody was quicker."""
    with pytest.raises(StoreError, match="no such ruling"):
        take_ruling_back(hall, TOUCHPOINT, "", NOON, NOW)
