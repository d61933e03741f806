"""What must hold of a box, so that everyone can reach and press what is on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from hardware.board import Board
from hardware.enclosure.box import Box, Hole, holes_of

OPERABLE_MM: Final = (800.0, 1100.0)
"""Operable parts over the floor. After the draft of EN 301 549 V4."""

REACH_MM: Final = 300.0
"""How far behind the foremost edge an operable part may lie. Our choice, after the same draft,
which allows 400: an arm that is stretched out presses badly."""

FLOOR_MM: Final = (760.0, 1220.0)
"""Clear floor before the kiosk, width and depth: a wheelchair. Our choice, after the wheelchair
space that EN 301 549 V3.2.1 reckons with."""

BUTTON_MM: Final = 40.0
"""Least diameter of a face button. Our choice: pressed with a fist or a knuckle."""

KEY_MM: Final = 16.0
"""Least diameter of a tactile key. Our choice: a raised sign must fit on it."""

GAP_MM: Final = 15.0
"""Least way between two things that are pressed. Our choice: a thumb's breadth less a cap."""

EDGE_MM: Final = 10.0
"""Least material between a hole or cap and the edge of the front."""

TILT_DEG: Final = (15.0, 60.0)
"""Upright is hard to press, flat gathers dust, drinks and light. Our choice."""

THICKNESS_MM: Final = (2.0, 6.0)
"""Less bends under a fist; more than 6 mm is thicker than most buttons clamp. Our choice."""


class BoxError(ValueError):
    """A box that can't be right; the text names each measure and its bound."""


def check(box: Box, board: Board) -> None:
    """Accept ``box`` for ``board``.

    Raises:
        BoxError: a rule is broken; all that are broken are told.
    """
    if faults := list(faults_of(box, board)):
        raise BoxError("; ".join(faults))


def faults_of(box: Box, board: Board) -> Iterator[str]:
    """Tell all that is wrong with ``box`` for ``board``."""
    holes = holes_of(box, board)
    yield from _faults_of_plates(box)
    yield from _faults_of_sizes(box)
    yield from _faults_of_missing(board, holes)
    yield from _faults_of_places(box, holes)
    yield from _faults_of_reach(box, holes)


def _faults_of_plates(box: Box) -> Iterator[str]:
    bounds = {"tilt_deg": TILT_DEG, "thickness_mm": THICKNESS_MM}
    for name, (least, most) in bounds.items():
        if not least <= (value := getattr(box, name)) <= most:
            yield f"{name}: {value:g} is not within {least:g} to {most:g}"


def _faults_of_sizes(box: Box) -> Iterator[str]:
    for name, row, least in (("faces", box.faces, BUTTON_MM), ("keys", box.keys, KEY_MM)):
        if row is None:
            continue
        if row.cap_mm < least:
            yield f"{name}.cap_mm: {row.cap_mm:g} is less than {least:g}"
        if row.gap_mm < GAP_MM:
            yield f"{name}.gap_mm: {row.gap_mm:g} is less than {GAP_MM:g}"
    rows = {"faces": box.faces, "keys": box.keys, "headphones": box.headphones}
    for name, row in rows.items():
        if row is not None and row.hole_mm > row.cap_mm - 2:
            yield f"{name}.hole_mm: {row.hole_mm:g} must be at least 2 less than the cap"


def _faults_of_missing(board: Board, holes: list[Hole]) -> Iterator[str]:
    parts = [*board.buttons, *(["headphones"] if board.headphones is not None else [])]
    there = {hole.part for hole in holes}
    for part in parts:
        if part not in there:
            yield f"{part}: the front has no hole for it"


def _faults_of_places(box: Box, holes: list[Hole]) -> Iterator[str]:
    for hole in holes:
        width, height = hole.cap_mm
        edge = 0.0 if hole.part == "screw" else EDGE_MM
        across = min(hole.x_mm, box.width_mm - hole.x_mm) - width / 2
        along = min(hole.y_mm, box.height_mm - hole.y_mm) - height / 2
        if min(across, along) < edge:
            yield f"{hole.part}: {min(across, along):g} mm from the edge, less than {edge:g}"
        if (room := box.room_behind(hole.y_mm)) < hole.depth_mm:
            yield f"{hole.part}: {hole.depth_mm:g} mm deep, but the box has {room:.0f} there"
    for one, other in itertools.combinations(holes, 2):
        least = GAP_MM if one.is_operated and other.is_operated else 2.0
        if (gap := _gap(one, other)) < least:
            yield f"{one.part} and {other.part}: {gap:.0f} mm apart, less than {least:g}"


def _gap(one: Hole, other: Hole) -> float:
    """Free way between what two parts cover; between circles along their middles."""
    across = abs(one.x_mm - other.x_mm)
    along = abs(one.y_mm - other.y_mm)
    if one.is_round and other.is_round:
        return float((across**2 + along**2) ** 0.5 - (one.cap_mm[0] + other.cap_mm[0]) / 2)
    free_x = across - (one.cap_mm[0] + other.cap_mm[0]) / 2
    free_y = along - (one.cap_mm[1] + other.cap_mm[1]) / 2
    return max(free_x, free_y)


def _faults_of_reach(box: Box, holes: list[Hole]) -> Iterator[str]:
    least, most = OPERABLE_MM
    for hole in (hole for hole in holes if hole.is_operated):
        half = hole.cap_mm[1] / 2
        low, high = box.over_floor(hole.y_mm - half), box.over_floor(hole.y_mm + half)
        if low < least or high > most:
            yield (
                f"{hole.part}: {low:.0f} to {high:.0f} mm over the floor is not within "
                f"{least:g} to {most:g}"
            )
        if (reach := box.reach(hole.y_mm + half)) > REACH_MM:
            yield f"{hole.part}: {reach:.0f} mm behind the front edge, more than {REACH_MM:g}"
