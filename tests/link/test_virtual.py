"""The virtual network's faults: each shows, each is counted, and a seed repeats them."""

from __future__ import annotations

from random import Random

import pytest

from broker.link.link import Message, Will
from broker.link.virtual import Faults, SimulatedClock, VirtualBroker, VirtualLink

MESSAGES = 1000


def payloads(messages: list[Message]) -> list[bytes]:
    """What was said."""
    return [message.payload for message in messages]


class World:
    """A broker on simulated time, a speaker, and a hearer of ``t``."""

    def __init__(self, seed: int = 1, **limits: int) -> None:
        """Connect both."""
        self.clock = SimulatedClock()
        self.broker = VirtualBroker(
            chance=Random(seed),
            clock=self.clock,
            queue_limit=limits.get("queue_limit", 100_000),
            max_in_flight=limits.get("max_in_flight", 10_000),
        )
        self.speaker = self.link("speaker", seed)
        self.hearer = self.link("hearer", seed, "t")
        self.speaker.receive(1)
        self.hearer.receive(1)

    def link(self, client_id: str, seed: int = 1, *filters: str) -> VirtualLink:
        """A link with a persistent session."""
        return VirtualLink(
            self.broker,
            client_id,
            subscriptions=tuple((wanted, 1) for wanted in filters),
            is_persistent=True,
            chance=Random(seed),
        )

    def say(self, count: int = MESSAGES) -> None:
        """Publish ``count`` numbered messages, one each millisecond."""
        for number in range(count):
            self.speaker.publish("t", b"%d" % number)
            self.clock.advance(0.001)

    def hear(self) -> list[int]:
        """All that comes within simulated minutes, as numbers; acknowledged."""
        found: list[Message] = []
        end_s = self.clock.now_s() + 180.0
        while self.clock.now_s() < end_s:
            some = self.hearer.receive(5.0, limit=10_000)
            self.hearer.acknowledge(some)
            found += some
        return [int(message.payload) for message in found]

    def hear_one(self) -> bytes:
        """The next payload; acknowledged."""
        (message,) = self.hearer.receive(1.0)
        self.hearer.acknowledge([message])
        return message.payload


def test_without_faults_everything_arrives_once_and_in_order() -> None:
    """The ground to compare with."""
    world = World()
    world.say()
    assert world.hear() == list(range(MESSAGES))


def test_dropping_loses_about_the_share_that_was_asked_for() -> None:
    """A tenth on the way up, and a tenth of the rest on the way down."""
    world = World()
    world.broker.faults.drop = 0.1
    world.say()
    assert len(world.hear()) == pytest.approx(MESSAGES * 0.81, rel=0.06)


def test_what_was_dropped_on_the_way_down_comes_after_a_reconnect() -> None:
    """The broker knows what was not acknowledged; what it never got is lost."""
    world = World()
    world.hearer.faults = Faults(drop=0.5)
    world.say(100)
    early = world.hear()
    assert 20 < len(early) < 80
    world.hearer.faults = None
    world.broker.cut("hearer")
    assert sorted(early + world.hear()) == list(range(100))


def test_duplicates_arrive_twice() -> None:
    """A quarter more each way, and nothing is missing."""
    world = World()
    world.broker.faults.duplicate = 0.25
    world.say()
    heard = world.hear()
    assert set(heard) == set(range(MESSAGES))
    assert len(heard) == pytest.approx(MESSAGES * 1.25**2, rel=0.06)


def test_delay_takes_time_and_keeps_the_order() -> None:
    """A slow network is a queue, not a lottery."""
    world = World()
    world.broker.faults.delay_s = (0.5, 2.0)
    world.say(100)
    began_s = world.clock.now_s()
    assert world.hearer.receive(0.0) == []
    assert world.hear() == list(range(100))
    assert world.clock.now_s() - began_s > 0.9


def test_reordering_lets_later_messages_pass() -> None:
    """All arrive, some of them late."""
    world = World()
    world.broker.faults.reorder = 0.1
    world.say()
    heard = world.hear()
    assert heard != sorted(heard)
    assert sorted(heard) == list(range(MESSAGES))


def test_the_same_seed_repeats_a_run_and_another_does_not() -> None:
    """A failure that a simulation finds can be looked at again."""

    def run(seed: int) -> list[int]:
        world = World(seed)
        world.broker.faults = Faults(drop=0.1, duplicate=0.1, reorder=0.1, delay_s=(0.0, 0.2))
        world.say(300)
        world.broker.cut()
        return world.hear()

    assert run(5) == run(5)
    assert run(5) != run(6)


def test_a_cut_loses_what_is_under_way_to_the_broker() -> None:
    """Bytes in a cable are nobody's."""
    world = World()
    world.broker.faults.delay_s = (1.0, 1.0)
    world.say(10)
    world.broker.cut("speaker")
    world.broker.faults.delay_s = (0.0, 0.0)
    assert world.hear() == []


def test_cutting_all_cuts_everyone_and_they_come_back() -> None:
    """A switch is restarted."""
    world = World()
    world.broker.cut()
    assert not world.hearer.is_connected
    assert not world.speaker.is_connected
    for link in (world.hearer, world.speaker):
        while not link.is_connected:
            link.receive(1.0)
        assert link.connections == 2


def test_amnesia_loses_sessions_queues_and_retained_messages() -> None:
    """A broker that lost its disk knows nobody, and says nothing about it."""
    world = World()
    world.speaker.publish("r", b"kept", retained=True)
    world.hearer.receive(0)
    world.broker.cut("hearer")
    world.say(10)
    world.broker.forget()
    assert world.hear() == []
    late = world.link("late", 1, "r")
    assert late.receive(1.0) == []


def test_a_full_queue_drops_in_silence() -> None:
    """As brokers do: the sender is told that all is well, and the counter knows better."""
    world = World(queue_limit=7)
    world.broker.cut("hearer")
    world.say(10)
    assert world.hear() == list(range(7))
    assert world.broker.dropped == 3


def test_no_more_is_in_flight_than_allowed() -> None:
    """The rest waits for acknowledgements."""
    world = World(max_in_flight=4)
    world.say(10)
    first = world.hearer.receive(1.0)
    assert payloads(first) == [b"0", b"1", b"2", b"3"]
    assert world.hearer.receive(1.0) == []
    world.hearer.acknowledge(first[:2])
    assert payloads(world.hearer.receive(1.0)) == [b"4", b"5"]


def test_receive_waits_by_the_clock_that_was_given() -> None:
    """Simulated minutes cost nothing."""
    world = World()
    began_s = world.clock.now_s()
    assert world.hearer.receive(600.0) == []
    assert world.clock.now_s() - began_s == pytest.approx(600.0)


def test_a_killed_broker_says_no_will_and_a_cut_one_does() -> None:
    """Why availability is a hint only."""
    world = World()
    device = VirtualLink(world.broker, "device", will=Will("t", b"-1"), chance=Random(1))
    device.receive(1.0)
    assert world.hear_one() == b"online"
    world.broker.cut("device")
    assert world.hear_one() == b"-1"
    while not device.is_connected:
        device.receive(1.0)
    assert world.hear_one() == b"online"
    world.broker.kill()
    world.broker.start()
    while not world.hearer.is_connected:
        assert b"-1" not in payloads(world.hearer.receive(1.0))
    assert b"-1" not in payloads(world.hearer.receive(60.0))


def test_a_broker_that_is_down_is_tried_with_growing_patience() -> None:
    """Attempts spread out, and the link comes up after the broker does."""
    world = World()
    world.broker.kill()
    world.hearer.receive(3600.0)
    world.hearer.receive(3600.0)
    assert not world.hearer.is_connected
    world.broker.start()
    world.hearer.receive(61.0)
    assert world.hearer.is_connected
