"""What setup has to know: from its options, from the settings that are there, from the machine.

Only what none of them tells is asked; where nobody can be asked, the option to give is named.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from broker.wire.texts import Code
from hardware.board import Board, find_board, shipped_boards
from hardware.open import GpioSettings
from kiosk.cli.address import read_address
from kiosk.cli.machine import Machine
from kiosk.cli.pin import read_pin
from kiosk.cli.settings_file import NO_BOARD, Answers
from kiosk.cli.terminal import CommandError, ask, is_interactive
from kiosk.identity import NOT_ENROLLED, Name
from kiosk.pin import hash_pin, is_pin
from kiosk.settings import Settings

OPTIONS: Final = (
    "site",
    "device",
    "touchpoint",
    "broker",
    "board",
    "screen",
    "sound",
    "pin_from_stdin",
)
"""Those that end up in the settings file."""

LEAST_IN: Final = 4.0
MOST_IN: Final = 32.0
"""What settings take for a diagonal."""

UNKNOWN_DIAGONAL_IN: Final = 7.0
"""Where a display does not tell its size it is one on a ribbon cable, and those have 7 inches."""

_EVERYBODYS_NAME: Final = frozenset({"raspberrypi", "localhost", "debian"})
"""Hostnames as systems are delivered: no name of one kiosk among many."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """Finds the answers.

    Attributes:
        options: of the command line.
        machine: what it tells of itself.
        settings: those that are there; ``None`` before the first setup.
    """

    options: argparse.Namespace
    machine: Machine
    settings: Settings | None

    def answers(self) -> Answers:
        """All of them.

        Raises:
            CommandError: one is missing, or can't be.
            PanelError: there is no such board, or it can't be right.
            PinError: that is no PIN.
        """
        # Without certificates only if somebody names a broker; else the server says all of this.
        broker = self.options.broker or self._set("broker")
        host, port = read_address(broker) if broker else ("", 0)
        board = self._board()
        if board != NO_BOARD:
            board_below(self.machine.root, board)
        return Answers(
            site=_checked("site", self._site(is_needed=bool(host)), Name),
            device=_checked("device", self._device(is_needed=bool(host)), Name),
            touchpoint=self._touchpoint(),
            host=host,
            port=port,
            board=board,
            diagonal_in=self._diagonal_in(),
            speaker=self._speaker(),
            pin=self._pin(),
        )

    def _told(self, name: str, question: str, default: str = "") -> str:
        """What an option or the settings say, or who sits here."""
        said = getattr(self.options, name) or self._set(name) or _asked(question, default)
        if not said:
            raise CommandError(f"give --{name}: nobody is here to be asked")
        return said

    def _set(self, name: str) -> str:
        """What the settings say, as it would be typed."""
        if self.settings is None:
            return ""
        if name == "broker":
            broker = self.settings.broker
            return f"[{broker.host}]:{broker.port}" if broker.identity is None else ""
        if name == "board":
            panel = self.settings.panel
            return panel.board if isinstance(panel, GpioSettings) else NO_BOARD
        return getattr(self.settings, name) or ""

    def _site(self, *, is_needed: bool) -> str:
        if is_needed:
            return self._told("site", "Short name of the municipality")
        return self.options.site or self._set("site") or NOT_ENROLLED

    def _device(self, *, is_needed: bool) -> str:
        if not is_needed:
            return self.options.device or self._set("device") or NOT_ENROLLED
        if self.options.device or self.settings or self.machine.device in _EVERYBODYS_NAME:
            return self._told("device", "Name of this kiosk")
        return self.machine.device or self._told("device", "Name of this kiosk")

    def _touchpoint(self) -> str:
        told = self.options.touchpoint or self._set("touchpoint")
        return _checked("touchpoint", told, Code) if told else ""

    def _board(self) -> str:
        likely = "otziv-touch-stand" if self.machine.displays else "otziv-panel-4"
        question = f"Board of the buttons ({', '.join(shipped_boards())}, a .toml file, none)"
        told = self._told("board", question, likely)
        return str(Path(told).absolute()) if told.endswith(".toml") else told

    def _diagonal_in(self) -> float | None:
        told = self.options.screen or ("auto" if self.settings is None else "")
        if not told and self.settings is not None:
            screen = self.settings.screen
            return None if screen is None else screen.diagonal_in
        if told == "none":
            return None
        if told != "auto":
            return _inches(told)
        if not self.machine.displays:
            return None
        found = self.machine.displays[0].diagonal_in or UNKNOWN_DIAGONAL_IN
        return min(max(found, LEAST_IN), MOST_IN)

    def _speaker(self) -> str:
        told: str = self.options.sound or ("auto" if self.settings is None else "")
        if not told and self.settings is not None:
            sound = self.settings.sound
            return sound.device if sound.kind == "alsa" else ""
        if told != "auto":
            return "" if told == "none" else told
        usable = (c for c in self.machine.cards if self.machine.displays or not c.is_of_display)
        card = next(usable, None)
        return "" if card is None else card.alsa_name

    def _pin(self) -> str:
        kept = "" if self.settings is None else self.settings.maintenance.pin or ""
        if not self.options.pin_from_stdin:
            return kept
        pin = read_pin()
        # The same PIN again changes nothing, though its salt would be another one.
        return kept if kept and is_pin(pin, kept) else hash_pin(pin)


def board_below(root: Path, name: str) -> Board:
    """Load the board ``name``; a file of somebody's stands below ``root``.

    Raises:
        PanelError: there is none, or it can't be right.
    """
    return find_board(str(root / Path(name).relative_to("/")) if name.endswith(".toml") else name)


def _asked(question: str, default: str = "") -> str:
    return ask(question, default) if is_interactive() else ""


def _inches(told: str) -> float:
    try:
        inches = float(told)
    except ValueError:
        inches = 0.0
    if not LEAST_IN <= inches <= MOST_IN:
        raise CommandError(f"--screen {told!r}: give auto, none, or 4 to 32 inches")
    return inches


def _checked(option: str, told: str, kind: Any) -> str:  # noqa: ANN401 an annotated type
    try:
        text: str = msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        raise CommandError(f"--{option} {told!r} can't be used: {error}") from error
    return text
