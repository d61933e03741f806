"""The keeper's loop: everybody hears, everybody has a turn, and one's fault is no other's."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from broker.fleet.keeper import SUBSCRIPTIONS, Keeper
from broker.fleet.orders import Orders, ask, outcome
from broker.link.faults import SimulatedClock
from broker.link.link import Message
from broker.link.virtual import VirtualLink
from broker.link.virtual_broker import VirtualBroker
from broker.server.server import BrokerServer
from broker.store.errors import UnavailableError
from broker.store.migrate import open_database
from broker.store.status import Heard, StatusWriter, Who
from broker.wire.codec import read, write
from broker.wire.messages import VERSION, Command, Heartbeat, Reply
from broker.wire.topics import Topic, topic
from tests.fixtures.brokers import broker_server
from tests.fixtures.links import PATIENCE_S, link_to, wait_for_connection
from tests.intake.making import NOON, SITE, register

__all__ = ["broker_server"]


class Diary:
    """A chore that notes what it is told, and fails when it is asked to."""

    def __init__(self) -> None:
        self.connections = 0
        self.heard: list[tuple[Topic, bytes]] = []
        self.turns: list[datetime] = []
        self.fault: Exception | None = None

    def connected(self) -> None:
        """Note it."""
        self.connections += 1

    def take(self, topic: Topic, message: Message) -> None:
        """Note it, or fail."""
        if self.fault is not None:
            raise self.fault
        self.heard.append((topic, message.payload))

    def attend(self, now: datetime) -> None:
        """Note it, or fail."""
        self.turns.append(now)
        if self.fault is not None:
            raise self.fault


class Room:
    """A keeper of two chores on a virtual broker."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.broker = VirtualBroker(chance=Random(1), clock=self.clock)
        link = VirtualLink(self.broker, "fleet", subscriptions=SUBSCRIPTIONS, chance=Random(2))
        self.kiosk = VirtualLink(self.broker, "kiosk", chance=Random(3))
        self.first, self.second = Diary(), Diary()
        self.keeper = Keeper(link, [self.first, self.second], self.now)
        self.live(1)

    def now(self) -> datetime:
        """The simulated time of day."""
        return NOON + timedelta(seconds=self.clock.now_s())

    def live(self, seconds: float) -> None:
        """Let time pass."""
        until_s = self.clock.now_s() + seconds
        while self.clock.now_s() < until_s:
            self.keeper.step(0.25)
            self.kiosk.receive(0)

    def say(self, where: str, payload: bytes) -> None:
        """A device says something."""
        assert self.kiosk.publish(where, payload)
        self.live(1)


def test_every_chore_hears_what_devices_say() -> None:
    """Replies and availability, parsed; what is no topic of ours stops nobody."""
    room = Room()
    room.say(topic(SITE, "kiosk-1", "availability"), b"online")
    room.say("otziv/v1/BAD SITE/x/replies", b"{}")
    room.say(topic(SITE, "kiosk-1", "replies"), b"{}")
    for chore in (room.first, room.second):
        assert [(where.device, where.channel) for where, _ in chore.heard] == [
            ("kiosk-1", "availability"),
            ("kiosk-1", "replies"),
        ]


def test_each_new_connection_is_told() -> None:
    """Once at the start, and again after a break."""
    room = Room()
    room.broker.cut("fleet")
    room.live(5)
    assert (room.first.connections, room.second.connections) == (2, 2)


@pytest.mark.parametrize("fault", [UnavailableError("away"), ValueError("ours")])
def test_a_chore_that_fails_is_tried_again_with_pauses(fault: Exception) -> None:
    """The other one has all its turns meanwhile; afterwards both have."""
    room = Room()
    room.first.fault = fault
    before = len(room.first.turns)
    room.live(60)
    assert len(room.first.turns) - before < 10
    assert len(room.second.turns) > 200
    room.say(topic(SITE, "kiosk-1", "replies"), b"{}")
    assert len(room.second.heard) == 1
    room.first.fault = None
    room.live(60)
    assert room.now() - room.first.turns[-1] < timedelta(seconds=1)


def test_an_order_over_a_real_broker(broker_server: BrokerServer, tmp_path: Path) -> None:
    """Asked, heard by the device, answered, told: over NATS and Mosquitto."""
    database = open_database(f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    register(database)
    commands, replies = (topic(SITE, "kiosk-1", each) for each in ("commands", "replies"))
    port = broker_server.port
    with (
        link_to(port, "fleet", subscriptions=SUBSCRIPTIONS) as link,
        link_to(port, "troyan/kiosk-1", subscriptions=((commands, 0),)) as kiosk,
    ):
        wait_for_connection(link)
        wait_for_connection(kiosk)
        keeper = Keeper(link, [Orders(database, link)])
        say_online(StatusWriter(database))
        order = ask(database, "kiosk-1", "ping", {}, datetime.now(UTC))
        deadline = time.monotonic() + PATIENCE_S
        while not outcome(database, order, datetime.now(UTC)).is_over:
            assert time.monotonic() < deadline, "no answer"
            keeper.step(0.05)
            for message in kiosk.receive(0.05):
                command = read(message.payload, Command)
                kiosk.publish(replies, write(Reply(v=VERSION, command=command.id, ok=True)))
    assert outcome(database, order, datetime.now(UTC)).state == "done"
    database.close()


def say_online(writer: StatusWriter) -> None:
    """The collector wrote down that ``kiosk-1`` is online."""
    who, now = Who(SITE, "kiosk-1"), datetime.now(UTC)
    beat = Heartbeat(
        v=VERSION,
        sent_at=now,
        clock="synced",
        boot="b" * 8,
        uptime_ms=1,
        stream="5" * 32,
        last_seq=0,
        waiting=0,
        version="1",
    )
    writer.write(Heard({who: now}, {who: ("online", now)}, {who: (beat, now)}))
