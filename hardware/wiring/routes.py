"""The ways of wires in a diagram: straight, square, and never one upon another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hardware.drawing import Point
from hardware.wiring.net import Wire

ROW_MM: Final = 7.0
"""From one row of the drawn header to the next."""

TOP_MM: Final = 32.0
"""Height of the header's first row."""

LEFT_MM: Final = 133.0
RIGHT_MM: Final = 141.0
"""Where the header's two columns stand."""

TAG_MM: Final = 32.0
"""Length of the label at each place."""

LANE_MM: Final = 2.4
"""From one upright stretch to the next."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one wire, from the header to its part.

    Attributes:
        wire: which one.
        points: corners, the header's end first.
    """

    wire: Wire
    points: tuple[Point, ...]


def pin_at(place: int) -> Point:
    """Return where a place of the header is drawn: odd on the left, even on the right."""
    return RIGHT_MM if place % 2 == 0 else LEFT_MM, TOP_MM + (place - 1) // 2 * ROW_MM


def between_rows(index: int, pitch_mm: float) -> float:
    """Return a height for the part ``index`` at which no wire leaves the header.

    ``pitch_mm`` is a multiple of half a row.
    """
    return TOP_MM + 1.25 * ROW_MM + index * pitch_mm


def ways_of(wires: Sequence[Wire], ends: dict[str, Point]) -> list[Way]:
    """Find the ways of ``wires`` to the ``ends``, by number, all on one side of the header.

    Each has an upright stretch to itself. Wires that fall are sorted so that the lowest turns
    first, those that rise so that the highest does: neighbours never cross without need.
    """
    falls = [wire for wire in wires if ends[wire.number][1] >= pin_at(wire.place)[1]]
    rises = [wire for wire in wires if wire not in falls]
    falls.sort(key=lambda wire: -wire.place)
    rises.sort(key=lambda wire: wire.place)
    return [_way(wire, ends[wire.number], lane) for lane, wire in enumerate(falls + rises)]


def _way(wire: Wire, end: Point, lane: int) -> Way:
    x, y = pin_at(wire.place)
    is_left = end[0] < LEFT_MM
    out = -1 if is_left else 1
    turn = (LEFT_MM if is_left else RIGHT_MM) + out * (TAG_MM + 5 + lane * LANE_MM)
    if is_left != (wire.place % 2 == 1):
        # To the other side, a wire passes between two rows, below its own.
        gap = y + ROW_MM / 2
        return Way(wire, ((x, y), (x - out * 1.2, gap), (turn, gap), (turn, end[1]), end))
    return Way(wire, ((x, y), (turn, y), (turn, end[1]), end))
