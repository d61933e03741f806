"""What a whole kiosk does on command, with a real outbox, threads and a virtual panel and link."""

from __future__ import annotations

import os
from contextlib import ExitStack
from itertools import count, pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.link.virtual import VirtualBroker, VirtualLink
from broker.wire.codec import write
from broker.wire.messages import VERSION, Command, Reply
from hardware.buttons import Press
from hardware.open import NoPanelSettings
from kiosk.commands import Answer
from kiosk.facts import Inner
from kiosk.log_ring import LogRing
from kiosk.orders import Orders
from kiosk.restart import HOW, restart_machine
from kiosk.settings import Settings
from kiosk.speech import cue
from kiosk.words import Words
from tests.kiosk.builders import ONE, configured, uuid
from tests.kiosk.reception import BUTTONS, Hall
from tests.kiosk.test_kiosk import Running, eventually

PRESSES = 20


class Fleet:
    """Whoever gives a running kiosk commands."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._given = 0
        eventually(lambda: running.link.is_connected, "a connection")

    def give(self, name: str, **args: str) -> str:
        """Give a command; returns its id."""
        self._given += 1
        order = Command(v=VERSION, id=f"c0ffee{self._given:02x}", name=name, args=args)
        self._running.server.say("commands", write(order))
        return order.id

    def reply_to(self, command: str) -> Reply:
        """Wait for the reply to a command."""
        replies = self._running.server.replies
        eventually(lambda: any(reply.command == command for reply in replies), "a reply")
        (reply,) = [reply for reply in replies if reply.command == command]
        return reply

    def ask(self, name: str, **args: str) -> Reply:
        """Give a command, and wait for the reply."""
        return self.reply_to(self.give(name, **args))


@pytest.fixture
def running(settings: Settings, stack: ExitStack) -> Running:
    """A kiosk that runs."""
    return Running(settings, stack)


@pytest.fixture
def fleet(running: Running) -> Fleet:
    """Whoever gives it commands."""
    return Fleet(running)


def test_all_commands_are_known(fleet: Fleet) -> None:
    """One that is not is answered with their names."""
    reply = fleet.ask("make-coffee")
    assert not reply.ok
    assert reply.detail.endswith("heartbeat, identify, ping, report, restart, self-test")


def test_a_self_test_tells_what_is_good_and_what_is_not(fleet: Fleet) -> None:
    """A line each, with nothing that somebody has to press; the worst decides."""
    reply = fleet.ask("self-test")
    assert reply.ok
    assert reply.detail == "The kiosk is as it should be."
    assert [line[:4] for line in reply.report.splitlines()] == ["[ok]"] * 4
    assert "Outbox" in reply.report


def test_a_self_test_that_finds_something_is_not_well(settings: Settings, fleet: Fleet) -> None:
    """It was done, and what it found is bad: whoever asked sees which."""
    (settings.data / "self-test").mkdir()
    reply = fleet.ask("self-test")
    assert not reply.ok
    assert reply.detail == "Something is not as it should be: Memory card."
    assert "[!!] Memory card" in reply.report


def test_a_self_test_speaks_the_language_asked_for(running: Running, fleet: Fleet) -> None:
    """If the kiosk speaks it; any other is no name of a file to be looked for."""
    running.server.say("config", write(configured(ONE, revision=2)), retained=True)
    beats = running.server.heartbeats
    eventually(lambda: beats and beats[-1].configuration == 2, "revision 2")
    assert "Часовник" in fleet.ask("self-test", language="bg").report
    assert "Clock" in fleet.ask("self-test", language="../../../etc/x").report


def test_a_report_tells_how_the_kiosk_is(running: Running, fleet: Fleet) -> None:
    """Who it is, what its heartbeat says, what is in its log."""
    eventually(lambda: running.server.heartbeats, "a heartbeat")
    reply = fleet.ask("report")
    assert reply.ok
    lines = reply.report.splitlines()
    assert "device: troyan/kiosk-1" in lines
    assert "panel: virtual" in lines
    assert f"stream: {running.server.heartbeats[0].stream}" in lines
    assert "clock: right" in lines


def test_nobody_waits_for_reports_and_self_tests(running: Running, fleet: Fleet) -> None:
    """Each press meanwhile is thanked for, and delivered."""
    commands = []
    for press in range(PRESSES):
        commands.append(fleet.give("self-test" if press % 3 else "report"))
        running.panel.press(f"face-{press % 4 + 1}", uuid(press))
        eventually(lambda n=press: running.is_thanked(uuid(n)), "thanks")  # type: ignore[misc]  # bound now
    pressed = {uuid(press) for press in range(PRESSES)}
    eventually(lambda: pressed <= running.server.stored, "all stored")
    assert {fleet.reply_to(command).command for command in commands} == set(commands)


def test_a_self_test_that_hangs_keeps_nobody_waiting(
    settings: Settings, running: Running, fleet: Fleet
) -> None:
    """A disk that does not answer holds up itself, not receipts, visitors, or other commands."""
    pipe = settings.data / "self-test"
    os.mkfifo(pipe)  # opening it for writing waits for a reader
    hanging = fleet.give("self-test")
    assert fleet.ask("ping").ok
    running.panel.press("face-1", uuid(1))
    eventually(lambda: running.is_thanked(uuid(1)), "thanks")
    eventually(lambda: uuid(1) in running.server.stored, "stored")
    assert fleet.ask("report").ok
    assert hanging not in {reply.command for reply in running.server.replies}
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert not fleet.reply_to(hanging).ok
    finally:
        os.close(reader)


def test_a_restart_is_answered_before_the_end(running: Running, fleet: Fleet) -> None:
    """It ends as if it had been asked to by a signal, and says good-bye."""
    assert fleet.ask("restart").ok
    eventually(lambda: running.ended == [True], "the end")
    eventually(lambda: running.server.availability[-1] == b"offline", "good-bye")


def test_a_restart_waits_for_whoever_is_at_the_kiosk(running: Running, fleet: Fleet) -> None:
    """A press that was felt is thanked for first."""
    running.panel.press("face-1", uuid(1))
    eventually(lambda: running.shown, "a light")
    assert fleet.ask("restart").ok
    eventually(lambda: running.ended == [True], "the end")
    assert running.is_thanked(uuid(1))
    assert uuid(1) in running.server.stored


def test_visitors_get_no_more_time_by_asking_twice(
    running: Running, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one comes after the other it ends all the same, however often it is asked to."""
    monkeypatch.setattr("kiosk.firmware.LATEST_END_MS", 2_000)
    pressed = count()

    def is_over() -> bool:
        press = next(pressed)
        running.panel.press(f"face-{press % 4 + 1}", uuid(press))
        fleet.give("restart")
        return running.ended == [True]

    eventually(is_over, "the end")


def test_a_desktop_is_never_restarted(running: Running, fleet: Fleet) -> None:
    """A virtual kiosk has no machine; and what is to be restarted must be known."""
    assert "virtual" in fleet.ask("restart", what="machine").detail
    assert "kiosk or machine" in fleet.ask("restart", what="world").detail
    assert not any(reply.ok for reply in running.server.replies)
    assert running.ended == []


def test_identify_blinks_and_beeps(tmp_path: Path, stack: ExitStack) -> None:
    """On buttons, screen and sound: for whoever stands among several kiosks."""
    hall = Hall(tmp_path, stack, has_screen=True)
    hall.scenes.clear()
    hall.front.identify(Command(v=VERSION, id="c0ffee00", name="identify"))
    hall.run(5)
    assert hall.signals == [("identify", None), ("idle", None)]
    assert [scene.is_pressed for scene in hall.scenes] == [True, False] * 3
    words = Words("en")
    tones = [cue(*pair, words, BUTTONS).tone for pair in pairwise(hall.scenes)]
    assert tones == [None, "pressed"] * 2 + [None]


def test_who_presses_a_blinking_kiosk_is_served(tmp_path: Path, stack: ExitStack) -> None:
    """The blinking ends, and the frame tells of the press again."""
    hall = Hall(tmp_path, stack, has_screen=True)
    hall.front.identify(Command(v=VERSION, id="c0ffee00", name="identify"))
    hall.run(0.7)
    hall.play(Press(button="face-3", id=uuid(1)), seconds=1)
    assert hall.kept == [uuid(1)]
    assert hall.last_signal() == ("thanks", uuid(1))
    assert hall.state() == "thanks"
    assert not hall.scene.is_pressed


@pytest.mark.parametrize("is_allowed", [True, False])
def test_the_machine_is_restarted_where_that_is_allowed(
    settings: Settings, tmp_path: Path, stack: ExitStack, is_allowed: bool
) -> None:
    """Else the reply says how to; the kiosk itself has no right to, unless somebody gave it."""
    hall = Hall(tmp_path, stack)
    asked = Answer(detail="the machine restarts" if is_allowed else HOW, is_done=is_allowed)
    orders = Orders(
        inner=Inner(
            settings=replace(settings, panel=NoPanelSettings()),
            configuration=hall.configuration,
            health=hall.health,
            clock=hall.clock,
            counts=hall.outbox.counts,
            is_connected=lambda: False,
            received=lambda: None,
        ),
        link=VirtualLink(VirtualBroker(), "kiosk"),
        log=LogRing(),
        identify=hall.front.identify,
        end=lambda: None,
        restart_machine=lambda: asked,
    )
    commands = orders.commands()
    order = Command(v=VERSION, id="c0ffee00", name="restart", args={"what": "machine"})
    commands.take(write(order))
    ((reply, _),) = commands.answered()
    assert reply.ok == is_allowed
    assert ("sudo systemctl reboot" in reply.detail) != is_allowed


@pytest.mark.parametrize(
    ("script", "is_done", "told"),
    [
        ("exit 0", True, "the machine restarts"),
        ("echo 'Access denied' >&2; exit 1", False, "Access denied"),
    ],
)
def test_the_service_manager_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, is_done: bool, told: str
) -> None:
    """Its refusal is told in its own words. This one is a script, and restarts nothing."""
    program = tmp_path / "systemctl"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = restart_machine()
    assert answer.is_done == is_done
    assert told in answer.detail


def test_a_machine_without_a_service_manager_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container has none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = restart_machine()
    assert not answer.is_done
    assert "sudo systemctl reboot" in answer.detail
