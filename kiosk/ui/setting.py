"""Set one page: every tile and text gets its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.ui.code import Code
from kiosk.ui.glass import Rect
from kiosk.ui.grid import cells, rows_of, span
from kiosk.ui.header import Header
from kiosk.ui.item import Item
from kiosk.ui.pages import Page
from kiosk.ui.room import Room
from kiosk.ui.tiles import Dress, dress

SetStrip = Callable[[Rect], list[Item]]
"""Sets what is shown while nobody is here, into a place."""


class Setting:
    """Sets pages.

    Args:
        room: the place.
        header: the texts above.
        picture: name of the drawing where there is nothing to choose; empty for none.
        code: the code for a phone, beside that drawing.
        set_strip: sets the idle texts.
    """

    def __init__(
        self, room: Room, header: Header, picture: str, code: Code, set_strip: SetStrip
    ) -> None:
        self._room = room
        self._header = header
        self._picture = picture
        self._code = code
        self._set_strip = set_strip

    def items(self, page: Page) -> list[Item]:
        """All items of ``page``."""
        low, bottom = self._bottom(page)
        left, items = self._body(page, bottom) if page.tiles else self._pictured(page, bottom)
        return [*self._header.items(left), *items, *low]

    def _above(self, y: float) -> Rect:
        """The place for the texts above what begins at ``y``."""
        area = self._room.area
        return Rect(area.x, area.y, area.width, y - self._room.sizes.padding - area.y)

    def _body(self, page: Page, bottom: float) -> tuple[Rect, list[Item]]:
        """The tiles in the middle, and the place that is left for the texts."""
        room = self._room
        columns = room.columns(page.tiles, page.height, is_strict=True) or max(
            1, room.columns(page.tiles, page.height, is_strict=False)
        )
        least = span(rows_of(len(page.tiles), columns), room.sizes.target, room.sizes.gap)
        # The question gets the size it wants before tiles become larger than they need to be.
        left = bottom - self._header.wished_height(room.area.width) - room.area.y
        wished = min(left, room.wished_height(len(page.tiles), columns))
        place, dressed = self._dressed(page, columns, max(least, min(page.height, wished)), bottom)
        if dressed.is_broken or dressed.is_cut:
            place, dressed = self._dressed(page, columns, max(least, page.height), bottom)
        return self._above(place.y), [*dressed.items]

    def _dressed(
        self, page: Page, columns: int, height: float, bottom: float
    ) -> tuple[Rect, Dress]:
        area, sizes = self._room.area, self._room.sizes
        place = Rect(area.x, bottom - height, area.width, height)
        places = cells(place, len(page.tiles), columns, sizes.gap)
        return place, dress(page.tiles, places, sizes)

    def _pictured(self, page: Page, bottom: float) -> tuple[Rect, list[Item]]:
        """Where there is nothing to choose: a drawing, a code, or both; what is left for texts."""
        area = self._room.area
        has_code = self._code.is_there and not page.strip_px
        if not (self._picture or has_code):
            return self._above(bottom), []
        if has_code and page.height < self._code.least_px:
            return self._coded_beside(bottom)
        side = max(0.0, min(page.height, self._room.sizes.picture * 1.5, area.width))
        place = Rect(area.x, bottom - side, area.width, side)
        if not has_code:
            return self._above(place.y), self._drawn(_centred(place, side))
        return self._coded(place)

    def _coded(self, place: Rect) -> tuple[Rect, list[Item]]:
        """Drawing and code side by side, one above the other, or the code alone: as it fits."""
        area, side, gap = self._room.area, place.height, self._room.sizes.gap
        both = _centred(place, 3 * side + 4 * gap)
        if self._picture and both.width <= place.width:
            code = Rect(both.x + side + 2 * gap, both.y, 2 * side + 2 * gap, side)
            drawn = self._drawn(replace(both, width=side))
            return self._above(place.y), [*drawn, *self._code.items(code)]
        # It may be smaller than the drawing, so that its words have room.
        side = max(self._code.least_px, min(side, place.width / 2))
        at = Rect(place.x, place.bottom - side, place.width, side)
        code = _centred(at, min(place.width, side * 3))
        above = Rect(place.x, code.y - gap - place.height, place.width, place.height)
        if self._picture and above.y - area.y >= self._header.wished_height(area.width):
            drawn = self._drawn(_centred(above, above.height))
            return self._above(above.y), [*drawn, *self._code.items(code)]
        return self._above(code.y), self._code.items(code)

    def _coded_beside(self, bottom: float) -> tuple[Rect, list[Item]]:
        """The code beside the text, where there is too little room below it."""
        area, side, gap = self._room.area, self._code.least_px, self._room.sizes.gap
        place = Rect(area.right - side, area.y, side, bottom - gap - area.y)
        left = self._above(bottom)
        return replace(left, width=left.width - side - gap), self._code.column(place)

    def _drawn(self, box: Rect) -> list[Item]:
        return [Item(role="picture", rect=box, drawing=self._picture, drawing_box=box)]

    def _bottom(self, page: Page) -> tuple[list[Item], float]:
        """Tiles at the bottom and idle texts; and where what is above must end."""
        room = self._room
        area, gap = room.area, room.sizes.gap
        height = room.bottom_height(len(page.side), page.strip, page.strip_px)
        place = Rect(area.x, area.bottom - height + gap, area.width, height - gap)
        found: list[Item] = []
        if page.strip == "under":
            at = Rect(area.x, area.bottom - page.strip_px, area.width, page.strip_px)
            found += self._set_strip(at)
            place = replace(place, height=at.y - gap - place.y)
        is_beside = page.strip == "beside"
        if page.side:
            found += self._room.side(page.side, place, is_beside=is_beside).items
        if is_beside:
            right = found[0].rect.x - gap if page.side else area.right
            found += self._set_strip(replace(place, width=right - place.x))
        return found, area.bottom - height


def _centred(place: Rect, width: float) -> Rect:
    """The middle of ``place``, so wide."""
    return replace(place, x=place.x + (place.width - width) / 2, width=width)
