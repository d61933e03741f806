"""Choices in pages: what does not fit is paged, and nothing is made smaller than a hand needs.

Ways to arrange are tried in order of their worth (:mod:`kiosk.ui.ways`); the first one that fits is
taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.ui.choices import Groups
from kiosk.ui.header import Header
from kiosk.ui.room import Room
from kiosk.ui.tiles import Tile
from kiosk.ui.type import Measure, Text
from kiosk.ui.ways import Strip, Way, ways

_LONGEST_COUNT = "8/8"


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page.

    Attributes:
        tiles: in the middle.
        side: at the bottom.
        strip, strip_px: where the idle texts stand, and how high they are.
        height: that the tiles may have together, in pixels.
    """

    tiles: tuple[Tile, ...]
    side: tuple[Tile, ...]
    strip: Strip
    strip_px: float
    height: float


class Pages:
    """All pages of what can be touched.

    Args:
        groups: the tiles.
        header: the texts above them.
        room: the place for both.
        measure: the font.
    """

    def __init__(self, groups: Groups, header: Header, room: Room, measure: Measure) -> None:
        self._groups = groups
        self._header = header
        self._room = room
        self._measure = measure

    def all(self, strip_heights: Sequence[float]) -> list[Page]:
        """The pages, the first one first; idle texts are shown, if possible.

        Raises:
            ValueError: the glass has no room for two rows of targets.
        """
        area = self._room.area
        is_wide = area.width > area.height
        for way in ways(self._groups, self._room.sizes, strip_heights, is_wide=is_wide):
            chunks = self._chunks(way)
            if chunks:
                return self._numbered(way, chunks)
        raise ValueError("the glass is too small for two rows of targets: check its diagonal")

    def _height(self, way: Way, side: int) -> float:
        """What is left for the tiles in the middle, with so many at the bottom."""
        room, sizes = self._room, self._room.sizes
        bottom = room.area.bottom - room.bottom_height(side, way.strip, way.strip_px)
        header = self._header.least_height(room.area.width, way.title_px) if way.title_px else 0.0
        return bottom - max(room.area.y + header + sizes.padding, room.targets_top)

    def _chunks(self, way: Way) -> list[tuple[Tile, ...]]:
        """The tiles in the middle by page; none if this way does not fit."""
        main, side = self._groups.main, self._side(way, 0)
        if way.is_merged:
            main, side = (*main, *side), []
        if way.is_paged:
            side.append(self._lead("more", 0, _LONGEST_COUNT))
        is_beside = way.strip == "beside"
        if way.is_strict and not self._room.is_side_whole(side, is_beside=is_beside):
            return []
        height = self._height(way, len(side))
        if height <= 0:
            return []
        if not main:
            return [()]
        if way.is_paged:
            places = self._room.capacity(main, height, is_strict=way.is_strict)
            return _even(main, places)
        return [main] if self._room.columns(main, height, is_strict=way.is_strict) else []

    def _side(self, way: Way, first: int) -> list[Tile]:
        """Tiles at the bottom of all pages; ``first`` is the number of the first other page."""
        side = [*self._groups.skip]
        for drawing, text, tiles, is_shown in self._gatherable(way):
            if is_shown:
                side += tiles
            else:
                side.append(self._lead(drawing, first, text))
                first += len(self._other_chunks(way, tiles))
        return side

    def _gatherable(self, way: Way) -> list[tuple[str, str, tuple[Tile, ...], bool]]:
        """Groups that one tile can stand for: its drawing and text, and whether they are shown."""
        corrects, languages = self._groups.corrects, self._groups.languages
        small = self._wordless(corrects) if way.corrects == "faces" else corrects
        is_shown = way.corrects != "gathered"
        # One tile is never worth a page of its own.
        return [
            ("correct", "", small, is_shown or len(corrects) < 2),
            ("language", self._groups.tags, languages, way.has_languages or len(languages) < 2),
        ]

    def _wordless(self, tiles: Sequence[Tile]) -> tuple[Tile, ...]:
        nothing = Text("", self._measure)
        return tuple(replace(tile, label=nothing) if tile.drawing else tile for tile in tiles)

    def _numbered(self, way: Way, chunks: list[tuple[Tile, ...]]) -> list[Page]:
        """All pages, with tiles that lead from one to another."""
        side = self._side(way, len(chunks))
        if way.is_merged:
            chunks, side = [(*self._groups.main, *side)], []
        height = self._height(way, len(side) + way.is_paged)
        pages = [
            Page(tiles, (*side, *self._more(n, 0, len(chunks))), way.strip, way.strip_px, height)
            for n, tiles in enumerate(chunks)
        ]
        for _, _, tiles, is_shown in self._gatherable(way):
            pages += [] if is_shown else self._other_pages(way, tiles, len(pages))
        return pages

    def _other_pages(self, way: Way, tiles: tuple[Tile, ...], first: int) -> list[Page]:
        """Pages of corrections or languages, with a way back."""
        chunks = self._other_chunks(way, tiles)
        back = self._lead("back", 0)
        height = self._height(way, 2)
        return [
            Page(chunk, (back, *self._more(n, first, len(chunks))), "none", 0.0, height)
            for n, chunk in enumerate(chunks)
        ]

    def _other_chunks(self, way: Way, tiles: tuple[Tile, ...]) -> list[tuple[Tile, ...]]:
        height = self._height(way, 2)
        for is_strict in (way.is_strict, False):
            chunks = _even(tiles, self._room.capacity(tiles, height, is_strict=is_strict))
            if chunks:
                return chunks
        return _even(tiles, 1)

    def _more(self, n: int, first: int, count: int) -> list[Tile]:
        """The tile that leads from page ``n`` of ``count`` to the next one, round and round."""
        if count < 2:
            return []
        return [self._lead("more", first + (n + 1) % count, f"{n + 1}/{count}")]

    def _lead(self, drawing: str, page: int, text: str = "") -> Tile:
        label = Text(text, self._measure)
        return Tile(role="page", target=f"page:{page}", label=label, drawing=drawing)


def _even(tiles: Sequence[Tile], places: int) -> list[tuple[Tile, ...]]:
    """``tiles`` in as few pages of at most ``places`` as do, all about as full."""
    if not places:
        return []
    each = math.ceil(len(tiles) / math.ceil(len(tiles) / places))
    return [tuple(tiles[start : start + each]) for start in range(0, len(tiles), each)]
