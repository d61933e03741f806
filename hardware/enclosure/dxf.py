"""Plates as DXF (AutoCAD Release 12, ASCII), full size in millimetres, for a cutting shop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from hardware.enclosure.plates import Plate

APART_MM: Final = 20.0
"""From one plate to the next."""

Pair: TypeAlias = tuple[int, int | str]
"""A group of the format: its code and its value."""


def dxf_of(plates: Iterable[Plate]) -> str:
    """Return ``plates`` side by side, each as often as it is cut, on the layer ``CUT``."""
    pairs: list[Pair] = [(0, "SECTION"), (2, "ENTITIES")]
    x = 0.0
    for plate in plates:
        for _ in range(plate.pieces):
            pairs += _plate(plate, x)
            x += plate.size_mm[0] + APART_MM
    pairs += [(0, "ENDSEC"), (0, "EOF")]
    return "".join(f"{code}\n{value}\n" for code, value in pairs)


def _plate(plate: Plate, x: float) -> Iterator[Pair]:
    yield from _outline([(x + px, py) for px, py in plate.outline])
    for hole in plate.holes:
        width, height = hole.hole_mm
        at = (x + hole.x_mm, hole.y_mm)
        if hole.is_round:
            yield from (
                (0, "CIRCLE"),
                (8, "CUT"),
                (10, _n(at[0])),
                (20, _n(at[1])),
                (40, _n(width / 2)),
            )
        else:
            signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
            yield from _outline(
                [(at[0] + sx * width / 2, at[1] + sy * height / 2) for sx, sy in signs]
            )


def _outline(corners: list[tuple[float, float]]) -> Iterator[Pair]:
    yield from ((0, "POLYLINE"), (8, "CUT"), (66, 1), (70, 1))  # 66: vertices follow; 70: closed
    for x, y in corners:
        yield from ((0, "VERTEX"), (8, "CUT"), (10, _n(x)), (20, _n(y)))
    yield (0, "SEQEND")


def _n(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}"
