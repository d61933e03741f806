"""The button that switches a kiosk off in good order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from hardware.board import Board
from kiosk.cli.machine import Machine
from kiosk.cli.parts import CONFIG_TXT
from kiosk.cli.placing import Placer
from kiosk.cli.terminal import CommandError

POWER_GPIO: Final = 3
"""The one pin that also wakes a Raspberry Pi that was switched off."""


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
    if board is not None and int(told) in set(_pins(board)):
        raise CommandError(f"--power-button {told}: the board {board.title!r} uses that pin")
    return int(told)


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
