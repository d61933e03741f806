"""What devices say of themselves is written apart from votes, and never in their way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.errors import UnavailableError
from broker.store.status import Heard, StatusWriter
from broker.store.tables import DeviceStatus
from broker.wire.codec import write
from broker.wire.events import Clock
from broker.wire.messages import VERSION, Heartbeat
from broker.wire.topics import topic
from tests.collector.hall import Hall, stored
from tests.intake.making import NOON, SITE, STREAM, rating

_SQLITE = """
CREATE TRIGGER poison BEFORE INSERT ON device_status WHEN NEW.version = 'poison'
BEGIN SELECT RAISE(ABORT, 'poison'); END
"""
_POSTGRES = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version = 'poison' THEN RAISE EXCEPTION 'poison'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER poison BEFORE INSERT ON device_status FOR EACH ROW EXECUTE FUNCTION poison();
"""


def beat(sent_at: datetime = NOON, clock: Clock = "synced", version: str = "1") -> bytes:
    """A heartbeat."""
    return write(
        Heartbeat(
            v=VERSION,
            sent_at=sent_at,
            clock=clock,
            boot="b" * 8,
            uptime_ms=1,
            stream=STREAM,
            last_seq=9,
            waiting=2,
            version=version,
        )
    )


def test_a_poisonous_heartbeat_stops_no_votes(database: Database, hall: Hall) -> None:
    """What was heard is dropped, votes are answered without a pause, and others are heard."""
    with database.transaction() as connection:
        connection.exec_driver_sql(_SQLITE if database.dialect == "sqlite" else _POSTGRES)
    with capture_logs() as logs:
        for seq in (1, 2):
            hall.say(topic(SITE, "kiosk-1", "health"), beat(version="poison"))
            hall.send(rating(seq))
            hall.run(6.0)
            assert [len(receipt.accepted) for receipt in hall.receipts()] == [1]
    assert {log["event"] for log in logs} == {"status-dropped"}
    hall.say(topic(SITE, "kiosk-2", "health"), beat())
    hall.run(6.0)
    assert [row.device for row in stored(database, DeviceStatus)] == ["kiosk-2"]


def test_what_was_heard_waits_for_the_database(
    database: Database, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written when the database is back, and votes don't wait for it."""

    def be_away(_writer: StatusWriter, _heard: Heard) -> None:
        raise UnavailableError("locked")

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(StatusWriter, "write", be_away)
        hall.say(topic(SITE, "kiosk-1", "availability"), b"online", retained=True)
        hall.run(6.0)
        hall.send(rating(1))
        hall.run()
    assert len(hall.receipts()) == 1
    assert {log["event"] for log in logs} == {"status-not-written"}
    hall.run(6.0)
    (row,) = stored(database, DeviceStatus)
    assert row.availability == "online"


@pytest.mark.parametrize(
    ("clock", "late"), [("synced", True), ("estimated", False), ("unknown", False)]
)
def test_a_late_heartbeat_is_dated_when_it_was_sent(
    database: Database, hall: Hall, clock: Clock, late: bool
) -> None:
    """Where its clock can be trusted: a dead device must not look alive for what had to wait."""
    hall.say(topic(SITE, "kiosk-1", "health"), beat(sent_at=NOON, clock=clock))
    hall.run(6.0)
    (row,) = stored(database, DeviceStatus)
    expected = NOON if late else NOON + timedelta(hours=1)
    assert abs(row.heartbeat_at - expected) < timedelta(minutes=1)
    assert row.last_seen_at == row.heartbeat_at


def test_a_clock_ahead_is_no_future(database: Database, hall: Hall) -> None:
    """Nothing was heard later than it arrived."""
    hall.say(topic(SITE, "kiosk-1", "health"), beat(sent_at=NOON + timedelta(days=1)))
    hall.run(6.0)
    (row,) = stored(database, DeviceStatus)
    assert row.heartbeat_at < NOON + timedelta(hours=2)


def test_a_moved_and_a_copied_card_are_told(database: Database, hall: Hall) -> None:
    """A line of the log for each device, stream and reason; nothing when it is sent again."""
    copied = [rating(1), rating(1)]
    hall.send(*copied)
    hall.run()
    with capture_logs() as logs:
        hall.send(*copied)
        theirs = [rating(seq, touchpoint="hall-desk-2") for seq in (2, 3, 3)]
        hall.send(*theirs[:2], device="kiosk-2")
        hall.send(theirs[2], device="kiosk-2")
        hall.run()
    told = {(log["event"], log["device"], log["stream"], log["events"]) for log in logs}
    assert told == {
        ("foreign-stream", "kiosk-2", STREAM, 3),
        ("seq-clash", "kiosk-2", STREAM, 2),
    }
    assert {log["log_level"] for log in logs} == {"warning"}
    (account,) = completeness(database)
    assert account.clashes == 4
