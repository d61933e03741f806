"""Drawings and colours as the kiosk uses them; ``otziv look`` makes the files (docs/look.md)."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct, structs

from kiosk.ui.glass import Rect
from kiosk.ui.item import Scheme

LOOK: Final = Path(__file__).with_name("look")
STANDS_IN: Final = "other"
"""Drawn where there is no drawing of a name: a survey may name one that a later version has."""

_COLOUR: Final = re.compile("#[0-9a-f]{6}", re.IGNORECASE)
_log: Final = logging.getLogger(__name__)

Rgb: TypeAlias = tuple[float, float, float]


class Part(Struct, frozen=True, kw_only=True):
    """One part of a drawing: an area, a line, or an area with a border.

    Attributes:
        points: corners in the unit square, ``y`` downwards.
        is_closed: the line leads from the last corner back to the first.
        fill: name of the colour of the area, which ``triangles`` cover; empty for none.
        triangles: each three indices of ``points``.
        stroke: name of the colour of the line; empty for none.
        width: of the line, as a part of the drawing's width; its ends and corners are round.
    """

    points: tuple[tuple[float, float], ...]
    is_closed: bool = False
    fill: str = ""
    triangles: tuple[tuple[int, int, int], ...] = ()
    stroke: str = ""
    width: float = 0.0


class Tokens(Struct, frozen=True):
    """Colours by scheme and name; letters and spaces in millimetres (``tokens.toml``)."""

    colours: dict[str, dict[str, str]]
    type: dict[str, float]
    space: dict[str, float]


@cache
def drawings() -> dict[str, tuple[Part, ...]]:
    """All drawings by name; parts are drawn in order."""
    content = (LOOK / "drawings.json").read_bytes()
    return msgspec.json.decode(content, type=dict[str, tuple[Part, ...]])


@cache
def tokens() -> Tokens:
    """Colours and sizes."""
    ours = msgspec.json.decode((LOOK / "tokens.json").read_bytes(), type=Tokens)
    return structs.replace(ours, colours=_own_colours(ours, _own[0])) if _own else ours


def wear(look: Path | None) -> None:
    """Take the municipality's own colours from the file ``look``, or ours; before drawing."""
    _own[:] = [] if look is None else [look]
    tokens.cache_clear()
    colour.cache_clear()


_own: Final[list[Path]] = []


def _own_colours(ours: Tokens, look: Path) -> dict[str, dict[str, str]]:
    """Our colours, and over them those of the file; a kiosk shows a face whatever is in a file."""
    try:
        found = msgspec.json.decode(look.read_bytes(), type=Tokens).colours
    except (OSError, msgspec.DecodeError) as error:
        _log.error("the colours of %s can't be used, so these are ours: %s", look, error)
        return ours.colours
    return {
        scheme: {
            name: theirs
            if _COLOUR.fullmatch(theirs := found.get(scheme, {}).get(name, ""))
            else own
            for name, own in names.items()
        }
        for scheme, names in ours.colours.items()
    }


def drawing(name: str) -> tuple[Part, ...]:
    """The drawing of that name, or the one that stands in for it."""
    return drawings().get(name, drawings()[STANDS_IN])


def placed(part: Part, box: Rect) -> list[tuple[float, float]]:
    """The part's points in pixels, when its drawing fills ``box``."""
    return [(box.x + x * box.width, box.y + y * box.height) for x, y in part.points]


@cache
def colour(scheme: Scheme, name: str) -> Rgb:
    """A colour, each channel 0–1.

    Raises:
        KeyError: there is no colour of that name.
    """
    text = tokens().colours[scheme][name]
    red, green, blue = (int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return (red, green, blue)
