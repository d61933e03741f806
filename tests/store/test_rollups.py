"""The rollups agree with the rows, whatever happened in whatever order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.flags import flag, unflag
from broker.store.rebuild import rebuild
from broker.store.registry import add_importer
from broker.store.rollups import ROLLUPS
from broker.store.tables import (
    Event,
    FeedbackTable,
    Flag,
    RatingDay,
    RatingHourOfWeek,
    Stream,
    table_of,
)
from broker.wire.events import AnyEvent, Rating
from tests.intake.making import NOON, SITE, answer, correction, delivery, rating, register
from tests.store.counting import counted

SOFIA: Final = ZoneInfo("Europe/Sofia")

_SHAPES: Final = st.tuples(
    st.sampled_from(["rating", "rating", "rating", "correction", "answer"]),
    st.integers(1, 4),
    st.integers(0, 40),
    st.sampled_from(["synced", "estimated", "unknown"]),
    st.sampled_from(["instant", "instant", "day"]),
    st.sampled_from(["hall-desk-1", "hall-desk-2"]),
)
HISTORIES: Final = st.lists(_SHAPES, min_size=1, max_size=40)


def make(history: Sequence[tuple[Any, ...]]) -> Iterator[AnyEvent]:
    """Events of a visitor after another, over forty days and the end of summer time."""
    pressed: list[Rating] = []
    first = datetime(2026, 10, 10, 20, 40, tzinfo=SOFIA)
    for seq, (kind, value, day, clock, precision, place) in enumerate(history, start=1):
        at = first + timedelta(days=day, minutes=17 * seq)
        said = {"answered_at": at, "clock": clock, "precision": precision, "touchpoint": place}
        if kind == "rating" or not pressed:
            pressed.append(rating(seq, value, **said))
            yield pressed[-1]
            continue
        of = pressed[(value * day) % len(pressed)]
        said["touchpoint"] = of.touchpoint
        yield (
            correction(seq, of, value, **said) if kind == "correction" else answer(seq, of, **said)
        )


def clear(database: Database) -> None:
    """Make the database new for the next example."""
    models: list[type[FeedbackTable]] = [*ROLLUPS, Event, Flag, Stream]
    with database.transaction() as connection:
        for model in models:
            connection.execute(delete(table_of(model)))


@given(history=HISTORIES, cuts=st.data())
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_rollups_agree_with_the_rows(
    database: Database, history: list[tuple[Any, ...]], cuts: st.DataObject
) -> None:
    """After any order of ratings, corrections, answers, resends, flags and their taking back."""
    clear(database)
    register(database)
    add_importer(database, "replay", site=SITE)
    intake = Intake(database)
    events = list(make(history))
    while events:
        size = cuts.draw(st.integers(1, len(events)))
        batch = events[:size]
        received_at = NOON + timedelta(days=60)
        intake.admit([delivery(*batch, device="replay", received_at=received_at)])
        if cuts.draw(st.booleans()):
            again = delivery(*reversed(batch), device="replay", received_at=received_at)
            intake.admit([again])
        doubted = [event.id for event in batch if cuts.draw(st.integers(0, 3)) == 0]
        if doubted:
            flag(database, doubted, reason="burst", rule_version=1, at=received_at)
            flag(database, doubted[:1], reason="after-hours", rule_version=1, at=received_at)
        if len(doubted) > 1:
            unflag(database, doubted[::2], reason="burst")
        events = events[size:]
    kept = counted(database)
    rebuild(database)
    assert counted(database) == kept


def test_rollups_agree_with_a_count_by_hand(database: Database) -> None:
    """Rebuilding and counting along share no mistake: a third count, by hand, agrees."""
    register(database)
    history = [("rating", n % 4 + 1, n, "synced", "instant", "hall-desk-1") for n in range(30)]
    events = [event for event in make(history) if isinstance(event, Rating)]
    Intake(database).admit([delivery(*events, received_at=NOON + timedelta(days=60))])
    days = Counter((e.answered_at.astimezone(SOFIA).date(), e.value) for e in events)
    local = [e.answered_at.astimezone(SOFIA) for e in events]
    hours = Counter(at.weekday() * 24 + at.hour for at in local)
    with database.reading() as connection:
        by_day = connection.execute(select(table_of(RatingDay))).all()
        by_hour = connection.execute(select(table_of(RatingHourOfWeek))).all()
    assert {(row.day, row.value): row.raw for row in by_day} == days
    found: Counter[int] = Counter()
    for row in by_hour:
        found[row.hour_of_week] += row.raw
    assert found == hours


def test_rebuilding_repairs(database: Database) -> None:
    """A rollup that was tampered with is right again, and streams are counted anew."""
    register(database)
    Intake(database).admit([delivery(*(rating(seq) for seq in range(1, 8)))])
    right = counted(database)
    with database.transaction() as connection:
        connection.execute(delete(table_of(RatingHourOfWeek)))
        connection.exec_driver_sql("UPDATE rating_day SET raw = raw + 5")
        connection.exec_driver_sql("UPDATE stream SET stored_seqs = 0")
    assert rebuild(database) == 7
    assert counted(database) == right
    with database.reading() as connection:
        assert connection.execute(select(table_of(Stream).c.stored_seqs)).scalar_one() == 7
