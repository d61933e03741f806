"""The button that switches a kiosk off in good order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from hardware.board import RESERVED, SOUND_PINS, Board
from kiosk.cli.machine import Machine
from kiosk.cli.parts import CONFIG_TXT
from kiosk.cli.placing import Placer
from kiosk.cli.terminal import CommandError

POWER_GPIO: Final = 3
"""The one pin that also wakes a Raspberry Pi that was switched off."""

I2C: Final = (2, 3)
"""Where a real-time clock sits."""


def power_gpio(told: str, machine: Machine, placer: Placer, board: Board | None) -> int | None:
    """The pin of the button that switches off; ``None`` for none, or the Pi's own.

    Args:
        told: ``auto``, ``none``, or the pin.
        machine: may have a button of its own.
        placer: knows where the Raspberry Pi's own settings are.
        board: the pin map, whose pins are taken.

    Raises:
        CommandError: that pin can't be had.
    """
    if told == "none" or (told == "auto" and machine.has_power_button):
        return None
    if told == "auto":
        return POWER_GPIO if not _uses_i2c(placer) else None
    if not told.isdecimal() or not 2 <= int(told) <= 27:
        raise CommandError(f"--power-button {told!r}: give auto, none, or a GPIO from 2 to 27")
    if taken := _taken(int(told), placer, board):
        raise CommandError(f"--power-button {told}: {taken}")
    return int(told)


def _taken(pin: int, placer: Placer, board: Board | None) -> str:
    """What else is on ``pin``; empty for nothing."""
    if pin in I2C and _uses_i2c(placer):
        return "I2C is switched on, and uses that pin"
    if pin in RESERVED and pin != POWER_GPIO:
        return f"that pin is reserved ({RESERVED[pin]})"
    if board is None:
        return ""
    if pin in set(_pins(board)):
        return f"the board {board.title!r} uses that pin"
    if board.sound and pin in SOUND_PINS[board.sound]:
        return f"on the board {board.title!r} that pin carries the sound"
    return ""


def _uses_i2c(placer: Placer) -> bool:
    """Whether pin 3 is taken by a real-time clock or the like."""
    files = [placer.at(path) for path in CONFIG_TXT]
    lines = [line for file in files if file.is_file() for line in file.read_text().splitlines()]
    return "dtparam=i2c_arm=on" in (line.replace(" ", "") for line in lines)


def _pins(board: Board) -> Iterator[int]:
    for value in msgspec.structs.asdict(board).values():
        if isinstance(value, dict):
            yield from value.values()
        elif isinstance(value, int):
            yield value
