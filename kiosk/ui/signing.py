"""Room for a sign-language clip, beside what is asked or above it: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kiosk.ui.glass import Rect
from kiosk.ui.room import Room

_LEAST: Final = 2.0
"""Side of a clip in sides of a target, 40 mm: from 60 cm hands and face can be told apart."""
_SHARES: Final = (0.3, 0.22)
"""Larger glasses have larger clips: parts of the longer side, best first."""


def clip_places(room: Room) -> Iterator[tuple[Rect, Room]]:
    """Squares for a clip, the largest first, and the room that each of them leaves.

    On a wide glass it is a column at the end of the line, on a tall one a row at the top.
    """
    area, sizes = room.area, room.sizes
    longer = max(area.width, area.height)
    least = sizes.target * _LEAST
    for side in (*(longer * share for share in _SHARES if longer * share > least), least):
        taken = side + sizes.gap
        if area.width > area.height:
            left = replace(area, width=area.width - taken)
            place = Rect(area.right - side, area.y + (area.height - side) / 2, side, side)
        else:
            left = replace(area, y=area.y + taken, height=area.height - taken)
            place = Rect(area.x + (area.width - side) / 2, area.y, side, side)
        if min(left.width, left.height) > least:
            yield place, replace(room, area=left, targets_top=max(room.targets_top, left.y))
