"""Tiles: what can be touched, a drawing with a word; tiles of one group have one size of type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kiosk.ui.glass import Rect
from kiosk.ui.item import NOWHERE, Item, Role
from kiosk.ui.sizes import Sizes
from kiosk.ui.type import LINE, Block, Text

_FLAT: Final = 1.3
"""From this ratio of width to height a word may stand beside its drawing."""
_LABEL: Final = 0.42
_LABEL_MOST: Final = 0.6
"""The part of a tile's height that the word below a drawing may take; at most, for two lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Something to touch that has no place yet.

    Attributes:
        target, drawing, language: as of an :class:`~kiosk.ui.item.Item`.
        is_large: its text is what counts, and may be as large as a question (numbers).
        is_rank: it stands on a scale, whose ranks belong side by side.
        is_loud: in the colour of the accent.
    """

    role: Role
    target: str
    label: Text
    drawing: str = ""
    language: str = ""
    is_focused: bool = False
    is_large: bool = False
    is_rank: bool = False
    is_loud: bool = False


@dataclass(frozen=True, slots=True)
class Dress:
    """Tiles that have their places.

    Attributes:
        font_px: of their labels; 0 where none has one.
        picture_px: side of their drawings; 0 where none has one.
        is_broken, is_cut: of any label.
    """

    items: tuple[Item, ...]
    font_px: float
    picture_px: float
    is_broken: bool
    is_cut: bool


def dress(tiles: Sequence[Tile], places: Sequence[Rect], sizes: Sizes) -> Dress:
    """Put each tile into its place, with labels of one size, as large as the longest allows.

    Words stand below the drawings or beside them, whichever reads better.
    """
    is_flat = all(at.width >= at.height * _FLAT for at in places)
    tried = [_dress(tiles, places, sizes, is_wide=False)]
    if is_flat:
        tried.append(_dress(tiles, places, sizes, is_wide=True))
    return max(tried, key=lambda dressed: _worth(dressed, sizes))


def _worth(dressed: Dress, sizes: Sizes) -> tuple[bool, bool, float]:
    """Whole words before large ones and large drawings."""
    shares = dressed.font_px / sizes.body + dressed.picture_px / sizes.picture
    return not dressed.is_cut, not dressed.is_broken, shares


def _dress(tiles: Sequence[Tile], places: Sequence[Rect], sizes: Sizes, *, is_wide: bool) -> Dress:
    forms = [
        _Form(tile, at, sizes, is_wide=is_wide) for tile, at in zip(tiles, places, strict=True)
    ]
    blocks = [form.label(form.largest) for form in forms]
    fonts = [block.font_px for block in blocks if block.lines]
    blocks = [form.label(_shared_font(form, forms, blocks)) for form in forms]
    width = max((block.width for block in blocks), default=0.0)
    height = max((block.height for block in blocks), default=0.0)
    items = tuple(
        form.item(block, width, height) for form, block in zip(forms, blocks, strict=True)
    )
    return Dress(
        items,
        min(fonts, default=0.0),
        min((item.drawing_box.width for item in items if item.drawing), default=0.0),
        is_broken=any(block.is_broken for block in blocks),
        is_cut=any(block.is_cut for block in blocks),
    )


def _shared_font(form: _Form, forms: Sequence[_Form], blocks: Sequence[Block]) -> float:
    """The type of all tiles like ``form``: a long word must not make numbers small, too."""
    like = zip(forms, blocks, strict=True)
    fonts = [b.font_px for other, b in like if b.lines and other.largest == form.largest]
    return min(fonts, default=form.largest)


class _Form:
    """A tile at its place; ``is_wide``: its word beside its drawing."""

    def __init__(self, tile: Tile, at: Rect, sizes: Sizes, *, is_wide: bool) -> None:
        self._tile = tile
        self._at = at
        self._sizes = sizes
        self._is_wide = is_wide
        self._room = at.inset(sizes.padding)

    @property
    def largest(self) -> float:
        """The type that the label would like."""
        return self._sizes.question if self._tile.is_large else self._sizes.body

    def label(self, largest: float) -> Block:
        """The label, as large as there is room for."""
        tile, sizes = self._tile, self._sizes
        if not tile.label.text:
            return Block((), largest)
        text = self._at.inset(sizes.padding / 2, sizes.padding)
        width, height = text.width, text.height
        if tile.drawing and self._is_wide:
            width = self._room.width - self._side - sizes.padding
        elif tile.drawing:
            two_lines = 2 * LINE * sizes.least
            height = min(max(height * _LABEL, two_lines), height * _LABEL_MOST)
        return tile.label.fit(width, height, largest=largest, least=min(sizes.least, largest))

    @property
    def _side(self) -> float:
        """Side of the drawing beside a word."""
        return min(self._room.height, self._at.width * 0.38, self._sizes.picture)

    def item(self, block: Block, width: float, height: float) -> Item:
        """The item; ``width`` and ``height`` are those of the largest label of all tiles."""
        tile, sizes = self._tile, self._sizes
        picture, text = self._boxes(block, width, height)
        is_beside = self._is_wide and tile.drawing and block.lines
        return Item(
            role=tile.role,
            rect=self._at,
            target=tile.target,
            lines=block.lines,
            text_box=text,
            font_px=block.font_px,
            line_px=block.line_px,
            align="left" if is_beside else "center",
            is_bold=tile.is_large or tile.is_loud,
            drawing=tile.drawing,
            drawing_box=picture,
            language=tile.language,
            fill="accent" if tile.is_loud else "card",
            ink="on-accent" if tile.is_loud else "ink",
            edge="accent" if tile.is_focused or tile.is_loud else "edge",
            edge_px=sizes.focus if tile.is_focused else sizes.edge,
            radius_px=sizes.radius,
            is_focused=tile.is_focused,
            is_cut=block.is_cut,
        )

    def _boxes(self, block: Block, width: float, height: float) -> tuple[Rect, Rect]:
        """Where the drawing goes, and where the text."""
        room = self._room
        if not self._tile.drawing:
            text = self._at.inset(self._sizes.padding / 2, 0)
            top = text.y + (text.height - block.height) / 2
            return NOWHERE, replace(text, y=top, height=block.height)
        if not block.lines:
            side = min(room.width, room.height, self._sizes.picture * 2)
            return _centred(room, side), NOWHERE
        return self._beside(block, width) if self._is_wide else self._below(block, height)

    def _beside(self, block: Block, width: float) -> tuple[Rect, Rect]:
        """Both in the middle, at one place in all tiles of a column."""
        room, air = self._room, self._sizes.padding
        spare = max(0.0, room.width - self._side - air - width) / 2
        picture = _centred(Rect(room.x + spare, room.y, self._side, room.height), self._side)
        left = picture.right + air
        top = room.y + (room.height - block.height) / 2
        return picture, Rect(left, top, room.right - left, block.height)

    def _below(self, block: Block, height: float) -> tuple[Rect, Rect]:
        """Both in the middle of a tall tile, all drawings at one height."""
        room, air = self._room, self._sizes.padding / 2
        above = replace(room, height=room.height - height - air)
        picture = _centred(above, max(0.0, min(above.width, above.height)))
        text = self._at.inset(self._sizes.padding / 2, 0)
        return picture, replace(text, y=picture.bottom + air, height=block.height)


def _centred(room: Rect, side: float) -> Rect:
    left, top = room.x + (room.width - side) / 2, room.y + (room.height - side) / 2
    return Rect(left, top, side, side)
