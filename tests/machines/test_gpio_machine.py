"""The panel on real lines of a real kernel: an arm64 machine in QEMU, pressed from outside."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.machines.machine import BOOT_S, Machine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

DEBOUNCING_MS = 8.0
MOST_MS = 10.0
FACES = (0, 1, 2, 3)
LAMPS = (4, 5, 6, 7)
BUZZER, SOCKET = 6, 5


def press(machine: Machine, line: int, *, held_s: float = 0.1) -> None:
    """Close a contact to ground, and open it again."""
    machine.lines.drive(line, is_high=False)
    time.sleep(held_s)
    machine.lines.drive(line, is_high=True)
    time.sleep(0.1)


def report(name: str, values_ms: Sequence[float]) -> None:
    """Print a line of JSON about a measurement."""
    ordered = sorted(values_ms)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    figures = {"p50": statistics.median(ordered), "p95": p95, "max": ordered[-1]}
    rounded = {key: round(value, 2) for key, value in figures.items()}
    sys.stdout.write(json.dumps({"measured": name, "n": len(ordered)} | rounded) + "\n")


def test_the_panel_works_on_real_lines(project: Path, tmp_path: Path) -> None:
    """Presses, chatter, jammed keys, lamps, buzzer, tactile keys and headphones, by a kernel."""
    with Machine(project, tmp_path, "tests.machines.guest.panel") as machine:
        assert machine.hear(BOOT_S)["ready"] == ["face-1", "face-2", "face-3", "face-4"]
        every_press_is_seen(machine)
        chatter_is_one_press(machine)
        every_lamp_is_driven(machine)
        an_edge_keeps_its_own_time(machine)
        machine.tell("next")
        assert machine.hear()["ready"] == ["previous", "next", "select", "help"]
        keys_and_headphones_are_felt(machine)
        the_buzzer_sounds(machine)
        machine.tell("next")
        machine.wait()


def every_press_is_seen(machine: Machine) -> None:
    """All contacts were closed at the start, which is no press; then each press is one closure."""
    for line in FACES:
        machine.lines.drive(line, is_high=True)
    time.sleep(0.5)
    ages_ms = []
    for line in FACES * 10:
        press(machine, line)
        heard = machine.hear()
        assert heard["closure"] == f"face-{line + 1}"
        ages_ms.append(heard["age_ms"] - DEBOUNCING_MS)
    report("kernel's edge to closure, beyond 8 ms of debouncing", ages_ms)
    assert statistics.median(ages_ms) <= MOST_MS


def chatter_is_one_press(machine: Machine) -> None:
    """A contact that chatters as quickly as we can move the line is pressed once."""
    for _ in range(20):
        machine.lines.drive(2, is_high=False)
        machine.lines.drive(2, is_high=True)
    press(machine, 2)
    assert machine.hear()["closure"] == "face-3"
    press(machine, 3)
    assert machine.hear()["closure"] == "face-4"


def every_lamp_is_driven(machine: Machine) -> None:
    """Lamps never flash while the pins are taken; all are lit together, blink, and go dark."""
    assert machine.lines.outputs().keys().isdisjoint(LAMPS)
    tell(machine, "show pressed")
    machine.lines.wait_for(dict.fromkeys(LAMPS, True))
    tell(machine, "show ask")
    for level in (False, True, False, True):
        machine.lines.wait_for(dict.fromkeys(LAMPS, level))
    tell(machine, "show idle")
    machine.lines.wait_for(dict.fromkeys(LAMPS, False))
    tell(machine, "show closed")
    tell(machine, "show thanks")
    machine.lines.wait_for(dict.fromkeys(LAMPS, True))


def an_edge_keeps_its_own_time(machine: Machine) -> None:
    """Two presses that we were too busy to see are told afterwards, each as of its own time."""
    machine.tell("doze 1500")
    time.sleep(0.2)
    apart_s = -time.monotonic()
    press(machine, 0)
    apart_s += time.monotonic()
    press(machine, 1)
    assert machine.hear() == {"done": "doze 1500"}
    first, second = machine.hear(), machine.hear()
    assert (first["closure"], second["closure"]) == ("face-1", "face-2")
    assert second["at_ms"] - first["at_ms"] == pytest.approx(apart_s * 1000, abs=150)
    assert first["age_ms"] > second["age_ms"] + 100


def keys_and_headphones_are_felt(machine: Machine) -> None:
    """Closing the other panel put its lamps out; here four keys and a socket are felt."""
    machine.lines.wait_for(dict.fromkeys((4, 7), False))
    for line, name in enumerate(("previous", "next", "select", "help")):
        press(machine, line)
        heard = machine.hear()
        assert (heard["closure"], heard["input"]) == (name, "key")
    machine.lines.drive(SOCKET, is_high=True)  # the socket's switch opens
    assert machine.hear() == {"plug": "headphones", "is_in": True}
    machine.lines.drive(SOCKET, is_high=False)
    assert machine.hear() == {"plug": "headphones", "is_in": False}


def the_buzzer_sounds(machine: Machine) -> None:
    """Thanks sound one tone, which ends by itself."""
    tell(machine, "show thanks")
    machine.lines.wait_for({BUZZER: True})
    machine.lines.wait_for({BUZZER: False})


def tell(machine: Machine, command: str) -> None:
    """Send a command and wait until it is done."""
    machine.tell(command)
    assert machine.hear() == {"done": command}


def test_an_edge_reaches_its_handler_within_10_ms(project: Path, tmp_path: Path) -> None:
    """From the kernel's time of an edge to the callback; what can't be had is told clearly."""
    presses = 50
    with Machine(project, tmp_path, "tests.machines.guest.edges") as machine:
        elsewhere, unprivileged, beyond, busy = machine.hear(BOOT_S)["refusals"]
        assert "/dev/gpiochip0 is 9030000.pl061" in elsewhere
        assert "choose the virtual panel" in elsewhere
        assert "/dev/gpiochip0: Permission denied" in unprivileged
        assert "add this user to the group gpio" in unprivileged
        assert beyond == "Large: there is no GPIO 9: this chip has 8 lines"
        assert busy == "Second: GPIO 1 is in use by otziv: end that, or wire another pin"
        machine.lines.drive(0, is_high=True)
        assert machine.hear() == {"ready": True}
        machine.lines.wait_for({7: True})
        machine.tell(str(presses))
        ages_ms = []
        for _ in range(presses):
            press(machine, 0, held_s=0.02)
            heard = machine.hear(), machine.hear()
            assert [edge["level"] for edge in heard] == ["closed", "open"]
            ages_ms += [edge["age_ms"] for edge in heard]
        machine.lines.wait_for({7: False})
        machine.wait()
    report("kernel's edge to handler", ages_ms)
    assert statistics.median(ages_ms) <= MOST_MS
