"""The collector's loop, over a virtual broker and real databases."""

from __future__ import annotations

import msgspec
import pytest
from structlog.testing import capture_logs

from broker.collector.collector import CLIENT_ID, MOST_PAUSE_S
from broker.collector.receipts import receipts
from broker.intake.delivery import Outcome, Refused
from broker.store.database import Database
from broker.store.quarantine import list_entries
from broker.store.tables import DeviceStatus
from broker.wire.codec import MAX_SENT_BYTES, write, write_batch
from broker.wire.messages import VERSION, Heartbeat, Receipt
from broker.wire.topics import topic
from tests.collector.hall import Hall, stored
from tests.intake.making import NOON, SITE, STREAM, delivery, new_id, rating, register


def test_a_batch_is_stored_receipted_and_acknowledged(database: Database, hall: Hall) -> None:
    """The receipt names every event, and the broker keeps nothing."""
    good, bad = rating(1), rating(2, touchpoint="cellar")
    hall.send(good, bad)
    hall.run()
    accepted, quarantined = hall.receipts()
    assert (accepted.stream, accepted.accepted) == (STREAM, [good.id])
    assert [(q.id, q.reason) for q in quarantined.quarantined] == [(bad.id, "unknown-touchpoint")]
    assert [row.id for row in stored(database)] == [good.id]
    assert hall.waiting() == 0


def test_one_receipt_a_device_and_stream(database: Database, hall: Hall) -> None:
    """Messages that wait together are committed together, and answered together."""
    for seq in range(1, 6):
        hall.send(rating(seq))
        hall.send(rating(seq), device="kiosk-2", stream="6" * 32)
    hall.run()
    assert sorted(len(receipt.accepted) for receipt in hall.receipts()) == [5, 5]
    assert len(stored(database)) == 10


def test_a_sent_again_batch_is_accepted_again(database: Database, hall: Hall) -> None:
    """A kiosk whose receipt was lost gets another one."""
    event = rating(1)
    for _ in range(3):
        hall.send(event)
        hall.run()
        assert [receipt.accepted for receipt in hall.receipts()] == [[event.id]]
    assert len(stored(database)) == 1


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"v":9}', b"null", b"online", b"\x00" * 9]
)
def test_a_poison_message_stops_nobody(database: Database, hall: Hall, payload: bytes) -> None:
    """It is kept, acknowledged and gets no receipt; the next one is served."""
    hall.say(topic(SITE, "kiosk-1", "events"), payload)
    hall.send(rating(1))
    hall.run()
    assert len(hall.receipts()) == 1
    (entry,) = list_entries(database)
    assert entry.payload == payload
    assert hall.waiting() == 0


def test_a_foreign_topic_is_kept(database: Database, hall: Hall) -> None:
    """What comes where no device may speak has nobody to be answered."""
    hall.say("otziv/v1/Troyan/kiosk 1/events", write_batch(STREAM, [rating(1)]))
    hall.run()
    assert [entry.reason for entry in list_entries(database)] == ["bad-topic"]
    assert hall.receipts() == []


def test_nothing_is_acknowledged_while_the_database_is_away(database: Database, hall: Hall) -> None:
    """Messages are kept, tried again with growing pauses, and served when it is back."""
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE meta RENAME TO gone")
    hall.send(rating(1))
    hall.run(5.0)
    hall.send(rating(2))
    hall.run(5.0)
    assert hall.receipts() == []
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO meta")
    hall.run(2 * MOST_PAUSE_S)
    assert sorted(len(receipt.accepted) for receipt in hall.receipts()) == [2]
    assert [row.seq for row in stored(database)] == [1, 2]
    assert list_entries(database) == []
    assert hall.waiting() == 0


def test_a_collector_that_dies_before_it_acknowledges_loses_nothing(
    database: Database, hall: Hall
) -> None:
    """The broker delivers again, and nothing is stored twice."""
    hall.send(rating(1), rating(2))
    hall.link.receive(0.25)
    hall.broker.cut(CLIENT_ID)
    hall.run()
    hall.broker.cut(CLIENT_ID)
    hall.run()
    assert len(stored(database)) == 2
    assert [len(receipt.accepted) for receipt in hall.receipts()] == [2]


def test_what_comes_again_and_again_is_held_once(database: Database, hall: Hall) -> None:
    """A kiosk without a receipt sends the same; it is stored once, and all are acknowledged."""
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE meta RENAME TO gone")
    event = rating(1)
    with capture_logs() as logs:
        for _ in range(20):
            hall.send(event)
            hall.run(4.0)
    assert {log["held"] for log in logs if log["event"] == "not-stored"} == {1}
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO meta")
    hall.run(2 * MOST_PAUSE_S)
    assert [receipt.accepted for receipt in hall.receipts()] == [[event.id]]
    assert hall.waiting() == 0


def test_memory_is_bounded_while_the_database_is_away(database: Database) -> None:
    """What is above is left to the broker, said once, and lost nowhere."""
    register(database)
    hall = Hall(database, most_held_bytes=2_000)
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE meta RENAME TO gone")
    with capture_logs() as logs:
        for seq in range(1, 21):
            hall.send(rating(seq))
            hall.run(1.0)
    assert [log["event"] for log in logs].count("too-much-held") == 1
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO meta")
    hall.run(2 * MOST_PAUSE_S)
    assert 0 < len(stored(database)) < 20
    hall.broker.cut(CLIENT_ID)
    hall.run(5.0)
    assert sorted(row.seq for row in stored(database)) == list(range(1, 21))
    assert hall.waiting() == 0


def test_what_was_held_is_forgotten_when_the_connection_breaks(
    database: Database, hall: Hall
) -> None:
    """The broker delivers it again, so that holding it would double it."""
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE meta RENAME TO gone")
    for seq in range(1, 4):
        hall.send(rating(seq))
    hall.run()
    hall.broker.cut(CLIENT_ID)
    hall.run(5.0)
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO meta")
    hall.run(2 * MOST_PAUSE_S)
    assert sum(len(receipt.accepted) for receipt in hall.receipts()) == 3
    assert hall.waiting() == 0


def test_health_and_availability_are_kept(database: Database, hall: Hall) -> None:
    """Strangers' too; what can't be read is a line in the log."""
    beat = Heartbeat(
        v=VERSION,
        sent_at=NOON,
        clock="synced",
        boot="b" * 8,
        uptime_ms=1,
        stream=STREAM,
        last_seq=9,
        waiting=2,
        version="1",
    )
    hall.say(topic(SITE, "kiosk-1", "health"), write(beat))
    hall.say(topic(SITE, "kiosk-1", "availability"), b"online", retained=True)
    hall.say(topic(SITE, "stranger", "availability"), b"offline", retained=True)
    hall.say(topic(SITE, "kiosk-2", "health"), b"nonsense")
    hall.run(12.0)
    found = {row.device: row for row in stored(database, DeviceStatus)}
    assert set(found) == {"kiosk-1", "stranger"}
    assert (found["kiosk-1"].availability, found["kiosk-1"].last_seq) == ("online", 9)
    assert found["stranger"].availability == "offline"
    assert list_entries(database) == []


def test_receipts_stay_within_the_wires_limit(hall: Hall) -> None:
    """A large commit is answered in several receipts, each small enough to be sent."""
    ids = [new_id() for _ in range(9_000)]
    odd = [Refused("\x01" * 64, 1, b"", None, "unknown-touchpoint", "") for _ in range(900)]
    letters = list(receipts([delivery()], [Outcome(ids, odd)]))
    assert all(len(letter.payload) <= MAX_SENT_BYTES for letter in letters)
    told = [msgspec.json.decode(letter.payload, type=Receipt) for letter in letters]
    assert [event_id for receipt in told for event_id in receipt.accepted] == ids
    assert sum(len(receipt.quarantined) for receipt in told) == 900
    assert hall.receipts() == []
