"""In the machine: a panel of four faces and four lamps, and another that needs the other lines.

Says of every notice what it was and when, and does what it is told: ``show SIGNAL``, ``doze MS``
(be busy with something else), ``next`` (on to the other panel) and, at the end, ``next`` again.
"""

from __future__ import annotations

import sys
import time

from hardware.board import Board
from hardware.gpio import GpioPanel, open_factory
from hardware.inbox import uptime_ms
from hardware.panel import Closure, Fault, Notice, Plug
from tests.machines.guest.console import say

CHIP = "9030000.pl061"

FACES = Board(
    title="Four faces",
    buttons={f"face-{number}": number - 1 for number in range(1, 5)},
    lamps={f"lamp-{number}": number + 3 for number in range(1, 5)},
)
KEYS = Board(
    title="Tactile keys",
    buttons={"previous": 0, "next": 1, "select": 2, "help": 3},
    buzzer=6,
    headphones=5,
)


def main() -> None:
    """Serve one panel after the other."""
    for board in (FACES, KEYS):
        serve(GpioPanel(board, pin_factory=open_factory(CHIP)))


def serve(panel: GpioPanel) -> None:
    """Report what happens at ``panel`` until told ``next``."""
    orders: list[str] = []

    def listen() -> None:
        orders.append(sys.stdin.readline())
        panel.wake()

    panel.attend(sys.stdin, listen)
    say(ready=panel.buttons)
    while True:
        for notice in panel.wait(60):
            report(notice)
        for order in orders:
            if order.strip() == "next":
                panel.leave(sys.stdin)
                panel.close()
                return
            obey(panel, *order.split())
        orders.clear()


def obey(panel: GpioPanel, word: str, value: str) -> None:
    """Do what is told."""
    if word == "show":
        panel.show(value)  # type: ignore[arg-type]  # the test says a Signal
    else:
        time.sleep(int(value) / 1000)
    say(done=f"{word} {value}")


def report(notice: Notice) -> None:
    """Say what happened, and how long ago by the kernel's own time of the edge."""
    match notice:
        case Closure(button, at_ms):
            say(closure=button, at_ms=at_ms, age_ms=uptime_ms() - at_ms, input=notice.input)
        case Fault(part, fault, is_present):
            say(fault=f"{part}:{fault}", is_present=is_present)
        case Plug(part, is_in):
            say(plug=part, is_in=is_in)


main()
