"""Heartbeats, configuration and commands, over a virtual link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from broker.link.link import Message
from broker.link.virtual import SimulatedClock, VirtualBroker, VirtualLink
from broker.wire.codec import read, write
from broker.wire.messages import VERSION, Command, Heartbeat, Reply
from hardware.machine import Machine
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import instant
from kiosk.commands import Commands, pong
from kiosk.configuration import ConfigurationFile
from kiosk.health import MAX_FAULT_LENGTH, MAX_FAULTS, Health
from kiosk.housekeeping import Housekeeping
from kiosk.identity import Identity
from kiosk.outbox import Entry, Outbox
from kiosk.pace import Pace, PaceSettings
from kiosk.relay import Relay
from kiosk.vitals import Instruments
from tests.kiosk.builders import BOOT, NOW_MS, ONE, HandClock, configured, draft

IDENTITY = Identity("troyan", "kiosk-1")
GOOD = configured(ONE, revision=4)


class Office:
    """A kiosk's relay with its duties, and a peer that hears and says everything."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.clock = HandClock(uptime=3_600_000)
        self.broker = VirtualBroker(chance=Random(1), clock=SimulatedClock())
        self.outbox = Outbox(folder / "outbox.db")
        self.backlog = Backlog(folder / "outbox.db", Ballast(folder / "ballast", 4096))
        stack.callback(self.outbox.close)
        stack.callback(self.backlog.close)
        self.health = Health(read_vitals=Instruments(folder, Machine(folder)).read)
        self.configuration = ConfigurationFile(folder / "configuration.json", "desk-1")
        link = VirtualLink(self.broker, "kiosk", subscriptions=IDENTITY.subscriptions())
        commands = Commands({"ping": pong}, clock=self.clock)
        duties = Housekeeping(
            link, self.backlog, IDENTITY, self.health, self.configuration, commands
        )
        pace = Pace(PaceSettings(), Random(2))
        self.relay = Relay(link, self.backlog, IDENTITY, self.clock, pace, duties)
        heard = tuple((IDENTITY.topic(channel), 1) for channel in ("health", "replies"))
        self.peer = VirtualLink(self.broker, "peer", subscriptions=heard)
        self.peer.receive(0.0)

    def step(self, seconds: float = 0.0) -> list[Message]:
        """Let time pass, the kiosk go on, and return what it said."""
        self.clock.advance(seconds)
        for _ in range(3):
            self.relay.step(0.0)
        return self.peer.receive(0.0)

    def heartbeats(self, seconds: float = 0.0) -> list[Heartbeat]:
        """The heartbeats that came."""
        topic = IDENTITY.topic("health")
        return [read(m.payload, Heartbeat) for m in self.step(seconds) if m.topic == topic]

    def configure(self, payload: bytes) -> None:
        """Publish a configuration, and let the kiosk take it."""
        self.peer.publish(IDENTITY.topic("config"), payload, retained=True)
        self.peer.receive(0.0)
        self.relay.step(0.0)

    def command(self, name: str, *, retained: bool = False) -> list[Reply]:
        """Give a command; the replies that came."""
        self.step()
        order = Command(v=VERSION, id="c0ffee00", name=name)
        self.peer.publish(IDENTITY.topic("commands"), write(order), qos=0, retained=retained)
        self.peer.receive(0.0)
        topic = IDENTITY.topic("replies")
        return [read(m.payload, Reply) for m in self.step() if m.topic == topic]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A kiosk's relay with its duties."""
    with ExitStack() as stack:
        yield Office(tmp_path, stack)


def test_the_first_heartbeat_comes_with_the_connection(office: Office) -> None:
    """It tells all that the dashboard and the reckoning need."""
    office.outbox.add([Entry(draft(1), office.clock.read())])
    (beat,) = office.heartbeats()
    assert beat.sent_at == instant(NOW_MS)
    assert (beat.clock, beat.boot, beat.uptime_ms) == ("synced", BOOT, 3_600_000)
    assert (beat.stream, beat.last_seq, beat.waiting) == (office.outbox.stream, 1, 1)
    assert (beat.configuration, beat.faults) == (0, ())
    assert beat.disk_free_bytes


def test_a_heartbeat_every_minute(office: Office) -> None:
    """Not more often, not less."""
    assert len(office.heartbeats()) == 1
    assert office.heartbeats(59) == []
    assert len(office.heartbeats(2)) == 1


def test_news_are_told_at_once(office: Office) -> None:
    """A fault, its end, and a configuration that is in use."""
    office.heartbeats()
    office.health.set_fault("face-1", "stuck", is_present=True)
    (beat,) = office.heartbeats(1)
    assert beat.faults == ("face-1:stuck",)
    office.health.set_fault("face-1", "stuck", is_present=True)
    assert office.heartbeats(1) == []
    office.health.set_fault("face-1", "stuck", is_present=False)
    (beat,) = office.heartbeats(1)
    assert beat.faults == ()
    office.health.set_configuration(5)
    (beat,) = office.heartbeats(1)
    assert beat.configuration == 5


def test_many_and_long_faults_still_make_a_valid_heartbeat(office: Office) -> None:
    """It says what fits."""
    for number in range(100):
        office.health.set_fault(f"part-{number:03}", "x" * 100, is_present=True)
    (beat,) = office.heartbeats()
    assert len(beat.faults) == MAX_FAULTS
    assert max(len(fault) for fault in beat.faults) == MAX_FAULT_LENGTH


def test_a_heartbeat_without_the_time_says_so(office: Office) -> None:
    """Its time is as good as the clock."""
    office.clock.is_synced = False
    (beat,) = office.heartbeats()
    assert beat.clock == "unknown"


def test_a_received_configuration_is_kept(office: Office) -> None:
    """Retained, so it comes with the connection; the firmware takes it up when it can."""
    office.configure(write(GOOD))
    assert office.configuration.latest == GOOD
    assert office.health.faults == frozenset()


@pytest.mark.parametrize(
    "payload",
    [b"nonsense", b"{}", write(replace(GOOD, revision=5, languages=("bg", "en")))],
    ids=["nonsense", "empty", "half translated"],
)
def test_a_refused_configuration_is_told(office: Office, payload: bytes) -> None:
    """The heartbeat says so, the last good one stays, and the relay goes on; a good one ends it."""
    office.configure(write(GOOD))
    office.heartbeats()
    office.configure(payload)
    assert office.heartbeats(61)[-1].faults == ("configuration:refused",)
    assert office.configuration.latest == GOOD
    assert office.command("ping")
    office.configure(write(replace(GOOD, revision=6)))
    assert office.heartbeats(61)[-1].faults == ()


def test_the_log_says_why_a_configuration_was_refused(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """With the place, for whoever has to mend it."""
    office.configure(write(replace(GOOD, languages=("bg", "en"))))
    assert "survey.questions[0].texts.en: is missing" in caplog.text


def test_a_configuration_that_was_taken_back_changes_nothing(office: Office) -> None:
    """A retained message is removed by an empty one; the kiosk goes on with what it has."""
    office.configure(write(GOOD))
    office.configure(b"")
    assert office.configuration.latest == GOOD
    assert office.health.faults == frozenset()


def test_a_configuration_that_cannot_be_kept_is_told(office: Office, tmp_path: Path) -> None:
    """It is in use, the heartbeat says so, and with a later heartbeat it is kept by itself."""
    (tmp_path / "configuration.json.otziv-new").mkdir()
    office.configure(write(GOOD))
    assert office.configuration.latest == GOOD
    assert office.heartbeats()[-1].faults == ("configuration:not-kept",)
    assert office.heartbeats(61)[-1].faults == ("configuration:not-kept",)
    (tmp_path / "configuration.json.otziv-new").rmdir()
    assert office.heartbeats(1) == []
    assert not (tmp_path / "configuration.json").exists()
    assert office.heartbeats(61)[-1].faults == ()
    assert ConfigurationFile(tmp_path / "configuration.json", "desk-1").latest == GOOD


def test_what_cannot_be_kept_stays_told_when_a_bad_one_comes(
    office: Office, tmp_path: Path
) -> None:
    """Both faults stand beside each other: the bad one wrote nothing."""
    (tmp_path / "configuration.json.otziv-new").mkdir()
    office.configure(write(GOOD))
    office.configure(b"nonsense")
    assert office.heartbeats()[-1].faults == ("configuration:not-kept", "configuration:refused")


def test_a_good_configuration_mends_a_damaged_file(office: Office) -> None:
    """What was broken at the start no longer is."""
    office.health.set_fault("configuration", "damaged", is_present=True)
    office.configure(write(GOOD))
    assert office.health.faults == frozenset()


def test_ping_is_answered(office: Office) -> None:
    """With the id of the command."""
    assert office.command("ping") == [Reply(v=VERSION, command="c0ffee00", ok=True, detail="pong")]


def test_an_unknown_command_is_refused(office: Office) -> None:
    """The reply says what this kiosk can do."""
    (reply,) = office.command("make-coffee")
    assert not reply.ok
    assert "ping" in reply.detail


def test_a_retained_command_is_dropped(office: Office) -> None:
    """An order from before is worth nothing, and is not obeyed with each connection."""
    order = Command(v=VERSION, id="c0ffee00", name="ping")
    office.peer.publish(IDENTITY.topic("commands"), write(order), qos=1, retained=True)
    office.peer.receive(0.0)
    topics = {message.topic for message in office.step()}
    assert IDENTITY.topic("replies") not in topics
