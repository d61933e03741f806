"""NATS asks our responder about each client: what becomes of it when the responder can't answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

import pytest

from broker.fleet.callout_answers import QuestionError, read_question
from broker.fleet.callout_keys import callout_keys
from broker.fleet.errors import FleetError
from broker.fleet.knock import knock
from broker.link.mqtt import MqttLink, MqttSettings
from broker.link.tls import client_context
from broker.link.virtual import SimulatedClock
from broker.server.process import LOOPBACK
from broker.wire.topics import filter_all
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.identity import Identity
from kiosk.outbox import Entry, Outbox
from kiosk.pace import Pace, PaceSettings
from kiosk.relay import Relay
from tests.fleet.secure_hall import SITE, SecureHall, wait_until
from tests.fleet.strangers import not_recorded
from tests.kiosk.builders import draft
from tests.kiosk.network import NetworkClock

NAME = f"{SITE}/hall-1"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureHall]:
    """A secure NATS."""
    with SecureHall("nats", tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture
def hall(running: SecureHall) -> Iterator[SecureHall]:
    """The same, with nobody connected."""
    yield running
    running.leave_all()


def test_while_the_responder_is_down_nobody_new_comes_in(hall: SecureHall) -> None:
    """Who is connected stays and is heard; afterwards everybody comes in again."""
    collector = hall.guest("collector").hear(filter_all("events"))
    device = hall.guest(NAME)
    hall.stop_callout()
    assert knock(hall.door, f"{SITE}/hall-2", hall.identity(f"{SITE}/hall-2")) == "refused"
    device.say(f"otziv/v1/{NAME}/events", b"a press")
    collector.wait_for(b"a press")
    hall.start_callout()
    assert knock(hall.door, f"{SITE}/hall-2", hall.identity(f"{SITE}/hall-2")) == "let in"


def test_the_responder_outlives_the_broker(hall: SecureHall) -> None:
    """A broker that was killed and started again is answered as before."""
    hall.server.kill()
    hall.server.start()
    hall.server.wait_until_ready()
    wait_until(lambda: knock(hall.door, NAME, hall.identity(NAME)) == "let in", "it is answered")


def test_without_the_records_nobody_new_comes_in(hall: SecureHall) -> None:
    """A database that does not answer lets nobody in, and the log says why."""
    path = hall.folder / "feedback.sqlite3"
    identity = hall.identity(NAME)
    away = path.rename(path.with_suffix(".away"))
    assert knock(hall.door, NAME, identity) == "refused"
    assert "database-does-not-answer" in (hall.folder / "callout.log").read_text()
    path.unlink(missing_ok=True)
    away.rename(path)
    assert knock(hall.door, NAME, identity) == "let in"


def test_a_certificate_without_a_record_is_a_strangers(hall: SecureHall) -> None:
    """The authority's signature is not enough: the serial must be in our records."""
    assert knock(hall.door, NAME, not_recorded(hall, NAME)) == "refused"


def test_kiosks_keep_their_outbox_meanwhile(hall: SecureHall, tmp_path: Path) -> None:
    """A press during the responder's absence is sent when it is back, and none is lost."""
    identity, clock = Identity(SITE, "hall-1"), NetworkClock(SimulatedClock(1_000.0))
    settings = MqttSettings(
        host=LOOPBACK,
        port=hall.server.port,
        client_id=identity.client_id,
        subscriptions=identity.subscriptions(),
        tls=client_context(hall.authority.trust_path, hall.identity(NAME)),
        most_wait_s=0.2,
    )
    hall.stop_callout()
    with ExitStack() as stack:
        outbox = stack.enter_context(closing(Outbox(tmp_path / "outbox.db")))
        backlog = stack.enter_context(
            closing(Backlog(tmp_path / "outbox.db", Ballast(tmp_path / "ballast")))
        )
        link = stack.enter_context(closing(MqttLink(settings, chance=Random(1))))
        relay = Relay(link, backlog, identity, clock, Pace(PaceSettings(), Random(2)))
        outbox.add([Entry(draft(1, clock.uptime_ms()), clock.read())])
        for _ in range(10):
            relay.step(0.1)
        assert not link.is_connected
        assert len(backlog.pending(10)) == 1
        hall.start_callout()
        collector = hall.guest("collector").hear(filter_all("events"))

        def is_heard() -> bool:
            relay.step(0.05)
            return bool(collector.heard)

        wait_until(is_heard, "the press arrives")
        assert len(backlog.pending(10)) == 1  # nobody gave a receipt


@pytest.mark.parametrize("text", [b"", b"a.b", b"a.b.c", b"a.e30.c", b"\xff.\xff.\xff", b"a.W10.c"])
def test_what_is_no_question_is_not_answered(text: bytes) -> None:
    """The responder says so and goes on."""
    with pytest.raises(QuestionError, match="no question"):
        read_question(text)


def test_damaged_keys_are_reported_with_what_to_do(tmp_path: Path) -> None:
    """They are made once, kept for our eyes only, and never replaced in silence."""
    keys = callout_keys(tmp_path)
    assert callout_keys(tmp_path) == keys
    path = tmp_path / "callout.keys"
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("SAAnonsense\nSU")
    with pytest.raises(FleetError, match="delete the file"):
        callout_keys(tmp_path)
