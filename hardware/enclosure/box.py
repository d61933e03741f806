"""The box of a panel: a wedge with a tilted front, given by a few measures.

Seen from the side the box is a trapezium: an upright back, a shallow top, a deep bottom, and a
front that leans back by ``tilt_deg``. Front and back lie on the two cheeks, top and bottom between
them, all screwed to angles; so no plate needs a mitre.
"""

from __future__ import annotations

import math
from typing import Final

from msgspec import Struct

from hardware.board import Board
from hardware.panel import TACTILE_KEYS


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parts of one kind in a row across the front, in millimetres.

    Attributes:
        cap_mm: diameter of what a finger meets, or of the flange that covers the hole.
        hole_mm: diameter of the hole.
        gap_mm: free way between two neighbours' caps.
        height_mm: of the row's middle over the lower edge of the front, along the front.
        across_mm: of the row's middle from the middle of the front, to the right.
        depth_mm: how far a part reaches behind the front.
    """

    cap_mm: float
    hole_mm: float
    height_mm: float
    depth_mm: float
    gap_mm: float = 0
    across_mm: float = 0


class Display(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The opening for a touch display, lying, in the middle of the front, in millimetres."""

    diagonal_in: float
    width_mm: float
    height_mm: float
    centre_mm: float
    depth_mm: float


class Box(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All measures of a box.

    Attributes:
        width_mm: of the front, edge to edge.
        height_mm: of the front along its slope.
        top_mm: depth of the top.
        tilt_deg: by how much the front leans back; 0 stands upright.
        thickness_mm: of the plates.
        material: what they are of, for people.
        base_mm: height of the lower edge of the front over the floor.
        screw_mm: diameter of the screw holes, ``screw_edge_mm`` from both edges.
        faces, keys, headphones, sound, display: what goes through the front; a box may have more
            than a board needs, never less.
        cable_mm: hole for cables, and ``post_mm`` the square of four holes ``post_hole_mm`` wide
            for the post, all in the bottom.
    """

    width_mm: float
    height_mm: float
    top_mm: float
    tilt_deg: float
    thickness_mm: float
    material: str
    base_mm: float
    screw_mm: float = 4.5
    screw_edge_mm: float = 10
    cable_mm: float = 25
    post_mm: float = 60
    post_hole_mm: float = 6.5
    faces: Row | None = None
    keys: Row | None = None
    headphones: Row | None = None
    sound: Row | None = None
    display: Display | None = None

    @property
    def back_mm(self) -> float:
        """Height of the back, and of the box."""
        return self.height_mm * math.cos(self._tilt)

    @property
    def bottom_mm(self) -> float:
        """Depth of the bottom, between front and back."""
        return self.top_mm + self.height_mm * math.sin(self._tilt)

    @property
    def _tilt(self) -> float:
        return math.radians(self.tilt_deg)

    def over_floor(self, along_mm: float) -> float:
        """Return how high a point of the front is, ``along_mm`` above its lower edge."""
        return self.base_mm + along_mm * math.cos(self._tilt)

    def reach(self, along_mm: float) -> float:
        """Return how far behind the front's lower edge a point of the front is."""
        return along_mm * math.sin(self._tilt)

    def room_behind(self, along_mm: float) -> float:
        """Return the free depth behind a point of the front, square to it."""
        x = self.bottom_mm - self.reach(along_mm)
        y = along_mm * math.cos(self._tilt) - self.thickness_mm
        to_back = x / math.cos(self._tilt)
        to_bottom = y / math.sin(self._tilt) if self.tilt_deg else math.inf
        return min(to_back, to_bottom)


class Hole(Struct, frozen=True, kw_only=True):
    """One opening in the front, in millimetres from the front's lower left corner.

    Attributes:
        part: what goes through it: ``face-1``, ``headphones``, ``screw``, ``display`` …
        x_mm: of its middle.
        y_mm: of its middle, along the slope.
        cap_mm: width and height that the part covers.
        hole_mm: width and height of what is cut.
        depth_mm: how far the part reaches behind the front.
        is_round: a circle; otherwise a rectangle.
    """

    part: str
    x_mm: float
    y_mm: float
    cap_mm: tuple[float, float]
    hole_mm: tuple[float, float]
    depth_mm: float = 0
    is_round: bool = True

    @property
    def is_operated(self) -> bool:
        """Tell whether a visitor presses, touches or plugs something here."""
        return self.part not in UNTOUCHED


UNTOUCHED: Final = frozenset({"screw", "sound"})


def holes_of(box: Box, board: Board) -> list[Hole]:
    """Return every opening of the front of ``box`` for ``board``: its parts, then the screws."""
    faces = [name for name in board.buttons if name not in TACTILE_KEYS]
    keys = [name for name in board.buttons if name in TACTILE_KEYS]
    is_heard = board.buzzer is not None or board.headphones is not None
    holes = [
        *_row(box, box.faces, faces),
        *_row(box, box.keys, keys),
        *_row(box, box.headphones, ["headphones"] if board.headphones is not None else []),
        *_row(box, box.sound, ["sound"] if is_heard else []),
    ]
    if box.display is not None:
        size = (box.display.width_mm, box.display.height_mm)
        holes.append(
            Hole(
                part="display",
                x_mm=box.width_mm / 2,
                y_mm=box.display.centre_mm,
                cap_mm=size,
                hole_mm=size,
                depth_mm=box.display.depth_mm,
                is_round=False,
            )
        )
    return holes + _screws(box)


def _row(box: Box, row: Row | None, parts: list[str]) -> list[Hole]:
    if row is None:
        return []
    pitch = row.cap_mm + row.gap_mm
    start = box.width_mm / 2 + row.across_mm - pitch * (len(parts) - 1) / 2
    return [
        Hole(
            part=part,
            x_mm=start + index * pitch,
            y_mm=row.height_mm,
            cap_mm=(row.cap_mm, row.cap_mm),
            hole_mm=(row.hole_mm, row.hole_mm),
            depth_mm=row.depth_mm,
        )
        for index, part in enumerate(parts)
    ]


def _screws(box: Box) -> list[Hole]:
    edge, size = box.screw_edge_mm, (box.screw_mm, box.screw_mm)
    return [
        Hole(part="screw", x_mm=x, y_mm=y, cap_mm=(2 * size[0], 2 * size[1]), hole_mm=size)
        for y in (edge, box.height_mm - edge)
        for x in (edge, box.width_mm - edge)
    ]
