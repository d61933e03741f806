"""Commands over a real broker to a kiosk that is a process, with a virtual panel at its socket."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from broker.link.mqtt import MqttLink
from broker.server.server import BrokerServer
from broker.wire.codec import read, write
from broker.wire.messages import VERSION, Command, Heartbeat, Reply
from hardware.virtual import VirtualPanelClient
from kiosk.identity import Identity
from tests.fixtures.brokers import broker_server
from tests.fixtures.links import link_to
from tests.fixtures.proxy import Proxy
from tests.kiosk.builders import uuid
from tests.kiosk.test_kiosk_process import SETTINGS, running

__all__ = ["broker_server"]

IDENTITY = Identity("troyan", "kiosk-1")
DEADLINE_S = 40.0


class Fleet:
    """Whoever commands the kiosk, and hears what it says."""

    def __init__(self, link: MqttLink) -> None:
        self._link = link
        self._given = 0
        self.replies: list[Reply] = []
        self.heartbeats: list[Heartbeat] = []
        self.availability: list[bytes] = []
        self.wait_for(lambda: link.is_connected, "a connection")

    def wait_for(self, is_so: Callable[[], object], what: str) -> None:
        """Hear the kiosk until something is so."""
        end_s = time.monotonic() + DEADLINE_S
        while not is_so():
            assert time.monotonic() < end_s, f"not in time: {what}"
            self._hear()

    def give(self, name: str, **args: str) -> str:
        """Publish a command as the fleet does, with QoS 0; returns its id."""
        self._given += 1
        order = Command(v=VERSION, id=f"c0ffee{self._given:02x}", name=name, args=args)
        assert self._link.publish(IDENTITY.topic("commands"), write(order), qos=0)
        self._hear()
        return order.id

    def ask(self, name: str, **args: str) -> Reply:
        """Give a command, and wait for the reply."""
        command = self.give(name, **args)
        self.wait_for(lambda: command in self.answered, f"a reply to {name}")
        return next(reply for reply in self.replies if reply.command == command)

    @property
    def answered(self) -> list[str]:
        """Ids of the commands that were replied to."""
        return [reply.command for reply in self.replies]

    def _hear(self) -> None:
        messages = self._link.receive(0.05)
        self._link.acknowledge(messages)
        for message in messages:
            match message.topic.rpartition("/")[2]:
                case "replies":
                    self.replies.append(read(message.payload, Reply))
                case "health":
                    self.heartbeats.append(read(message.payload, Heartbeat))
                case _:
                    self.availability.append(message.payload)


class Scene:
    """A kiosk's process at a broker, its visitor, and its fleet.

    Attributes:
        proxy: between kiosk and broker.
    """

    def __init__(self, folder: Path, project: Path, port: int, stack: ExitStack) -> None:
        self.proxy = stack.enter_context(Proxy(port))
        heard = tuple((IDENTITY.topic(each), 1) for each in ("replies", "health", "availability"))
        self.fleet = Fleet(stack.enter_context(link_to(port, "fleet", subscriptions=heard)))
        self.visitor = stack.enter_context(closing(VirtualPanelClient(folder / "panel.sock")))
        self._settings, self._project, self._stack = folder / "kiosk.toml", project, stack
        self._settings.write_text(SETTINGS.format(port=self.proxy.port))

    def start(self) -> subprocess.Popen[str]:
        """Start the kiosk, and wait until it is connected, and its panel to the visitor."""
        known = len(self.fleet.heartbeats)
        process = self._stack.enter_context(running(self._settings, self._project))
        self.fleet.wait_for(lambda: len(self.fleet.heartbeats) > known, "a heartbeat")
        self.visitor.wait(0.0)  # perhaps it is attached to an earlier life
        self._wait_for_panel(self.visitor.connect)
        return process

    def press(self, number: int) -> None:
        """Press a face, and wait for thanks."""
        self._wait_for_panel(lambda: self.visitor.press(f"face-{number % 4 + 1}", uuid(number)))
        self.see("thanks", uuid(number))

    def _wait_for_panel(self, attempt: Callable[[], bool]) -> None:
        end_s = time.monotonic() + DEADLINE_S
        while not attempt():
            assert time.monotonic() < end_s, "no panel"
            time.sleep(0.02)

    def see(self, signal: str, press_id: str | None = None) -> None:
        """Wait until the panel shows something."""
        end_s = time.monotonic() + DEADLINE_S
        while time.monotonic() < end_s:
            for shown in self.visitor.wait(1.0):
                if (shown.signal, shown.press_id) == (signal, press_id):
                    return
        raise AssertionError(f"{signal} was never shown")


@pytest.fixture
def scene(tmp_path: Path, project: Path, broker_server: BrokerServer) -> Iterator[Scene]:
    """A kiosk that is not yet started."""
    with ExitStack() as stack:
        yield Scene(tmp_path, project, broker_server.port, stack)


def _kept(data: Path) -> dict[str, int]:
    """Id and number of what is in the outbox."""
    with closing(sqlite3.connect(data / "outbox.db")) as connection:
        return dict(connection.execute("SELECT id, seq FROM event ORDER BY seq"))


def test_a_kiosk_is_looked_after_from_afar(scene: Scene) -> None:
    """It shows which one it is, reports and tests itself, while visitors press."""
    scene.start()
    assert scene.fleet.ask("identify").ok
    scene.see("identify")
    test = scene.fleet.give("self-test")
    scene.press(1)
    scene.fleet.wait_for(lambda: test in scene.fleet.answered, "a self-test")
    report = scene.fleet.ask("report")
    assert report.ok
    assert "device: troyan/kiosk-1" in report.report
    assert "command report" in report.report, "the end of its log"
    (tested,) = [reply for reply in scene.fleet.replies if reply.command == test]
    assert tested.ok, tested
    assert "[ok] Server" in tested.report


def test_no_command_waits_for_a_kiosk(scene: Scene) -> None:
    """What was said while its network was down, or while it was off, is never done."""
    process = scene.start()
    scene.proxy.freeze()
    scene.proxy.cut()
    scene.fleet.wait_for(lambda: scene.fleet.availability[-1:] == [b"offline"], "its absence")
    scene.fleet.give("restart")
    known = len(scene.fleet.heartbeats)
    scene.proxy.thaw()
    scene.fleet.wait_for(lambda: len(scene.fleet.heartbeats) > known, "a heartbeat")
    assert scene.fleet.ask("ping").ok
    assert process.poll() is None
    process.kill()
    process.wait()
    scene.fleet.wait_for(lambda: scene.fleet.availability[-1:] == [b"offline"], "its absence")
    scene.fleet.give("restart")
    process = scene.start()
    assert scene.fleet.ask("ping").ok
    assert process.poll() is None
    assert [reply.detail for reply in scene.fleet.replies] == ["pong", "pong"]


def test_a_restarted_kiosk_loses_nothing(scene: Scene, tmp_path: Path) -> None:
    """It answers, waits for whoever is there, ends with status 0; all presses are there."""
    process = scene.start()
    scene.press(1)
    scene.press(2)
    reply = scene.fleet.ask("restart", what="kiosk")
    assert reply.ok
    assert process.wait(DEADLINE_S) == 0
    assert _kept(tmp_path / "data") == {uuid(1): 1, uuid(2): 2}
    scene.start()
    beats = scene.fleet.heartbeats
    scene.fleet.wait_for(lambda: beats[-1].waiting == 2, "a heartbeat of the new life")
    assert beats[-1].oldest_waiting_s is not None
    scene.press(3)
    assert set(scene.fleet.answered) == {reply.command}
