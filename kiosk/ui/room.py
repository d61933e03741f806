"""The room on a glass: how high rows at the bottom are, and which columns suit some tiles best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.ui.glass import Glass, Rect
from kiosk.ui.grid import cells, most, rows_of, span
from kiosk.ui.sizes import Sizes
from kiosk.ui.tiles import Dress, Tile, dress
from kiosk.ui.ways import Strip

_LOW_PART: Final = 0.6
"""With reach ``low`` nothing that is touched is above this part of the glass."""
_ALONE: Final = 2.6
_BESIDE: Final = 1.4
"""How many times as wide as high tiles at the bottom are: alone, and beside the strip."""
_STRIP: Final = 2.75
"""The least width of the strip, in sides of a target."""
_TALL: Final = 1.15
"""The most that a tile is higher than wide."""


@dataclass(frozen=True, slots=True)
class Room:
    """The place for everything.

    Attributes:
        area: the glass without its margin.
        targets_top: what is touched begins here, or lower.
    """

    area: Rect
    targets_top: float
    sizes: Sizes

    def per_row(self) -> int:
        """How many tiles stand side by side at the bottom."""
        return most(self.area.width, self.sizes.target, self.sizes.gap)

    def rows_height(self, count: int) -> float:
        """Height of ``count`` tiles at the bottom, the gap above included."""
        rows = rows_of(count, self.per_row())
        return span(rows, self.sizes.row, self.sizes.gap) + (self.sizes.gap if rows else 0.0)

    def bottom_height(self, count: int, strip: Strip, strip_px: float) -> float:
        """Height of ``count`` tiles at the bottom and of the idle texts, with the gap above."""
        rows = self.rows_height(count)
        if strip == "under":
            return rows + strip_px + self.sizes.gap
        return max(rows, strip_px + self.sizes.gap) if strip == "beside" else rows

    def side(self, tiles: Sequence[Tile], place: Rect, *, is_beside: bool) -> Dress:
        """Tiles at the bottom, in the middle; ``is_beside``: narrow, at the end of the line."""
        gap = self.sizes.gap
        rows = rows_of(len(tiles), self.per_row())
        columns = rows_of(len(tiles), rows)  # as even as may be: three and three, not five and one
        wish = _BESIDE if is_beside else _ALONE
        width = min(place.width, span(columns, self.sizes.row * wish, gap))
        left = place.right - width if is_beside else place.x + (place.width - width) / 2
        taken = Rect(left, place.y, width, place.height)
        return dress(tiles, cells(taken, len(tiles), columns, gap), self.sizes)

    def is_side_whole(self, tiles: Sequence[Tile], *, is_beside: bool) -> bool:
        """Whether tiles fit at the bottom with all their words, and leave room if ``is_beside``."""
        if not tiles:
            return True
        height = self.rows_height(len(tiles)) - self.sizes.gap
        place = Rect(self.area.x, self.area.y, self.area.width, height)
        dressed = self.side(tiles, place, is_beside=is_beside)
        left = dressed.items[0].rect.x - self.area.x
        is_room_left = not is_beside or left > self.sizes.target * _STRIP
        return is_room_left and not (dressed.is_broken or dressed.is_cut)

    def columns(self, tiles: Sequence[Tile], height: float, *, is_strict: bool) -> int:
        """The number of columns that shows ``tiles`` best within ``height``.

        Args:
            tiles: what is shown.
            height: of the place, in pixels; as wide as the area.
            is_strict: every word must be whole.

        Returns:
            0, if they don't fit.
        """
        best, columns = float("-inf"), 0
        for tried in range(1, self._most_columns(len(tiles)) + 1):
            rows = rows_of(len(tiles), tried)
            if span(rows, self.sizes.target, self.sizes.gap) > height + 0.5:
                continue
            dressed = self.dressed(tiles, tried, height)
            if is_strict and (dressed.is_broken or dressed.is_cut):
                continue
            worth = self._worth(tiles, dressed, rows, tried)
            if worth > best:
                best, columns = worth, tried
        return columns

    def capacity(self, tiles: Sequence[Tile], height: float, *, is_strict: bool) -> int:
        """How many such tiles fit into ``height``, each at least as large as a target.

        With ``is_strict``, only as far as every word stays whole; 0 if none does.
        """
        rows = most(height, self.sizes.target, self.sizes.gap)
        found = 0
        for columns in range(1, self._most_columns(len(tiles)) + 1):
            places = columns * rows
            if places <= found:
                continue
            if not is_strict or self._is_whole(tiles, columns, rows, height):
                found = places
        return found

    def _is_whole(self, tiles: Sequence[Tile], columns: int, rows: int, height: float) -> bool:
        """Whether each of the tiles keeps its words in one cell of such a grid."""
        place = Rect(self.area.x, self.area.y, self.area.width, height)
        cell = cells(place, columns * rows, columns, self.sizes.gap)[0]
        dressed = dress(tiles, [cell] * len(tiles), self.sizes)
        return not (dressed.is_broken or dressed.is_cut)

    def dressed(self, tiles: Sequence[Tile], columns: int, height: float) -> Dress:
        """The tiles in ``columns``, in a place of that height at the top of the area."""
        place = Rect(self.area.x, self.area.y, self.area.width, height)
        return dress(tiles, cells(place, len(tiles), columns, self.sizes.gap), self.sizes)

    def wished_height(self, count: int, columns: int) -> float:
        """Of ``count`` tiles that have all the room they want."""
        width = (self.area.width - (columns - 1) * self.sizes.gap) / columns
        tall = max(min(width * _TALL, self.sizes.picture * 1.5), self.sizes.target)
        return span(rows_of(count, columns), tall, self.sizes.gap)

    def _most_columns(self, count: int) -> int:
        return min(count, most(self.area.width, self.sizes.target, self.sizes.gap))

    def _worth(self, tiles: Sequence[Tile], dressed: Dress, rows: int, columns: int) -> float:
        """Words that can be read come first, then large drawings; a scale stands in one row."""
        sizes = self.sizes
        letters = min(dressed.font_px / sizes.body, 1.0) * 2 if dressed.font_px else 0.0
        pictures = min(dressed.picture_px / sizes.picture, 1.0)
        is_line = rows == 1 or (columns == 1 and pictures > 0)
        is_even = len(tiles) % columns == 0
        faults = 4.0 * dressed.is_broken + 8.0 * dressed.is_cut
        return letters + pictures + 0.6 * is_line + 0.6 * is_even - 0.1 * rows - faults


def room_on(glass: Glass, sizes: Sizes) -> Room:
    """The room on ``glass``."""
    area = glass.rect.inset(sizes.margin)
    if glass.reach == "all":
        return Room(area, area.y, sizes)
    needed = span(_rows_needed(area, sizes), sizes.row, sizes.gap) + sizes.margin
    return Room(area, glass.height_px - max(glass.height_px * _LOW_PART, needed), sizes)


def _rows_needed(area: Rect, sizes: Sizes) -> int:
    """One row of choices; below it, up to four tiles in one row, or on a narrow glass in two."""
    return 2 if most(area.width, sizes.target, sizes.gap) >= 4 else 3
