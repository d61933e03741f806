"""The account of every stream."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from broker.intake.intake import Intake
from broker.store.completeness import completeness, find_gaps
from broker.store.database import Database
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import Event, table_of
from broker.wire.messages import VERSION, Heartbeat
from tests.intake.making import NOON, STREAM, delivery, rating, register

NUMBERS = st.sets(st.integers(1, 60))


def beat(last_seq: int, stream: str = STREAM) -> Heartbeat:
    """A heartbeat that tells of ``last_seq``."""
    return Heartbeat(
        v=VERSION,
        sent_at=NOON,
        clock="synced",
        boot="b" * 8,
        uptime_ms=1,
        stream=stream,
        last_seq=last_seq,
        waiting=0,
        version="1",
    )


@given(known=NUMBERS, greatest=st.integers(1, 60), limit=st.integers(1, 100))
def test_gaps_are_what_is_not_known(known: set[int], greatest: int, limit: int) -> None:
    """All of them in ranges, in order, as many as are wanted."""
    known = {seq for seq in known if seq <= greatest}
    gaps = find_gaps(sorted(known), greatest, limit)
    missing = {seq for first, last in gaps for seq in range(first, last + 1)}
    whole = find_gaps(sorted(known), greatest, 100)
    assert gaps == whole[:limit]
    assert missing <= set(range(1, greatest + 1)) - known
    if gaps == whole:
        assert missing == set(range(1, greatest + 1)) - known


def test_a_heartbeat_tells_of_what_never_came(database: Database) -> None:
    """The last events of a broken device are missing, not forgotten."""
    register(database)
    Intake(database).admit([delivery(rating(1), rating(2))])
    heard = Heard(heartbeats={Who("troyan", "kiosk-1"): (beat(5), NOON)})
    StatusWriter(database).write(heard)
    (account,) = completeness(database)
    assert (account.made, account.stored, account.missing, account.gaps) == (5, 2, 3, ((3, 5),))


def test_nobody_speaks_for_anothers_stream(database: Database) -> None:
    """Neither another device nor a stranger makes events go missing."""
    register(database)
    Intake(database).admit([delivery(rating(1))])
    beats = {Who("troyan", name): (beat(900), NOON) for name in ("kiosk-2", "stranger")}
    StatusWriter(database).write(Heard(heartbeats=beats))
    (account,) = completeness(database)
    assert (account.made, account.missing) == (1, 0)


def test_accounts_are_told_by_device(database: Database) -> None:
    """One device may have several streams: a new card is a new stream."""
    register(database)
    other = "7" * 32
    intake = Intake(database)
    intake.admit([delivery(rating(1)), delivery(rating(1), stream=other)])
    intake.admit([delivery(rating(3), stream="8" * 32, device="kiosk-2")])
    assert [each.stream for each in completeness(database, "kiosk-1")] == [STREAM, other]
    assert [each.missing for each in completeness(database)] == [0, 0, 2]


@given(batches=st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=6), max_size=6))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_are_counted_right(database: Database, batches: list[list[int]]) -> None:
    """Gaps, repetitions and any order: the account says what a walk over the rows says."""
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM event")
        connection.exec_driver_sql("DELETE FROM stream")
    register(database)
    intake = Intake(database)
    for batch in batches:
        intake.admit([delivery(*(rating(seq) for seq in batch))])
    seq = table_of(Event).c.seq
    with database.reading() as connection:
        distinct = connection.execute(select(func.count(seq.distinct()))).scalar()
    sent = {seq for batch in batches for seq in batch}
    found = completeness(database)
    assert sum(each.stored for each in found) == distinct == len(sent)
    assert sum(each.missing for each in found) == max(sent, default=0) - len(sent)
