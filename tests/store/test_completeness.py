"""The account of every stream."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from broker.intake.intake import Intake
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.rebuild import rebuild
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import Event, Stream, table_of
from broker.wire.codec import Rejected
from broker.wire.events import MAX_INTEGER
from broker.wire.messages import VERSION, Heartbeat
from tests.intake.making import NOON, STREAM, delivery, rating, register


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


def test_a_heartbeat_tells_of_what_never_came(database: Database) -> None:
    """The last events of a broken device are missing, not forgotten."""
    register(database)
    Intake(database).admit([delivery(rating(1), rating(2))])
    heard = Heard(heartbeats={Who("troyan", "kiosk-1"): (beat(5), NOON)})
    StatusWriter(database).write(heard)
    (account,) = completeness(database, with_gaps=True)
    assert (account.made, account.stored, account.missing, account.gaps) == (5, 2, 3, ((3, 5),))
    assert completeness(database)[0].gaps == ()


def test_a_stranger_speaks_for_no_stream(database: Database) -> None:
    """Whoever is not registered makes no events go missing."""
    register(database)
    Intake(database).admit([delivery(rating(1))])
    beats = {Who(site, "kiosk-3"): (beat(900), NOON) for site in ("troyan", "lovech")}
    beats[Who("lovech", "kiosk-1")] = (beat(900), NOON)
    StatusWriter(database).write(Heard(heartbeats=beats))
    (account,) = completeness(database)
    assert (account.made, account.missing) == (1, 0)


def test_a_moved_card_is_heard_too(database: Database) -> None:
    """Another device goes on numbering the stream: its lost tail is missing, not forgotten."""
    register(database)
    intake = Intake(database)
    intake.admit([delivery(rating(1))])
    intake.admit([delivery(rating(2), rating(3, touchpoint="cellar"), device="kiosk-2")])
    beats = {Who("troyan", "kiosk-2"): (beat(7), NOON)}
    StatusWriter(database).write(Heard(heartbeats=beats))
    (account,) = completeness(database)
    assert (account.device, account.made, account.stored) == ("kiosk-1", 7, 2)
    assert (account.quarantined, account.missing) == (1, 4)


def test_an_absurd_heartbeat_is_not_believed(database: Database) -> None:
    """One word of a faulty program doesn't leave the account wrong for good."""
    register(database)
    Intake(database).admit([delivery(rating(1))])
    for last_seq in (MAX_INTEGER, 2**70, 3):
        beats = {Who("troyan", "kiosk-1"): (beat(last_seq), NOON)}
        StatusWriter(database).write(Heard(heartbeats=beats))
    (account,) = completeness(database)
    assert (account.made, account.missing) == (3, 2)


def test_a_stranger_hides_no_loss(database: Database) -> None:
    """What an unregistered device sends under another's stream is not counted for it."""
    register(database)
    intake = Intake(database)
    intake.admit([delivery(rating(1), rating(4))])
    intake.admit([delivery(rating(2), rating(3), rating(9), device="stranger")])
    (account,) = completeness(database, with_gaps=True)
    assert (account.made, account.quarantined, account.missing) == (4, 0, 2)
    assert account.gaps == ((2, 3),)


def test_an_invalid_number_is_not_believed(database: Database) -> None:
    """What breaks the contract raises nothing, and counts once the number was really reached."""
    register(database)
    intake = Intake(database)
    bad = [Rejected("invalid", "", b"{}", f"x{seq}", seq) for seq in (2, MAX_INTEGER)]
    intake.admit([delivery(rating(1), rejected=bad)])
    (account,) = completeness(database)
    assert (account.made, account.quarantined, account.missing) == (1, 0, 0)
    intake.admit([delivery(rating(3))])
    (account,) = completeness(database)
    assert (account.made, account.quarantined, account.missing) == (3, 1, 0)


def test_what_the_store_refuses_is_believed(database: Database) -> None:
    """A valid event's number was given out, whether its touchpoint is known or not."""
    register(database)
    Intake(database).admit([delivery(rating(5, touchpoint="cellar"))])
    (account,) = completeness(database)
    assert (account.made, account.quarantined, account.missing) == (5, 1, 4)


def test_rebuilding_takes_back_what_is_absurd(database: Database) -> None:
    """And keeps what a heartbeat once told of the last events of a dead device."""
    register(database)
    intake = Intake(database)
    other = "7" * 32
    intake.admit([delivery(rating(1), rating(1)), delivery(rating(1), stream=other)])
    beats = {Who("troyan", "kiosk-1"): (beat(6), NOON)}
    StatusWriter(database).write(Heard(heartbeats=beats))
    beats = {Who("troyan", "kiosk-1"): (beat(4, other), NOON)}
    StatusWriter(database).write(Heard(heartbeats=beats))
    before = completeness(database, with_gaps=True)
    assert [(each.made, each.clashes) for each in before] == [(6, 2), (4, 0)]
    rebuild(database)
    assert completeness(database, with_gaps=True) == before
    with database.transaction() as connection:
        wrong = update(table_of(Stream)).values(greatest_seq=MAX_INTEGER, clashes=9)
        connection.execute(wrong)
    rebuild(database)
    first, second = completeness(database)
    assert (first.made, first.clashes) == (1, 2)
    assert (second.made, second.clashes) == (4, 0)


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
