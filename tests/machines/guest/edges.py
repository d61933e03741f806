"""In the machine: bare pins of our factory, and what it says when a pin can't be had.

Says what each refusal told, then how old each edge is when the handler is called, until the line
has closed and opened as often as the first line of input says.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable

from gpiozero import LED, DigitalInputDevice

from hardware.board import Board
from hardware.gpio import GpioPanel, open_factory
from hardware.gpiod_factory import GpiodFactory
from hardware.panel import PanelError
from tests.machines.guest.console import say

CHIP = "/dev/gpiochip0"
NOBODY = 65534


def main() -> None:
    """Be refused in every way, then measure."""
    say(refusals=[refusal_of(way) for way in (elsewhere, unprivileged, beyond, busy)])
    factory = open_factory(CHIP)
    assert isinstance(factory, GpiodFactory)
    lamp = LED(7, initial_value=True, pin_factory=factory)
    contact = DigitalInputDevice(0, pull_up=True, pin_factory=factory)
    measure(factory, contact)
    lamp.off()
    factory.close()


def elsewhere() -> None:
    """Look for the header of a Raspberry Pi."""
    open_factory()


def unprivileged() -> None:
    """Open the chip as somebody who may not."""
    os.seteuid(NOBODY)
    try:
        open_factory(CHIP)
    finally:
        os.seteuid(0)


def beyond() -> None:
    """Want a pin that the chip doesn't have."""
    board = Board(title="Large", buttons={"face-1": 9, "face-2": 1})
    GpioPanel(board, pin_factory=open_factory(CHIP))


def busy() -> None:
    """Want a pin that another holds."""
    holder = open_factory(CHIP)
    held = LED(1, pin_factory=holder)
    board = Board(title="Second", buttons={"face-1": 0, "face-2": 1})
    try:
        GpioPanel(board, pin_factory=open_factory(CHIP))
    finally:
        held.close()
        holder.close()


def refusal_of(way: Callable[[], None]) -> str:
    """What the error tells that ``way`` runs into."""
    try:
        way()
    except PanelError as error:
        return str(error)
    return "no error"


def measure(factory: GpiodFactory, contact: DigitalInputDevice) -> None:
    """Say the age of each edge of ``contact`` in its handler."""
    ages_ms: list[tuple[str, float]] = []
    contact.when_activated = lambda: ages_ms.append(("closed", contact.active_time * 1000))
    contact.when_deactivated = lambda: ages_ms.append(("open", contact.inactive_time * 1000))
    say(ready=True)
    for _ in range(2 * int(sys.stdin.readline())):
        while not ages_ms:
            select.select([factory], [], [])
            factory.dispatch()
        level, age_ms = ages_ms.pop(0)
        say(level=level, age_ms=age_ms)


main()
