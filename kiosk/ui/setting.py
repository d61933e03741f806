"""Set one page: every tile and text gets its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
        set_strip: sets the idle texts.
    """

    def __init__(self, room: Room, header: Header, picture: str, set_strip: SetStrip) -> None:
        self._room = room
        self._header = header
        self._picture = picture
        self._set_strip = set_strip

    def items(self, page: Page) -> list[Item]:
        """All items of ``page``."""
        low, bottom = self._bottom(page)
        body, items = self._body(page, bottom)
        top = body.y if page.tiles or self._picture else bottom
        area = self._room.area
        place = Rect(area.x, area.y, area.width, top - self._room.sizes.padding - area.y)
        return [*self._header.items(place), *items, *low]

    def _body(self, page: Page, bottom: float) -> tuple[Rect, list[Item]]:
        room = self._room
        if not page.tiles:
            return self._pictured(page.height, bottom)
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
        return place, [*dressed.items]

    def _dressed(
        self, page: Page, columns: int, height: float, bottom: float
    ) -> tuple[Rect, Dress]:
        area, sizes = self._room.area, self._room.sizes
        place = Rect(area.x, bottom - height, area.width, height)
        places = cells(place, len(page.tiles), columns, sizes.gap)
        return place, dress(page.tiles, places, sizes)

    def _pictured(self, height: float, bottom: float) -> tuple[Rect, list[Item]]:
        """A drawing where there is nothing to touch."""
        area = self._room.area
        side = max(0.0, min(height, self._room.sizes.picture * 1.5, area.width))
        box = Rect(area.x + (area.width - side) / 2, bottom - side, side, side)
        if not self._picture:
            return box, []
        return box, [Item(role="picture", rect=box, drawing=self._picture, drawing_box=box)]

    def _bottom(self, page: Page) -> tuple[list[Item], float]:
        """Tiles at the bottom and idle texts; and where what is above must end."""
        area, sizes = self._room.area, self._room.sizes
        bottom = area.bottom
        found: list[Item] = []
        if page.strip == "under":
            found += self._set_strip(Rect(area.x, bottom - sizes.row, area.width, sizes.row))
            bottom -= sizes.row + sizes.gap
        height = self._room.rows_height(len(page.side))
        if page.side:
            place = Rect(area.x, bottom - height + sizes.gap, area.width, height - sizes.gap)
            is_beside = page.strip == "beside"
            dressed = self._room.side(page.side, place, is_beside=is_beside)
            left = dressed.items[0].rect.x - sizes.gap - place.x
            found += self._set_strip(replace(place, width=left)) if is_beside else []
            found += dressed.items
        elif page.strip == "beside":
            found += self._set_strip(Rect(area.x, bottom - sizes.row, area.width, sizes.row))
            height = sizes.row + sizes.gap
        return found, bottom - height
