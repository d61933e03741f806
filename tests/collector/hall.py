"""A collector with its broker and two kiosks, in one simulated time."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from broker.collector.collector import CLIENT_ID, SUBSCRIPTIONS, Collector
from broker.collector.holding import MOST_HELD_BYTES
from broker.link.faults import SimulatedClock
from broker.link.link import Message
from broker.link.virtual import VirtualLink
from broker.link.virtual_broker import VirtualBroker
from broker.store.database import Database
from broker.store.tables import Event, FeedbackTable, table_of
from broker.wire.codec import read, write_batch
from broker.wire.events import AnyEvent
from broker.wire.messages import Receipt
from broker.wire.topics import topic
from tests.intake.making import NOON, SITE, STREAM


class Hall:
    """A collector, its broker and two kiosks' links, in one simulated time."""

    def __init__(self, database: Database, most_held_bytes: int = MOST_HELD_BYTES) -> None:
        """Connect everybody."""
        self.clock = SimulatedClock()
        self.broker = VirtualBroker(chance=Random(1), clock=self.clock)
        self.link = self._link(CLIENT_ID, subscriptions=SUBSCRIPTIONS, is_persistent=True)
        self.kiosk = self._link("kiosk-1", subscriptions=(("otziv/v1/+/+/receipts", 1),))
        self.collector = Collector(
            self.link,
            database,
            clock=self.now,
            monotonic=self.clock.now_s,
            most_held_bytes=most_held_bytes,
        )
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


def stored(database: Database, model: type[FeedbackTable] = Event) -> list[Any]:
    """All rows of a table."""
    with database.reading() as connection:
        return list(connection.execute(select(table_of(model))).all())
