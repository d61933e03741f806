"""What every link does, over every broker: one suite."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from broker.link.link import MAX_PAYLOAD_BYTES, Link, LinkError, Message, Will
from tests.link.conftest import Network

PATIENCE_S = 20.0


def connected(link: Link) -> Link:
    """``link``, when it is connected; nothing may have come by then."""
    assert until(link, lambda _: link.is_connected) == []
    return link


def until(link: Link, is_enough: Callable[[list[Message]], bool]) -> list[Message]:
    """Receive until ``is_enough`` says so; all that came, not acknowledged."""
    found: list[Message] = []
    deadline = time.monotonic() + PATIENCE_S
    while not is_enough(found):
        assert time.monotonic() < deadline, f"still waiting, with {len(found)} messages"
        found += link.receive(0.1)
    return found


def receive(link: Link, count: int) -> list[Message]:
    """At least ``count`` messages."""
    return until(link, lambda found: len(found) >= count)


def send(link: Link, topic: str, *payloads: bytes, retained: bool = False) -> None:
    """Publish and push it out."""
    for payload in payloads:
        assert link.publish(topic, payload, retained=retained)
    link.receive(0)


def payloads(messages: list[Message]) -> list[bytes]:
    """What was said."""
    return [message.payload for message in messages]


def test_a_link_connects_at_its_first_receive(network: Network) -> None:
    """Nothing happens at construction; receive returns early when the connection is up."""
    link = network.link("one")
    assert (link.is_connected, link.connections) == (False, 0)
    assert link.receive(PATIENCE_S) == []
    assert (link.is_connected, link.connections) == (True, 1)


def test_a_message_reaches_its_subscriber_with_topic_and_payload(network: Network) -> None:
    """Wildcards hear every device; bytes arrive as they were sent."""
    hearer = connected(network.link("hearer", "otziv/v1/+/+/events"))
    speaker = connected(network.link("speaker"))
    sent = bytes(range(256))
    send(speaker, "otziv/v1/troyan/kiosk-1/events", sent)
    send(speaker, "otziv/v1/troyan/kiosk-1/health", b"not heard")
    (message,) = receive(hearer, 1)
    assert message.topic == "otziv/v1/troyan/kiosk-1/events"
    assert message.payload == sent
    assert not message.retained
    assert message.token is not None


def test_messages_of_one_sender_keep_their_order(network: Network) -> None:
    """A hundred messages arrive once each, in order."""
    hearer = connected(network.link("hearer", "t/#"))
    speaker = connected(network.link("speaker"))
    sent = [b"%d" % number for number in range(100)]
    send(speaker, "t/1", *sent)
    assert payloads(receive(hearer, 100)) == sent


def test_qos_0_has_no_token(network: Network) -> None:
    """A message that needs no acknowledgement has no mark, and acknowledging it is harmless."""
    hearer = connected(network.link("hearer", "t"))
    speaker = connected(network.link("speaker"))
    assert speaker.publish("t", b"now or never", qos=0)
    speaker.receive(0)
    (message,) = receive(hearer, 1)
    assert message.token is None
    hearer.acknowledge([message])


def test_receive_returns_at_most_the_limit_and_the_rest_later(network: Network) -> None:
    """``limit`` bounds one call; nothing beyond it is lost."""
    hearer = connected(network.link("hearer", "t"))
    speaker = connected(network.link("speaker"))
    sent = [b"%d" % number for number in range(25)]
    send(speaker, "t", *sent)
    found: list[Message] = []
    deadline = time.monotonic() + PATIENCE_S
    while len(found) < 25 and time.monotonic() < deadline:
        some = hearer.receive(0.1, limit=10)
        assert len(some) <= 10
        found += some
    assert payloads(found) == sent


def test_what_is_not_acknowledged_comes_again_after_a_cut(network: Network) -> None:
    """A persistent subscriber loses nothing that it did not acknowledge, and gets the rest once."""
    hearer = connected(network.link("hearer", "t", is_persistent=True))
    speaker = connected(network.link("speaker"))
    send(speaker, "t", b"kept", b"lost in a crash")
    first, _ = receive(hearer, 2)
    hearer.acknowledge([first])
    hearer.receive(0)
    time.sleep(0.2)  # the acknowledgement passes the network before it is cut
    network.cut("hearer")
    assert payloads(receive(hearer, 1)) == [b"lost in a crash"]
    assert hearer.connections == 2


def test_acknowledgements_of_an_earlier_connection_are_left_out(network: Network) -> None:
    """A stale token acknowledges nothing, though its number may be in use again."""
    hearer = connected(network.link("hearer", "t", is_persistent=True))
    speaker = connected(network.link("speaker"))
    send(speaker, "t", b"one")
    stale = receive(hearer, 1)
    network.cut("hearer")
    assert payloads(receive(hearer, 1)) == [b"one"]
    hearer.acknowledge(stale)
    hearer.receive(0)
    time.sleep(0.2)  # were an acknowledgement sent, it would pass now
    network.cut("hearer")
    assert payloads(receive(hearer, 1)) == [b"one"]


def test_a_session_outlives_its_client(network: Network) -> None:
    """What was said while a persistent subscriber was gone reaches its successor."""
    connected(network.link("hearer", "t", is_persistent=True)).close()
    send(connected(network.link("speaker")), "t", b"while you were out")
    successor = network.link("hearer", "t", is_persistent=True)
    assert payloads(receive(successor, 1)) == [b"while you were out"]


def test_a_clean_session_forgets(network: Network) -> None:
    """Without persistence nothing waits."""
    connected(network.link("hearer", "t")).close()
    speaker = connected(network.link("speaker"))
    send(speaker, "t", b"unheard")
    hearer = connected(network.link("hearer", "t"))
    send(speaker, "t", b"heard")
    assert payloads(receive(hearer, 1)) == [b"heard"]


def test_retained_messages_greet_a_new_subscriber(network: Network) -> None:
    """The last retained message comes at once and is marked; an empty one takes it away."""
    speaker = connected(network.link("speaker"))
    send(speaker, "t/config", b"old", retained=True)
    send(speaker, "t/config", b"new", retained=True)
    early = network.link("early", "t/+")
    (message,) = receive(early, 1)
    assert (message.payload, message.retained) == (b"new", True)
    send(speaker, "t/config", b"", retained=True)
    receive(early, 1)
    late = network.link("late", "t/+")
    assert until(late, lambda _: late.is_connected) == []
    assert late.receive(0.3) == []


def test_a_will_is_published_when_its_client_vanishes(network: Network) -> None:
    """``online`` while connected, ``offline`` after a cut without good-bye."""
    watcher = connected(network.link("watcher", "a/+"))
    device = connected(network.link("device", will=Will("a/device", b"offline")))
    assert payloads(receive(watcher, 1)) == [b"online"]
    network.cut("device")
    assert payloads(receive(watcher, 1)) == [b"offline"]
    until(device, lambda _: device.connections == 2)
    assert payloads(receive(watcher, 1)) == [b"online"]


def test_closing_says_offline_and_keeps_it(network: Network) -> None:
    """A good-bye is said, retained, and once only."""
    watcher = connected(network.link("watcher", "a/+"))
    device = connected(network.link("device", will=Will("a/device", b"offline")))
    receive(watcher, 1)
    device.close()
    assert payloads(receive(watcher, 1)) == [b"offline"]
    assert watcher.receive(0.3) == []
    (kept,) = receive(network.link("late", "a/+"), 1)
    assert (kept.payload, kept.retained) == (b"offline", True)


def test_a_second_client_takes_the_session_over(network: Network) -> None:
    """The first one is disconnected and says so; the second hears what is said."""
    first = connected(network.link("twin", "t", is_persistent=True))
    second = connected(network.link("twin", "t", is_persistent=True))
    until_lost = time.monotonic() + PATIENCE_S
    while first.is_connected and time.monotonic() < until_lost:
        first.receive(0)
        time.sleep(0.005)
    assert not first.is_connected
    first.close()
    send(connected(network.link("speaker")), "t", b"to the second")
    until(second, lambda found: b"to the second" in payloads(found))


def test_a_link_comes_back_after_the_broker_was_killed(network: Network) -> None:
    """It notices, refuses to publish, tries again, and subscribes anew."""
    hearer = connected(network.link("hearer", "t"))
    speaker = connected(network.link("speaker"))
    network.kill()
    for link in (hearer, speaker):
        until(link, lambda _, link=link: not link.is_connected)  # type: ignore[misc]  # a default
    assert not speaker.publish("t", b"dropped")
    network.start()
    for link in (hearer, speaker):
        until(link, lambda _, link=link: link.connections == 2)  # type: ignore[misc]  # a default
    send(speaker, "t", b"back")
    assert payloads(receive(hearer, 1)) == [b"back"]


def test_publishing_without_a_connection_drops_the_message(network: Network) -> None:
    """``False`` means dropped: it doesn't arrive later."""
    speaker = network.link("speaker")
    assert not speaker.publish("t", b"too early")
    hearer = connected(network.link("hearer", "t", is_persistent=True))
    connected(speaker)
    send(speaker, "t", b"in time")
    assert payloads(receive(hearer, 1)) == [b"in time"]
    assert hearer.receive(0.2) == []


def test_a_message_above_the_limit_is_refused_by_the_sender(network: Network) -> None:
    """One byte too many is an error; the limit itself arrives, and the line goes on."""
    hearer = connected(network.link("hearer", "t"))
    speaker = connected(network.link("speaker"))
    with pytest.raises(LinkError, match="above the limit"):
        speaker.publish("t", bytes(MAX_PAYLOAD_BYTES + 1))
    send(speaker, "t", bytes(MAX_PAYLOAD_BYTES), b"next")
    deadline = time.monotonic() + PATIENCE_S
    found: list[Message] = []
    while len(found) < 2 and time.monotonic() < deadline:
        speaker.receive(0.01)
        found += hearer.receive(0.05)
    assert [len(message.payload) for message in found] == [MAX_PAYLOAD_BYTES, 4]


@pytest.mark.parametrize("topic", ["", "a/+", "a/#"])
def test_a_topic_with_wildcards_is_refused(network: Network, topic: str) -> None:
    """Nobody can publish to a filter."""
    with pytest.raises(LinkError, match="cannot publish"):
        connected(network.link("speaker")).publish(topic, b"x")


@pytest.mark.parametrize("wanted", ["", "a+/b", "a/#/b", "a#"])
def test_a_filter_that_no_broker_understands_is_refused(network: Network, wanted: str) -> None:
    """At construction, not at the first connection."""
    with pytest.raises(LinkError, match="cannot subscribe"):
        network.link("hearer", wanted)


def test_wake_ends_a_running_receive_from_another_thread(network: Network) -> None:
    """A relay that waits for the network can be told that there is something to send."""
    link = connected(network.link("one"))
    timer = threading.Timer(0.1, link.wake)
    timer.start()
    began = time.monotonic()
    assert link.receive(PATIENCE_S) == []
    assert time.monotonic() - began < PATIENCE_S / 2
    timer.join()


def test_wake_before_receive_is_not_forgotten(network: Network) -> None:
    """The next receive returns at once, and the one after it waits again."""
    link = connected(network.link("one"))
    link.receive(0.1)
    link.wake()
    began = time.monotonic()
    link.receive(PATIENCE_S)
    assert time.monotonic() - began < PATIENCE_S / 2
    link.receive(0.2)
    assert time.monotonic() - began > 0.15


def test_closing_twice_is_harmless_and_receiving_after_it_an_error(network: Network) -> None:
    """A closed link stays closed, and waking it does nothing."""
    link = connected(network.link("one"))
    link.close()
    link.close()
    link.wake()
    assert not link.is_connected
    assert not link.publish("t", b"x")
    with pytest.raises(LinkError, match="closed"):
        link.receive(0)


def test_closing_an_unconnected_link_is_quick(network: Network) -> None:
    """No broker, no good-bye."""
    network.kill()
    link = network.link("one", will=Will("a/one", b"offline"))
    link.receive(0.1)
    began = time.monotonic()
    link.close()
    assert time.monotonic() - began < PATIENCE_S / 2
