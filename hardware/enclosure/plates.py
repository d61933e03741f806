"""The plates that a box is cut from, as outlines and holes in millimetres."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hardware.board import Board
from hardware.enclosure.box import Box, Hole, holes_of


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate, seen from outside, its lower left corner at 0, 0 and y upwards.

    Attributes:
        name: ``front``, ``back``, ``cheek``, ``top`` or ``bottom``.
        pieces: how many are cut.
        outline: its corners.
        holes: what is cut out of it.
    """

    name: str
    pieces: int
    outline: tuple[tuple[float, float], ...]
    holes: tuple[Hole, ...] = ()

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height."""
        return max(x for x, _ in self.outline), max(y for _, y in self.outline)


def front_of(box: Box, board: Board) -> Plate:
    """Return the front of ``box`` with the holes of ``board``."""
    holes = tuple(holes_of(box, board))
    return Plate("front", 1, _rectangle(box.width_mm, box.height_mm), holes)


def plates_of(box: Box) -> list[Plate]:
    """Return the other plates, the same whatever the board."""
    inner = box.width_mm - 2 * box.thickness_mm
    # The bottom ends where its upper face meets the tilted front.
    depth = box.bottom_mm - box.thickness_mm * math.tan(math.radians(box.tilt_deg))
    back = _rectangle(box.width_mm, box.back_mm)
    cheek = ((0.0, 0.0), (box.bottom_mm, 0.0), (box.top_mm, box.back_mm), (0.0, box.back_mm))
    return [
        Plate("back", 1, back, tuple(_corner_screws(box, back))),
        Plate("cheek", 2, cheek),
        Plate("top", 1, _rectangle(inner, box.top_mm)),
        Plate("bottom", 1, _rectangle(inner, depth), tuple(_bottom_holes(box, inner, depth))),
    ]


def _rectangle(width: float, height: float) -> tuple[tuple[float, float], ...]:
    return ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))


def _corner_screws(box: Box, outline: tuple[tuple[float, float], ...]) -> list[Hole]:
    width, height = outline[2]
    edge = box.screw_edge_mm
    return [
        _round("screw", x, y, box.screw_mm)
        for y in (edge, height - edge)
        for x in (edge, width - edge)
    ]


def _bottom_holes(box: Box, width: float, depth: float) -> list[Hole]:
    half = box.post_mm / 2
    return [
        _round("cable", width / 2, depth / 2, box.cable_mm),
        *(
            _round("post", width / 2 + x, depth / 2 + y, box.post_hole_mm)
            for x in (-half, half)
            for y in (-half, half)
        ),
    ]


def _round(part: str, x: float, y: float, size: float) -> Hole:
    return Hole(part=part, x_mm=x, y_mm=y, cap_mm=(size, size), hole_mm=(size, size))
