"""The collector's loop, over a virtual broker and real databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from broker.collector.collector import CLIENT_ID, MOST_PAUSE_S, SUBSCRIPTIONS, Collector
from broker.collector.receipts import receipts
from broker.intake.delivery import Outcome, Refused
from broker.link.faults import SimulatedClock
from broker.link.link import Message
from broker.link.virtual import VirtualLink
from broker.link.virtual_broker import VirtualBroker
from broker.store.database import Database
from broker.store.quarantine import list_entries
from broker.store.tables import DeviceStatus, Event, FeedbackTable, table_of
from broker.wire.codec import MAX_SENT_BYTES, read, write, write_batch
from broker.wire.events import AnyEvent
from broker.wire.messages import VERSION, Heartbeat, Receipt
from broker.wire.topics import topic
from tests.intake.making import NOON, SITE, STREAM, delivery, new_id, rating, register


class Hall:
    """A collector, its broker and two kiosks' links, in one simulated time."""

    def __init__(self, database: Database) -> None:
        """Connect everybody."""
        self.clock = SimulatedClock()
        self.broker = VirtualBroker(chance=Random(1), clock=self.clock)
        self.link = self._link(CLIENT_ID, subscriptions=SUBSCRIPTIONS, is_persistent=True)
        self.kiosk = self._link("kiosk-1", subscriptions=(("otziv/v1/+/+/receipts", 1),))
        self.collector = Collector(self.link, database, clock=self.now, monotonic=self.clock.now_s)
        self.run()
        self.kiosk.receive(0.1)

    def _link(self, name: str, **options: Any) -> VirtualLink:  # noqa: ANN401  # as the link's
        return VirtualLink(self.broker, name, chance=Random(2), most_wait_s=1.0, **options)

    def now(self) -> datetime:
        """The simulated time of day."""
        return NOON + timedelta(hours=1, seconds=self.clock.now_s())

    def send(self, *events: AnyEvent, device: str = "kiosk-1", stream: str = STREAM) -> None:
        """Publish a batch as a kiosk does."""
        self.say(topic(SITE, device, "events"), write_batch(stream, events))

    def say(self, where: str, payload: bytes, **options: bool) -> None:
        """Publish anything."""
        assert self.kiosk.publish(where, payload, **options)
        self.kiosk.receive(0.01)

    def run(self, seconds: float = 2.0) -> None:
        """Let the collector work for some time."""
        until_s = self.clock.now_s() + seconds
        while self.clock.now_s() < until_s:
            self.collector.step(0.25)

    def receipts(self) -> list[Receipt]:
        """What the kiosks were told meanwhile."""
        messages: list[Message] = []
        while found := self.kiosk.receive(0.1):
            messages += found
        return [read(message.payload, Receipt) for message in messages]

    def waiting(self) -> int:
        """Messages that the broker would deliver again to a new collector."""
        self.broker.cut(CLIENT_ID)
        messages: list[Message] = []
        for _ in range(20):
            messages += self.link.receive(0.25)
        return len(messages)


@pytest.fixture
def hall(database: Database) -> Hall:
    """A running collector over a registered database."""
    register(database)
    return Hall(database)


def stored(database: Database, model: type[FeedbackTable] = Event) -> list[Any]:
    """All rows of a table."""
    with database.reading() as connection:
        return list(connection.execute(select(table_of(model))).all())


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
