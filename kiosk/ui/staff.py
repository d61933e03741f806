"""The maintenance screen: its PIN, then facts and the self-test. For staff, not for visitors."""

from __future__ import annotations

from typing import Final, Literal

from kiosk.scene import Fact, Scene
from kiosk.ui.glass import Rect
from kiosk.ui.grid import cells, rows_of, span
from kiosk.ui.item import Align, Item, written
from kiosk.ui.room import Room
from kiosk.ui.tiles import Tile, dress
from kiosk.ui.type import LINE, Measure, Text

_DIGITS: Final = "1234567890"
_MARKS: Final = {"good": "tick", "bad": "no", "unknown": "other", "running": "clock"}
"""Drawings: they need no font."""
_INKS: Final = {"good": "good", "bad": "bad"}
_TILES: Final = 3
_NAME_PART: Final = 0.4
_LINE: Final = 1.6
"""From fact to fact, in em."""
_MARK: Final = 0.8
"""Side of a fact's mark, as a part of a line."""


class Staff:
    """Sets the maintenance screen."""

    def __init__(self, scene: Scene, room: Room, measure: Measure) -> None:
        self._scene = scene
        self._room = room
        self._measure = measure

    def pad(self, pin_length: int) -> list[Item]:
        """The title, a dot for each digit typed, and the keys.

        Keys are as large as any target where twelve of them have room; on a glass below 7 inches
        they are what the glass allows: staff reach it by hand, visitors never see it.
        """
        tiles = [self._key(digit, digit) for digit in _DIGITS]
        tiles += [self._key("back", "", "erase"), self._key("ok", "", "tick")]
        tiles.append(Tile(role="chrome", target="leave", label=self._words(""), drawing="back"))
        area, sizes = self._room.area, self._room.sizes
        columns, rows = self._grid(len(tiles))
        height = min(area.height * 0.84, span(rows, sizes.row * 1.3, sizes.gap))
        place = Rect(area.x, area.bottom - height, area.width, height)
        width = min(area.width, span(columns, sizes.row * 2.2, sizes.gap))
        place = Rect(area.x + (area.width - width) / 2, place.y, width, height)
        keys = dress(tiles, cells(place, len(tiles), columns, sizes.gap), sizes).items
        line = Rect(area.x, area.y, area.width, place.y - area.y - sizes.gap)
        shown = f"{self._scene.title}  {'•' * pin_length}"
        return [self._set("title", shown, line), *keys]

    def _grid(self, count: int) -> tuple[int, int]:
        """Columns and rows, as square as the glass."""
        area = self._room.area
        columns = 3 if area.height > area.width else 5
        return columns, rows_of(count, columns)

    def _key(self, name: str, text: str, drawing: str = "") -> Tile:
        label = self._words(text)
        return Tile(
            role="pin", target=f"pin:{name}", label=label, drawing=drawing, is_large=bool(text)
        )

    def facts(self, page: int) -> tuple[list[Item], int, int]:
        """A page of facts, with tiles for the self-test, more facts and the way out.

        Returns:
            The items, which page this is, and how many there are.
        """
        area, sizes = self._room.area, self._room.sizes
        heading = sizes.body_least * _LINE
        is_stacked = not self._are_names_short()
        line = heading + (sizes.least * LINE if is_stacked else 0.0)
        title = Rect(area.x, area.y, area.width, heading)
        height = area.height - heading - self._room.rows_height(_TILES)
        each = max(1, int(height // line))
        pages = max(1, rows_of(len(self._scene.facts), each))
        page %= pages
        found = [self._set("title", self._scene.title, title)]
        for n, fact in enumerate(self._scene.facts[page * each : (page + 1) * each]):
            top = title.bottom + n * line
            place = Rect(area.x, top, area.width, line)
            found += self._fact(fact, place, is_stacked=is_stacked)
        return [*found, *self._tiles(page, pages)], page, pages

    def _tiles(self, page: int, pages: int) -> list[Item]:
        area, sizes = self._room.area, self._room.sizes
        names = {choice.button: choice.text for choice in self._scene.choices}
        tiles = [
            Tile(role="chrome", target=target, label=self._words(names.get(target, "")), drawing=d)
            for target, d in (("leave", "back"), ("self-test", "wrench"))
        ]
        if pages > 1:
            label = self._words(f"{page + 1}/{pages}")
            target = f"page:{(page + 1) % pages}"
            tiles.append(Tile(role="page", target=target, label=label, drawing="more"))
        height = self._room.rows_height(len(tiles)) - sizes.gap
        place = Rect(area.x, area.bottom - height, area.width, height)
        return [*self._room.side(tiles, place, is_beside=False).items]

    def _are_names_short(self) -> bool:
        """Whether each name has room before its text, in one line and in readable type."""
        area, sizes = self._room.area, self._room.sizes
        width = area.width * _NAME_PART - self._mark_px - sizes.padding
        font_px = (sizes.body_least + sizes.least) / 2
        blocks = [self._words(fact.name).wrap(width, font_px) for fact in self._scene.facts]
        return all(len(block.lines) <= 1 for block in blocks)

    @property
    def _mark_px(self) -> float:
        return self._room.sizes.body_least * _LINE * _MARK

    def _fact(self, fact: Fact, place: Rect, *, is_stacked: bool) -> list[Item]:
        """One fact in ``place``: its mark, its name, and the text beside or below that."""
        side, sizes = self._mark_px, self._room.sizes
        mark = Rect(place.x, place.y + (place.height - side) / 2, side, side)
        left = mark.right + sizes.padding
        name = Rect(left, place.y, place.width * _NAME_PART - left + place.x, place.height)
        text = Rect(name.right, place.y, place.right - name.right, place.height)
        if is_stacked:
            name = Rect(left, place.y, place.right - left, sizes.least * LINE)
            text = Rect(left, name.bottom, name.width, place.height - name.height)
        ink = _INKS.get(fact.mark, "ink")
        found = [
            self._set("fact", fact.name, name, "faint"),
            self._set("fact", fact.text, text, ink),
        ]
        if fact.mark in _MARKS:
            drawing = _MARKS[fact.mark]
            found.append(Item(role="fact", rect=mark, drawing=drawing, drawing_box=mark))
        return found

    def _set(
        self, role: Literal["title", "fact"], text: str, place: Rect, ink: str = "ink"
    ) -> Item:
        sizes = self._room.sizes
        block = self._words(text).fit(
            place.width, place.height, largest=sizes.body_least, least=sizes.least
        )
        align: Align = "center" if role == "title" else "left"
        return written(role, place, block, align=align, ink=ink, is_bold=role == "title")

    def _words(self, text: str) -> Text:
        return Text(text, self._measure)
