"""Figures as textures with smooth edges, on any graphics chip.

A figure is drawn twice or four times as large, and halved again: each pixel is then the mean of
four or sixteen. The chip's own smoothing (multisampling) would cost 12 MB for the whole glass, and
not every chip has it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from kivy.graphics import Color, Ellipse, Fbo, InstructionGroup, Line, Mesh, Rectangle
from kivy.graphics.texture import Texture

from kiosk.ui.drawings import Part, Rgb, colour, drawing, placed
from kiosk.ui.glass import Rect
from kiosk.ui.item import Scheme

LARGEST_PX: Final = 400
"""Nothing is drawn larger, to be halved: memory that was taken once is not given back."""

WHITE: Final = (1.0, 1.0, 1.0)
SEGMENTS: Final = 90
MAX_FIGURES: Final = 64
"""Figures that are kept: those of a few pages."""


@lru_cache(maxsize=MAX_FIGURES)
def figure(name: str, side_px: int, scheme: Scheme) -> Texture:
    """The figure ``name`` in a square of ``side_px``, on nothing."""
    parts = drawing(name)
    side = _finer(side_px)
    drawn = InstructionGroup()
    for part in parts:
        _add(drawn, part, side, scheme)
    # What is transparent has the colour of the outline: else half transparent edges are too dark.
    around = colour(scheme, parts[0].stroke or parts[0].fill)
    return _halved(_rendered(drawn, side, around), side, side_px, around)


@lru_cache(maxsize=MAX_FIGURES)
def disc(radius_px: int) -> Texture:
    """A white disc on nothing: the four corners of a rounded box."""
    side = _finer(2 * radius_px)
    drawn = InstructionGroup()
    drawn.add(Color(*WHITE))
    drawn.add(Ellipse(size=(side, side), segments=SEGMENTS))
    return _halved(_rendered(drawn, side, WHITE), side, 2 * radius_px, WHITE)


def _finer(side_px: int) -> int:
    return side_px * (4 if side_px * 4 <= LARGEST_PX else 2)


def _halved(texture: Texture, side: int, side_px: int, around: Rgb) -> Texture:
    """``texture``, a square of ``side``, halved until it is ``side_px`` large."""
    while side > side_px:
        side //= 2
        smaller = InstructionGroup()
        smaller.add(Color(*WHITE))
        smaller.add(Rectangle(texture=texture, size=(side, side)))
        texture = _rendered(smaller, side, around)
    return texture


def _rendered(drawn: InstructionGroup, side: int, around: Rgb) -> Texture:
    canvas = Fbo(size=(side, side), clear_color=(*around, 0))
    canvas.add(drawn)
    canvas.draw()
    return canvas.texture


def _add(drawn: InstructionGroup, part: Part, side: int, scheme: Scheme) -> None:
    points = [(x, side - y) for x, y in placed(part, Rect(0, 0, side, side))]
    if part.fill:
        drawn.add(Color(*colour(scheme, part.fill)))
        drawn.add(_area(part, points))
    if part.stroke:
        drawn.add(Color(*colour(scheme, part.stroke)))
        flat = [number for point in points for number in point]
        half = part.width * side / 2
        drawn.add(Line(points=flat, width=half, close=part.is_closed, joint="round", cap="round"))


def _area(part: Part, points: list[tuple[float, float]]) -> Mesh:
    return Mesh(
        # Each corner: x, y, and where in a texture, of which there is none.
        vertices=[number for x, y in points for number in (x, y, 0.0, 0.0)],
        indices=[corner for triangle in part.triangles for corner in triangle],
        mode="triangles",
    )
