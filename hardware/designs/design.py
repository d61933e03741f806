"""A reference design as its folder tells it: boards, box and parts."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from hardware.board import Board, find_board
from hardware.enclosure.box import Box
from hardware.enclosure.rules import check
from hardware.panel import TACTILE_KEYS
from hardware.wiring.net import inputs_of, is_driven, wires_of

DESIGNS: Final = Path(__file__).parent

Language: TypeAlias = Literal["en", "bg"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "bg")
"""Languages of whatever people read here; what is written in one is written in all."""

Each: TypeAlias = Literal[
    "kiosk",
    "button",
    "key",
    "contact",
    "lamp",
    "driver",
    "buzzer",
    "headphones",
    "terminal",
    "wire",
]
"""What a part is counted by."""


class DesignError(ValueError):
    """A design that can't be right; the text names the file and what is wrong in it."""


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in each language."""

    en: str
    bg: str

    def in_language(self, language: Language) -> str:
        """Return the words in ``language``."""
        return self.bg if language == "bg" else self.en


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the bill of materials.

    Attributes:
        what: the part, as it is asked for in any shop.
        use: what for, or what to look for.
        each: counted by this; a kind that the board lacks makes none.
        pieces: so many for each.
        option: empty for what every kiosk has, else the option it belongs to.
    """

    what: Text
    use: Text
    each: Each = "kiosk"
    pieces: int = 1
    option: Text | None = None

    def count(self, board: Board) -> int:
        """Return how many pieces a kiosk with ``board`` takes."""
        return self.pieces * counts_of(board)[self.each]


class Parts(Struct, frozen=True, forbid_unknown_fields=True):
    """A bill of materials."""

    parts: list[Part]


class Design(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reference design.

    Attributes:
        title: what it is called.
        boards: names of the shipped boards that fit its box.
        box: measures of the box.
    """

    title: Text
    boards: list[str]
    box: Box


_T = TypeVar("_T", bound=Struct)


def shipped_designs() -> list[str]:
    """Return the names of the designs that come with the product."""
    return sorted(path.parent.name for path in DESIGNS.glob("*/design.toml"))


def find_design(name: str, folder: Path = DESIGNS) -> Design:
    """Load the design ``name``, and check its box for each of its boards.

    Raises:
        DesignError: its file can't be read, or has unknown or missing keys.
        BoxError: its box breaks a rule.
        BoardError: one of its boards isn't there.
    """
    design = _load(folder / name / "design.toml", Design)
    for board in design.boards:
        check(design.box, find_board(board))
    return design


def parts_of(name: str, folder: Path = DESIGNS) -> list[Part]:
    """Load the bill of materials of the design ``name``.

    Raises:
        DesignError: its file can't be read, or has unknown or missing keys.
    """
    return _load(folder / name / "parts.toml", Parts).parts


def _load(path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise DesignError(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise DesignError(f"{path}: {error}") from error


def counts_of(board: Board) -> dict[Each, int]:
    """Count on ``board`` what parts are counted by.

    Each button with a face has its own lamp in the cap, even where one pin lights them all.
    """
    keys = sum(name in TACTILE_KEYS for name in board.buttons)
    buttons = len(board.buttons) - keys
    lamps = buttons if board.lamps else 0
    return {
        "kiosk": 1,
        "button": buttons,
        "key": keys,
        "contact": len(inputs_of(board)),
        "lamp": lamps,
        "driver": int(is_driven(board)),
        "buzzer": int(board.buzzer is not None),
        "headphones": int(board.headphones is not None),
        "terminal": 2 * (buttons + keys + lamps),
        "wire": len(wires_of(board)),
    }
