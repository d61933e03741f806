"""A kiosk that gets a bad configuration keeps the last good one, and says why in its heartbeat."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.link.mqtt import MqttLink
from broker.server.server import BrokerServer
from broker.wire.codec import read, write
from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION, Heartbeat
from kiosk.health import MAX_REFUSAL, Health
from kiosk.identity import Identity
from otziv.bench.fleet_kiosks import QuietKiosk
from tests.fixtures.brokers import nats_server
from tests.fixtures.links import PATIENCE_S, link_to, wait_for_connection
from tests.fleet.config_town import BAD_LANGUAGES, survey

__all__ = ["nats_server"]

IDENTITY = Identity("troyan", "kiosk-1")
GOOD = Configuration(v=VERSION, revision=4, touchpoint="desk-1", survey=survey())


def wait_for_beat(
    kiosk: QuietKiosk, peer: MqttLink, is_meant: Callable[[Heartbeat], bool]
) -> Heartbeat:
    """Let the kiosk go on until it sends such a heartbeat."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        kiosk.relay.step(0.02)
        for message in peer.receive(0.02):
            beat = read(message.payload, Heartbeat)
            if is_meant(beat):
                return beat
    raise AssertionError("no such heartbeat")


def test_the_last_good_one_stays_and_the_reason_is_told(
    tmp_path: Path, nats_server: BrokerServer
) -> None:
    """Sent past all verbs, over a real broker; a good one ends the refusal."""
    kiosk = QuietKiosk(nats_server.port, IDENTITY, tmp_path)
    heard = ((IDENTITY.topic("health"), 1),)
    with link_to(nats_server.port, "peer", subscriptions=heard) as peer:
        wait_for_connection(peer)
        wait_for_beat(kiosk, peer, lambda beat: beat.configuration == 0)

        def offer(configuration: Configuration) -> None:
            peer.publish(IDENTITY.topic("config"), write(configuration), retained=True)

        offer(GOOD)
        beat = wait_for_beat(kiosk, peer, lambda beat: beat.configuration == 4)
        assert (beat.refusal, beat.faults) == ("", ())
        offer(replace(GOOD, revision=5, languages=tuple(BAD_LANGUAGES)))
        beat = wait_for_beat(kiosk, peer, lambda beat: bool(beat.refusal))
        assert beat.configuration == 4
        assert beat.faults == ("configuration:refused",)
        assert beat.refusal.startswith("survey.questions[0].texts.tr: is missing; translate it")
        offer(replace(GOOD, revision=6))
        beat = wait_for_beat(kiosk, peer, lambda beat: beat.configuration == 6)
        assert (beat.refusal, beat.faults) == ("", ())
    kiosk.close()


@pytest.mark.parametrize("length", [MAX_REFUSAL, MAX_REFUSAL + 1, 10 * MAX_REFUSAL])
def test_a_reason_has_the_room_that_a_heartbeat_has(length: int) -> None:
    """A longer one is cut, and shows it."""
    health = Health()
    health.set_refusal("x" * length)
    said = health.refusal
    assert len(said) == MAX_REFUSAL
    assert said.endswith("…") == (length > MAX_REFUSAL)
