"""Draws items with Kivy: boxes, lines of text, figures, a QR code; others decide where."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import segno
from kivy.graphics import (
    BorderImage,
    Canvas,
    Color,
    InstructionGroup,
    Line,
    PopMatrix,
    PushMatrix,
    Rectangle,
    SmoothLine,
    Translate,
)
from kivy.graphics.texture import Texture

from kiosk.ui.drawings import colour
from kiosk.ui.figures import disc, figure
from kiosk.ui.glass import Rect
from kiosk.ui.item import Arrangement, Item, Scheme
from kiosk.ui.lettering import Lettering

VEIL: Final = 0.75
"""How much a veil hides of what lies below: one still sees that it waits."""

BORDER: Final = 4
"""Modules of white around a QR code."""

NOWHERE: Final = Rect(0, 0, 0, 0)


class Painter:
    """Draws arrangements into one canvas.

    Kivy keeps the instructions and draws a frame only when they change, so a page costs once.

    Args:
        canvas: of a widget; what is in it is ours.
        letters: sets lines of text.
    """

    def __init__(self, canvas: Canvas, letters: Lettering) -> None:
        self._letters = letters
        self._glass = NOWHERE
        self._scheme: Scheme = "light"
        self._countdown: tuple[Rectangle, Rect] | None = None
        self._film: tuple[Rectangle, Rect] | None = None
        with canvas:
            self._ground = Color(0, 0, 0)
            self._floor = Rectangle()
            PushMatrix()
            self._shift = Translate(0, 0)
            self._items = InstructionGroup()
            PopMatrix()
            self._dark = Color(0, 0, 0, 0)
            self._shade = Rectangle()

    def paint(self, arrangement: Arrangement, glass: Rect) -> None:
        """Draw ``arrangement`` on ``glass``, in place of what was there."""
        self._glass = glass
        self._scheme = arrangement.scheme
        self._countdown = self._film = None
        self._ground.rgb = colour(self._scheme, "ground")
        self._floor.size = self._shade.size = (glass.width, glass.height)
        self._items.clear()
        for item in arrangement.items:
            self._draw(item)

    def count_down(self, left: float) -> None:
        """Let the bar of the countdown show that ``left`` of the time, 1 to 0, is left."""
        if self._countdown is not None:
            bar, full = self._countdown
            # Whole pixels: a bar that did not move need not be drawn again.
            size = (round(full.width * min(1.0, max(0.0, left))), full.height)
            if tuple(bar.size) != size:
                bar.size = size

    @property
    def has_film(self) -> bool:
        """Whether there is a place for a clip."""
        return self._film is not None

    def play(self, picture: Texture) -> None:
        """Let ``picture`` be seen where the clip has its place, as large as it fits."""
        if self._film is None:
            return
        shown, place = self._film
        if shown.texture is not picture:
            share = min(place.width / picture.width, place.height / picture.height)
            size = (round(picture.width * share), round(picture.height * share))
            x, y = self._pos(place)
            left, below = (place.width - size[0]) // 2, (place.height - size[1]) // 2
            shown.texture, shown.size, shown.pos = picture, size, (x + left, y + below)

    def shift(self, right_px: int, down_px: int) -> None:
        """Let everything stand so much beside its place."""
        if tuple(self._shift.xy) != (right_px, -down_px):
            self._shift.xy = (right_px, -down_px)

    def darken(self, by: float) -> None:
        """Let everything be darker: 0 not at all, 1 black."""
        if abs(self._dark.a - by) > 0.005:
            self._dark.a = by

    def _draw(self, item: Item) -> None:
        self._box(item)
        if item.drawing:
            self._figure(item)
        if item.role == "qr" and item.value:
            self._code(item)
        if item.role == "clip":
            self._items.add(Color(1, 1, 1))
            self._film = Rectangle(size=(0, 0)), _on_pixels(item.rect)
            self._items.add(self._film[0])
        for number, line in enumerate(item.lines):
            self._line(line, number, item)

    def _box(self, item: Item) -> None:
        """The box of an item: a border inside its rectangle, and what it is filled with."""
        edge_px = round(item.edge_px) if item.edge else 0
        if edge_px and not item.fill:
            self._border(item)
        elif item.fill:
            rect = _on_pixels(item.rect)
            if edge_px:
                self._fill(rect, item.edge, item.radius_px)
            self._inside(item, rect.inset(edge_px), item.radius_px - edge_px)

    def _inside(self, item: Item, rect: Rect, radius_px: float) -> None:
        """What is inside of the border."""
        if item.role == "countdown":
            # It gets shorter than round corners could be.
            self._countdown = (self._fill(rect, item.fill), rect)
        else:
            self._fill(rect, item.fill, radius_px, VEIL if item.role == "veil" else 1.0)

    def _fill(
        self, rect: Rect, token: str, radius_px: float = 0.0, alpha: float = 1.0
    ) -> Rectangle:
        self._items.add(Color(*colour(self._scheme, token), alpha))
        pos, size = self._pos(rect), (rect.width, rect.height)
        radius = round(radius_px)
        if radius > 0:
            box = BorderImage(pos=pos, size=size, texture=disc(radius), border=[radius] * 4)
        else:
            box = Rectangle(pos=pos, size=size)
        self._items.add(box)
        return box

    def _border(self, item: Item) -> None:
        self._items.add(Color(*colour(self._scheme, item.edge)))
        # What frames the glass reaches beyond it: it is shifted with everything else.
        beyond_px = item.edge_px if item.role == "frame" else 0.0
        width_px = item.edge_px + beyond_px
        middle = item.rect.inset(width_px / 2 - beyond_px)
        place = (*self._pos(middle), middle.width, middle.height)
        if item.radius_px:
            self._items.add(
                SmoothLine(rounded_rectangle=(*place, item.radius_px), width=width_px / 2)
            )
        else:
            self._items.add(Line(rectangle=place, width=width_px / 2, joint="miter"))

    def _figure(self, item: Item) -> None:
        box = item.drawing_box
        side = round(box.width)
        # On whole pixels, so that it stays as sharp as it was made.
        place = Rect(round(box.x), round(box.y), side, side)
        self._items.add(Color(1, 1, 1))
        texture = figure(item.drawing, side, self._scheme)
        self._items.add(Rectangle(texture=texture, pos=self._pos(place), size=(side, side)))

    def _code(self, item: Item) -> None:
        """A QR code, black on white in every scheme: phones look for that."""
        self._items.add(Color(1, 1, 1))
        rect = _on_pixels(item.rect)
        texture = _code_texture(item.value, int(rect.width))
        size = (rect.width, rect.height)
        self._items.add(Rectangle(texture=texture, pos=self._pos(rect), size=size))

    def _line(self, text: str, number: int, item: Item) -> None:
        pieces = self._letters.pieces(text, item.font_px, is_bold=item.is_bold)
        free_px = item.text_box.width - sum(piece.texture.width for piece in pieces)
        # On whole pixels: letters between two of them are blurred.
        x = round(
            item.text_box.x + {"left": 0.0, "center": free_px / 2, "right": free_px}[item.align]
        )
        middle = item.text_box.y + (number + 0.5) * item.line_px
        height = pieces[0].texture.height if pieces else 0
        base = round(middle - height / 2) + (pieces[0].ascent_px if pieces else 0)
        self._items.add(Color(*colour(self._scheme, item.ink)))
        for piece in pieces:
            width, height = piece.texture.size
            place = Rect(x, base - piece.ascent_px, width, height)
            self._items.add(
                Rectangle(texture=piece.texture, pos=self._pos(place), size=piece.texture.size)
            )
            x += width

    def _pos(self, rect: Rect) -> tuple[float, float]:
        """The lower left corner, as Kivy counts: upwards."""
        return rect.x, self._glass.height - rect.bottom


def _on_pixels(rect: Rect) -> Rect:
    """The same from whole pixel to whole pixel, so that its edges are sharp."""
    x, y = round(rect.x), round(rect.y)
    return Rect(x, y, round(rect.right) - x, round(rect.bottom) - y)


@lru_cache(maxsize=4)
def _code_texture(address: str, side_px: int) -> Texture:
    """A QR code with its quiet zone, as large as ``side_px`` or a little larger.

    It is drawn a little smaller, then: all modules stay equally large. Nothing soils a screen for
    long, so the least correction of errors does, and leaves the largest modules.
    """
    code = segno.make_qr(address, error="l")
    scale = math.ceil(side_px / code.symbol_size(border=BORDER)[0])
    rows = [
        bytes(0 if is_dark else 255 for is_dark in row)
        for row in code.matrix_iter(scale=scale, border=BORDER)
    ]
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.blit_buffer(b"".join(rows), colorfmt="luminance", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture
