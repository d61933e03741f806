"""A kiosk's relay, a broker and a collector in simulated time."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from broker.link.virtual import SimulatedClock, VirtualBroker, VirtualLink
from broker.wire.codec import read_batch, write
from broker.wire.events import AnyEvent
from broker.wire.messages import VERSION, Quarantined, Receipt
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import Reading
from kiosk.identity import Identity
from kiosk.outbox import Entry, Outbox
from kiosk.pace import Pace, PaceSettings
from kiosk.relay import Relay
from tests.kiosk.builders import BOOT, NOW_MS, draft

IDENTITY = Identity("troyan", "kiosk-1")


@dataclass
class NetworkClock:
    """A kiosk's clock that goes with the simulated network's."""

    network: SimulatedClock
    is_synced: bool = True
    boot: str = BOOT

    def uptime_ms(self) -> int:
        """Milliseconds since the boot."""
        return int(self.network.now_s() * 1000)

    def read(self) -> Reading:
        """Uptime, and a wall time that is right."""
        return Reading(self.boot, self.uptime_ms(), NOW_MS + self.uptime_ms(), self.is_synced)


@dataclass
class Collector:
    """A tiny peer: keeps what it gets, and gives receipts as told.

    Attributes:
        stored: events by id.
        batches: how many events each batch had.
        streams: whose events they were.
        is_silent: whether it keeps quiet.
        refused: ids that it puts in quarantine.
        share: of each batch, how much of it a receipt names.
    """

    link: VirtualLink
    stored: dict[str, AnyEvent] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    is_silent: bool = False
    refused: set[str] = field(default_factory=set)
    share: float = 1.0

    def step(self) -> None:
        """Take what has come, and give receipts for it."""
        messages = self.link.receive(0.0)
        for message in messages:
            reading = read_batch(message.payload)
            assert not reading.rejected
            assert reading.stream is not None
            self.batches.append(len(reading.events))
            self.streams.append(reading.stream)
            self.stored |= {event.id: event for event in reading.events}
            if not self.is_silent:
                self.give(reading.stream, [event.id for event in reading.events])
        self.link.acknowledge(messages)

    def give(self, stream: str, ids: list[str]) -> None:
        """Give a receipt."""
        named = ids[: max(1, int(len(ids) * self.share))]
        receipt = Receipt(
            v=VERSION,
            stream=stream,
            accepted=[name for name in named if name not in self.refused],
            quarantined=[
                Quarantined(id=name, reason="unknown-touchpoint")
                for name in named
                if name in self.refused
            ],
        )
        self.link.publish(IDENTITY.topic("receipts"), write(receipt))


class World:
    """A kiosk, a broker and a collector in simulated time."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.time = SimulatedClock(1_000.0)
        self.broker = VirtualBroker(chance=Random(1), clock=self.time)
        self.clock = NetworkClock(self.time)
        self.outbox = Outbox(folder / "outbox.db")
        self.backlog = Backlog(folder / "outbox.db", Ballast(folder / "ballast"))
        stack.callback(self.outbox.close)
        stack.callback(self.backlog.close)
        self.link = VirtualLink(
            self.broker, "kiosk", subscriptions=IDENTITY.subscriptions(), chance=Random(2)
        )
        pace = Pace(PaceSettings(), Random(3))
        self.relay = Relay(self.link, self.backlog, IDENTITY, self.clock, pace)
        self.collector = Collector(
            VirtualLink(
                self.broker,
                "collector",
                subscriptions=((IDENTITY.topic("events"), 1),),
                is_persistent=True,
                chance=Random(4),
            )
        )
        self.collector.step()
        self.relay.step(0.0)

    def add(self, *numbers: int) -> None:
        """Commit events."""
        self.outbox.add(Entry(draft(n, self.clock.uptime_ms()), self.clock.read()) for n in numbers)

    def run(self, seconds: float, step_s: float = 0.1) -> None:
        """Let both go on."""
        end_s = self.time.now_s() + seconds
        while self.time.now_s() < end_s:
            self.relay.step(0.0)
            self.collector.step()
            self.time.advance(step_s)

    def run_until_empty(self, most_s: float) -> None:
        """Let both go on until nothing waits."""
        end_s = self.time.now_s() + most_s
        while self.waiting and self.time.now_s() < end_s:
            self.run(0.1)
        assert self.waiting == 0

    @property
    def waiting(self) -> int:
        """How many events have no receipt."""
        return self.backlog.counts().waiting
