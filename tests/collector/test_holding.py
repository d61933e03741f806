"""What the collector holds while the database is away."""

from __future__ import annotations

from datetime import timedelta

from broker.collector.holding import Arrival, Holding
from broker.link.link import Message
from tests.intake.making import NOON


def arrival(payload: bytes, token: int | None, minutes: int = 0) -> Arrival:
    """One that came some minutes past noon."""
    return Arrival(Message("a/b", payload, token=token), NOON + timedelta(minutes=minutes))


def test_the_same_again_is_held_once() -> None:
    """In its first place and with its first time; every mark is acknowledged, each once."""
    holding = Holding()
    for payload, token in ((b"one", 1), (b"two", 2), (b"one", 3), (b"one", 3), (b"one", None)):
        assert holding.hold(arrival(payload, token, minutes=token or 9))
    assert len(holding) == 2
    first, second = holding.portion(1000)
    assert (first.message.payload, first.at) == (b"one", NOON + timedelta(minutes=1))
    assert second.message.payload == b"two"
    assert [message.token for message in holding.let_go([first])] == [1, 3]
    assert [message.token for message in holding.let_go([second])] == [2]
    assert len(holding) == 0


def test_not_more_is_held_than_there_is_room_for() -> None:
    """The newest is turned away; what is held already takes no room again."""
    holding = Holding(most_bytes=10)
    assert holding.hold(arrival(b"x" * 10, 1))
    assert not holding.hold(arrival(b"y", 2))
    assert all(holding.hold(arrival(b"x" * 10, token)) for token in range(3, 100))
    holding.let_go(holding.portion(1))
    assert holding.hold(arrival(b"y", 2))
    holding.clear()
    assert holding.portion(1000) == []
    assert holding.hold(arrival(b"z" * 10, 4))


def test_a_portion_is_at_least_one() -> None:
    """However large it is; and no more than fit."""
    holding = Holding()
    for token, payload in enumerate((b"a" * 9, b"b" * 4, b"c" * 4, b"d")):
        holding.hold(arrival(payload, token))
    sizes = []
    while portion := holding.portion(8):
        sizes.append([len(each.message.payload) for each in portion])
        holding.let_go(portion)
    assert sizes == [[9], [4, 4], [1]]
