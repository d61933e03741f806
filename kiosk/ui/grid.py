"""Rows and columns of equal boxes with gaps between them."""

from __future__ import annotations

import math

from kiosk.ui.glass import Rect


def most(length: float, side: float, gap: float) -> int:
    """How many boxes of at least ``side`` fit into ``length``."""
    return int(max(0.0, length + gap + 1e-6) // (side + gap))


def rows_of(count: int, columns: int) -> int:
    """How many rows ``count`` boxes need."""
    return math.ceil(count / columns) if count else 0


def span(count: int, side: float, gap: float) -> float:
    """The length of ``count`` boxes in a row."""
    return max(0.0, count * side + (count - 1) * gap)


def cells(area: Rect, count: int, columns: int, gap: float) -> list[Rect]:
    """``count`` equal boxes that fill ``area``, row by row; a shorter last row is centred."""
    rows = rows_of(count, columns)
    width = (area.width - (columns - 1) * gap) / columns
    height = (area.height - (rows - 1) * gap) / rows
    found = []
    for n in range(count):
        row, column = divmod(n, columns)
        in_row = min(columns, count - row * columns)
        start = area.x + (area.width - span(in_row, width, gap)) / 2
        left, top = start + column * (width + gap), area.y + row * (height + gap)
        found.append(Rect(left, top, width, height))
    return found
