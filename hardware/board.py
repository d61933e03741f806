"""Pin maps: which button, lamp and buzzer sits on which pin of the Raspberry Pi."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from hardware.panel import PanelError

BOARDS: Final = Path(__file__).parent / "boards"

PINS: Final = range(28)
"""GPIO numbers (BCM) of the 40-pin header."""

RESERVED: Final = {
    0: "identity of add-on boards",
    1: "identity of add-on boards",
    2: "I2C, for a real-time clock",
    3: "I2C, for a real-time clock; also wakes the Pi",
    14: "serial console",
    15: "serial console",
}

_NUMBERED: Final = re.compile(r"(face|option|lamp)-(0|[1-9]\d?)")


class BoardError(PanelError):
    """A pin map that can't be right; the text names the file and the key."""


class Board(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to wire a panel.

    Attributes:
        title: what it is, for people.
        buttons: pin of each ``face-N``, ``option-N`` and ``skip``; the contact closes to ground.
        lamps: pin of each ``lamp-N``, high when lit: one for all, or one a button.
        buzzer: pin of an active buzzer, high when it sounds.
    """

    title: str
    buttons: dict[str, int]
    lamps: dict[str, int]
    buzzer: int | None = None


def shipped_boards() -> list[str]:
    """Return the names of the boards that come with the product."""
    return sorted(path.stem for path in BOARDS.glob("*.toml"))


def find_board(name: str) -> Board:
    """Load the shipped board ``name``, or the file ``name`` if it ends in ``.toml``.

    Raises:
        BoardError: there is none, or it can't be right.
    """
    if name.endswith(".toml"):
        return load_board(Path(name))
    if name not in shipped_boards():
        raise BoardError(
            f"there is no board {name!r}: take one of {', '.join(shipped_boards())}, "
            "or give the path of a .toml file"
        )
    return load_board(BOARDS / f"{name}.toml")


def load_board(path: Path) -> Board:
    """Load and check the pin map at ``path``.

    Raises:
        BoardError: it can't be read, or a rule of :func:`faults_of` is broken.
    """
    try:
        board = msgspec.toml.decode(path.read_bytes(), type=Board)
    except OSError as error:
        raise BoardError(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise BoardError(f"{path}: {error}") from error
    if faults := list(faults_of(board)):
        raise BoardError(f"{path}: " + "; ".join(faults))
    return board


def faults_of(board: Board) -> Iterator[str]:
    """Tell all that is wrong with ``board``, each with its key."""
    yield from _faults_of_names(board)
    yield from _faults_of_pins(board)


def _faults_of_pins(board: Board) -> Iterator[str]:
    taken: dict[int, str] = {}
    for key, pin in _pins(board):
        if pin not in PINS:
            yield f"{key}: there is no GPIO {pin}; the header has 0 to {PINS[-1]}"
        elif pin in RESERVED:
            yield f"{key}: GPIO {pin} is reserved ({RESERVED[pin]})"
        if pin in taken:
            yield f"{key}: GPIO {pin} is {taken[pin]} already"
        taken.setdefault(pin, key)


def _pins(board: Board) -> Iterator[tuple[str, int]]:
    yield from ((f"buttons.{name}", pin) for name, pin in board.buttons.items())
    yield from ((f"lamps.{name}", pin) for name, pin in board.lamps.items())
    if board.buzzer is not None:
        yield "buzzer", board.buzzer


def _faults_of_names(board: Board) -> Iterator[str]:
    faces, options = _numbers(board.buttons, "face"), _numbers(board.buttons, "option")
    lamps = _numbers(board.lamps, "lamp")
    for name in board.buttons:
        if name != "skip" and not name.startswith(("face-", "option-")):
            yield f"buttons.{name}: a button is face-N, option-N or skip"
    if faces not in ([0, 1], list(range(1, max(2, len(faces)) + 1))):
        yield "buttons: faces must be face-1, face-2 and so on without a gap, or face-0 and face-1"
    if options != list(range(1, len(options) + 1)):
        yield "buttons: options must be option-1, option-2 and so on without a gap"
    if lamps not in ([1], list(range(1, len(board.buttons) + 1))):
        yield "lamps: there must be lamp-1 for all buttons, or lamp-1, lamp-2 and so on for each"


def _numbers(names: dict[str, int], kind: str) -> list[int | None]:
    """The numbers of all names of a kind, in order; ``None`` first for names without one."""
    numbers = []
    for name in names:
        if name.startswith(f"{kind}-"):
            match = _NUMBERED.fullmatch(name)
            numbers.append(int(match[2]) if match else None)
    return sorted(numbers, key=lambda number: -1 if number is None else number)
