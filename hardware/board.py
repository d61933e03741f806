"""Pin maps: which button, lamp, buzzer and socket sits on which pin of the Raspberry Pi."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from hardware.panel import TACTILE_KEYS, PanelError

BOARDS: Final = Path(__file__).parent / "boards"

PINS: Final = range(28)
"""GPIO numbers (BCM) of the 40-pin header."""

RESERVED: Final = {
    0: "identity of add-on boards",
    1: "identity of add-on boards",
    2: "I2C, for a real-time clock",
    3: "switch-off button (overlay gpio-shutdown), which also wakes the Pi; or I2C, not both",
    14: "serial console",
    15: "serial console",
}

Sound: TypeAlias = Literal["i2s", "pwm"]

SOUND_PINS: Final[dict[Sound, range]] = {"i2s": range(18, 22), "pwm": range(12, 14)}
"""Pins that sound from the header takes: I2S its own four, PWM those of the overlay audremap."""

_NUMBERED: Final = re.compile(r"(face|option)-(0|[1-9]\d?)")


class BoardError(PanelError):
    """A pin map that can't be right; the text names the file and the key."""


class Board(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to wire a panel.

    Attributes:
        title: what it is, for people.
        buttons: pin of each ``face-N``, ``option-N``, ``skip`` and tactile key (``previous``,
            ``next``, ``select``, ``help``); the contact closes to ground.
        lamps: pin of each ``lamp-N``, high when lit: one for all, or one a button that has a face.
        buzzer: pin of an active buzzer, high when it sounds.
        headphones: pin of the switch in the headphones' socket, which joins it to ground.
        plugged: what that switch is while a plug is in; ``open`` in the usual socket.
        sound: sound made by the header's own pins, which are then taken; USB and HDMI need none.
    """

    title: str
    buttons: dict[str, int]
    lamps: dict[str, int] = msgspec.field(default_factory=dict)
    buzzer: int | None = None
    headphones: int | None = None
    plugged: Literal["open", "closed"] = "open"
    sound: Sound | None = None


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
    sound = SOUND_PINS[board.sound] if board.sound else ()
    for key, pin in _pins(board):
        if pin not in PINS:
            yield f"{key}: there is no GPIO {pin}; the header has 0 to {PINS[-1]}"
        elif pin in RESERVED:
            yield f"{key}: GPIO {pin} is reserved ({RESERVED[pin]})"
        elif pin in sound:
            yield f"{key}: GPIO {pin} carries the sound (sound = {board.sound!r})"
        if pin in taken:
            yield f"{key}: GPIO {pin} is {taken[pin]} already"
        taken.setdefault(pin, key)


def _pins(board: Board) -> Iterator[tuple[str, int]]:
    yield from ((f"buttons.{name}", pin) for name, pin in board.buttons.items())
    yield from ((f"lamps.{name}", pin) for name, pin in board.lamps.items())
    for key, pin in (("buzzer", board.buzzer), ("headphones", board.headphones)):
        if pin is not None:
            yield key, pin


def _faults_of_names(board: Board) -> Iterator[str]:
    keys = [name for name in board.buttons if name in TACTILE_KEYS]
    lit = [name for name in board.buttons if name not in TACTILE_KEYS]
    for name in lit:
        if name != "skip" and not name.startswith(("face-", "option-")):
            yield f"buttons.{name}: a button is face-N, option-N, skip or {', '.join(TACTILE_KEYS)}"
    if keys and len(keys) < len(TACTILE_KEYS):
        yield f"buttons: tactile keys come together: {', '.join(TACTILE_KEYS)}"
    yield from _faults_of_faces(_numbers(board.buttons, "face"), may_miss=bool(keys and not lit))
    options = _numbers(board.buttons, "option")
    if options != list(range(1, len(options) + 1)):
        yield "buttons: options must be option-1, option-2 and so on without a gap"
    yield from _faults_of_lamps(board.lamps, len(lit))


def _faults_of_faces(faces: list[int | None], *, may_miss: bool) -> Iterator[str]:
    """Check the faces' numbers; a board of tactile keys alone may do without."""
    if may_miss and not faces:
        return
    if faces not in ([0, 1], list(range(1, max(2, len(faces)) + 1))):
        yield "buttons: faces must be face-1, face-2 and so on without a gap, or face-0 and face-1"


def _faults_of_lamps(lamps: dict[str, int], lit: int) -> Iterator[str]:
    """Check the lamps of a board with ``lit`` buttons that may have one."""
    names = [f"lamp-{number}" for number in range(1, lit + 1)]
    if sorted(lamps) not in (names[:1], sorted(names)):
        yield (
            "lamps: there must be lamp-1 for all buttons, or lamp-1, lamp-2 and so on for each; "
            "tactile keys have none"
        )


def _numbers(names: dict[str, int], kind: str) -> list[int | None]:
    """The numbers of all names of a kind, in order; ``None`` first for names without one."""
    numbers = []
    for name in names:
        if name.startswith(f"{kind}-"):
            match = _NUMBERED.fullmatch(name)
            numbers.append(int(match[2]) if match else None)
    return sorted(numbers, key=lambda number: -1 if number is None else number)
