"""Draws items with Kivy: boxes, lines of text, figures, a QR code; others decide where."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import segno
from kivy.core.text import Label
from kivy.graphics import Canvas, Color, Line, Mesh, Rectangle, RoundedRectangle
from kivy.graphics.texture import Texture

from kiosk.ui.drawings import Part, colour, drawing, placed
from kiosk.ui.glass import Rect
from kiosk.ui.item import Arrangement, Item, Scheme

FontFile: TypeAlias = Callable[[bool], str]
"""``font_file(is_bold)``: the font for the language that is shown."""

VEIL: Final = 0.75
"""How much a veil hides of what lies below: one still sees that it waits."""

MAX_TEXTS: Final = 200
"""Lines of text that are kept as textures; one page of one scene has thirty at most."""


class Painter:
    """Draws arrangements into one canvas.

    Kivy keeps the instructions and draws a frame only when they change, so a page costs once.

    Args:
        canvas: of a widget; what is in it is ours.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._texts: OrderedDict[tuple[str, int, str], Texture] = OrderedDict()
        self._glass = Rect(0, 0, 0, 0)
        self._scheme: Scheme = "light"
        self._countdown: tuple[Rectangle, Rect] | None = None

    def paint(self, arrangement: Arrangement, glass: Rect, font_file: FontFile) -> None:
        """Draw ``arrangement`` on ``glass``, in place of what was there."""
        self._glass = glass
        self._scheme = arrangement.scheme
        self._countdown = None
        self._canvas.clear()
        with self._canvas:
            self._fill(glass, "ground")
            for item in arrangement.items:
                self._draw(item, font_file)

    def count_down(self, left: float) -> None:
        """Let the bar of the countdown show that ``left`` of the time, 1 to 0, is left."""
        if self._countdown is not None:
            bar, full = self._countdown
            bar.size = (full.width * min(1.0, max(0.0, left)), full.height)

    def _draw(self, item: Item, font_file: FontFile) -> None:
        self._box(item)
        if item.drawing:
            draw_figure(item.drawing, item.drawing_box, self._glass.height, self._scheme)
        if item.role == "qr" and item.value:
            self._code(item)
        for number, line in enumerate(item.lines):
            self._line(line, number, item, font_file(item.is_bold))

    def _box(self, item: Item) -> None:
        """The box of an item: a border inside its rectangle, and what it is filled with."""
        if item.edge and item.edge_px:
            if item.fill:
                self._fill(item.rect, item.edge, item.radius_px)
            else:
                self._border(item)
        if item.fill:
            edge_px = item.edge_px if item.edge else 0.0
            inner = item.rect.inset(edge_px)
            alpha = VEIL if item.role == "veil" else 1.0
            box = self._fill(inner, item.fill, max(0.0, item.radius_px - edge_px), alpha)
            if item.role == "countdown":
                self._countdown = (box, inner)

    def _fill(
        self, rect: Rect, token: str, radius_px: float = 0.0, alpha: float = 1.0
    ) -> Rectangle:
        Color(*colour(self._scheme, token), alpha)
        place = {"pos": self._pos(rect), "size": (rect.width, rect.height)}
        return RoundedRectangle(radius=[radius_px], **place) if radius_px else Rectangle(**place)

    def _border(self, item: Item) -> None:
        Color(*colour(self._scheme, item.edge))
        middle = item.rect.inset(item.edge_px / 2)
        place = (*self._pos(middle), middle.width, middle.height)
        if item.radius_px:
            Line(rounded_rectangle=(*place, item.radius_px), width=item.edge_px / 2)
        else:
            Line(rectangle=place, width=item.edge_px / 2, joint="miter")

    def _code(self, item: Item) -> None:
        """A QR code, black on white in every scheme: phones look for that."""
        texture = _qr_texture(item.value)
        Color(1, 1, 1)
        Rectangle(
            texture=texture, pos=self._pos(item.rect), size=(item.rect.width, item.rect.height)
        )

    def _line(self, text: str, number: int, item: Item, font_file: str) -> None:
        texture = self._texture(text, item.font_px, font_file)
        box = item.text_box
        width, height = texture.size
        free = box.width - width
        x = box.x + {"left": 0.0, "center": free / 2, "right": free}[item.align]
        y = box.y + number * item.line_px + (item.line_px - height) / 2
        Color(*colour(self._scheme, item.ink))
        # On whole pixels: letters between two of them are blurred.
        place = Rect(round(x), round(y), width, height)
        Rectangle(texture=texture, pos=self._pos(place), size=texture.size)

    def _texture(self, text: str, font_px: float, font_file: str) -> Texture:
        key = (text, round(font_px), font_file)
        if key not in self._texts:
            label = Label(text=text, font_size=key[1], font_name=font_file, padding=0)
            label.refresh()
            self._texts[key] = label.texture
            if len(self._texts) > MAX_TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return self._texts[key]

    def _pos(self, rect: Rect) -> tuple[float, float]:
        """The lower left corner, as Kivy counts: upwards."""
        return rect.x, self._glass.height - rect.bottom


def draw_figure(name: str, box: Rect, height: float, scheme: Scheme) -> None:
    """Draw the figure ``name`` to fill ``box``, on a canvas of ``height``."""
    for part in drawing(name):
        points = [(x, height - y) for x, y in placed(part, box)]
        if part.fill:
            Color(*colour(scheme, part.fill))
            _area(part, points)
        if part.stroke:
            Color(*colour(scheme, part.stroke))
            flat = [number for point in points for number in point]
            width_px = part.width * box.width / 2
            Line(points=flat, width=width_px, close=part.is_closed, joint="round", cap="round")


def _area(part: Part, points: list[tuple[float, float]]) -> None:
    Mesh(
        # Each corner: x, y, and where in a texture, of which there is none.
        vertices=[number for x, y in points for number in (x, y, 0.0, 0.0)],
        indices=[corner for triangle in part.triangles for corner in triangle],
        mode="triangles",
    )


@lru_cache(maxsize=4)
def _qr_texture(address: str) -> Texture:
    """A QR code with its quiet zone, one texel a module."""
    rows = [
        bytes(0 if is_dark else 255 for is_dark in row)
        for row in segno.make_qr(address, error="m").matrix_iter(border=4)
    ]
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.blit_buffer(b"".join(rows), colorfmt="luminance", bufferfmt="ubyte")
    texture.flip_vertical()
    texture.mag_filter = "nearest"
    return texture


def text_width(text: str, font_px: float, font_file: str) -> float:
    """Width of one line of text, in pixels."""
    width: float = Label(font_size=font_px, font_name=font_file).get_extents(text)[0]
    return width
