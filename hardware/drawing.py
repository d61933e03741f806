"""Drawings as SVG, in millimetres: what is drawn 100 long is printed 100 mm long on A4."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias
from xml.sax.saxutils import escape

Point: TypeAlias = tuple[float, float]
"""Millimetres from the left and from the top of the sheet."""

Anchor: TypeAlias = Literal["start", "middle", "end"]

Word: TypeAlias = Callable[[str], str]
"""Gives an English text in the language of the drawing."""

EM: Final = 0.62
"""Width of a letter over its height, on average, in the widest of the fonts below."""

# Greys and shapes carry the meaning; colour only helps, since offices print in black and white.
STYLE: Final = """
text { font-family: 'DejaVu Sans', Verdana, Arial, sans-serif; font-size: 3px; fill: #000 }
.title { font-size: 5px; font-weight: bold } .head { font-size: 3.4px; font-weight: bold }
.bold { font-weight: bold } .small { font-size: 2.6px } .tiny { font-size: 2.2px }
polyline, polygon, rect, ellipse { fill: none; stroke: #000; stroke-width: 0.3 }
.thick { stroke-width: 0.6 } .thin { stroke-width: 0.15 } .solid { fill: #000 }
.paper { fill: #fff } .shade { fill: #eee } .zone { fill: #dcefdc; stroke: none }
.hidden { stroke-dasharray: 1.5 1 } .axis { stroke-width: 0.15; stroke-dasharray: 4 1 1 1 }
.input { stroke: #0b4fa0 } .lamp { stroke: #8a5a00 } .buzzer { stroke: #6a1b7a }
.ground { stroke: #000; stroke-width: 0.7 }
.supply { stroke: #b00020; stroke-width: 0.7; stroke-dasharray: 3 1 }
.tag-input { fill: #d6e6fa } .tag-lamp { fill: #ffe9b8 } .tag-buzzer { fill: #f0dcf5 }
.tag-ground { fill: #d0d0d0 } .tag-supply { fill: #ffd9d9 }
"""


@dataclass(slots=True)
class Sheet:
    """One sheet of paper.

    Attributes:
        title: for those who hear the drawing instead of seeing it.
        width_mm: of the paper; A4 lying unless told.
        height_mm: of the paper.
    """

    title: str
    width_mm: float = 297
    height_mm: float = 210
    _marks: list[str] = field(default_factory=list)

    def line(self, points: Sequence[Point], kind: str = "") -> None:
        """Draw a line through ``points``."""
        self._marks.append(f'<polyline class="{kind}" points="{_pairs(points)}"/>')

    def shape(self, points: Sequence[Point], kind: str = "") -> None:
        """Draw a closed shape around ``points``."""
        self._marks.append(f'<polygon class="{kind}" points="{_pairs(points)}"/>')

    def box(self, corner: Point, size: Point, kind: str = "") -> None:
        """Draw a rectangle from its upper left ``corner``."""
        (x, y), (width, height) = corner, size
        self._marks.append(
            f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" '
            f'width="{_n(width)}" height="{_n(height)}"/>'
        )

    def circle(self, centre: Point, radius: float, kind: str = "", flat: float = 1) -> None:
        """Draw a circle, or one that is seen aslant: ``flat`` times as high as wide."""
        x, y = centre
        self._marks.append(
            f'<ellipse class="{kind}" cx="{_n(x)}" cy="{_n(y)}" '
            f'rx="{_n(radius)}" ry="{_n(radius * flat)}"/>'
        )

    def text(
        self, at: Point, words: str, kind: str = "", anchor: Anchor = "start", turn: float = 0
    ) -> None:
        """Write ``words`` from, around or up to ``at``, turned by ``turn`` degrees."""
        x, y = at
        turned = f' transform="rotate({_n(turn)} {_n(x)} {_n(y)})"' if turn else ""
        self._marks.append(
            f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{turned}>'
            f"{escape(words)}</text>"
        )

    def measure(self, start: Point, end: Point, words: str, off: float = 8) -> None:
        """Draw a dimension from ``start`` to ``end``, ``off`` mm to the left of that way.

        The words stand on the line, or beyond its end where it is too short for them.
        """
        length = math.dist(start, end)
        along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        aside = (along[1] * math.copysign(1, off), -along[0] * math.copysign(1, off))
        ends = [_moved(point, aside, abs(off)) for point in (start, end)]
        for point, away in zip((start, end), ends, strict=True):
            self.line([_moved(point, aside, 1), _moved(away, aside, 1)], "thin")
            tick = (along[0] + aside[0], along[1] + aside[1])
            self.line([_moved(away, tick, -0.8), _moved(away, tick, 0.8)])
        self.line(ends, "thin")
        turn = math.degrees(math.atan2(along[1], along[0]))
        if not -90 <= turn < 90:
            turn -= math.copysign(180, turn)  # nobody reads upside down
        width = len(words) * 2.6 * EM
        reach = length / 2 if width < length - 1 else length + width / 2 + 1.5
        up = (math.sin(math.radians(turn)), -math.cos(math.radians(turn)))
        at = _moved(_moved(ends[0], along, reach), up, 0.8)
        self.text(at, words, "small", "middle", turn)

    def svg(self) -> str:
        """Return the whole drawing, a file of its own."""
        width, height = _n(self.width_mm), _n(self.height_mm)
        size = f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
                f"<title>{escape(self.title)}</title>",
                f"<style>{STYLE}</style>",
                f'<rect width="{width}" height="{height}" style="fill:#fff;stroke:none"/>',
                *self._marks,
                "</svg>\n",
            ]
        )


def number(value: float, word: Word) -> str:
    """Write ``value`` as the drawing's language does, with tenths at most: 4.5, but 4,5."""
    return f"{round(value, 1):g}".replace(".", word("."))


def _moved(point: Point, way: Point, by: float) -> Point:
    return point[0] + way[0] * by, point[1] + way[1] * by


def _pairs(points: Sequence[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """Write a number with hundredths at most: the same on every machine."""
    return f"{round(value, 2) + 0.0:g}"
