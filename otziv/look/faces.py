"""The faces of the scales: each has an outline, brows, eyes and a mouth of its own.

Colour comes last: in grey, on a photocopy or for a colour-blind eye they are still told apart. The
worse, the more corners an outline has; the best one blooms.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from otziv.look.figure import THIN, Figure, Shape, figure
from otziv.look.geometry import Path, Point, arc, circle, curve, line, polar, rounded

_CENTRE: Final = (0.5, 0.5)
_LINE: Final = "face-line"
_FEATURE: Final = 0.055
_EYE: Final = 0.15
"""Half the distance between the eyes."""


def _head(path: Path, fill: str) -> tuple[Shape, ...]:
    return (Shape(path, fill=fill, stroke=_LINE, width=THIN),)


def _drawn(*paths: Path) -> tuple[Shape, ...]:
    return tuple(Shape(path, stroke=_LINE, width=_FEATURE) for path in paths)


def _pair(part: Callable[[float, float], Path]) -> tuple[Path, Path]:
    """What is there on both sides; ``part(x, side)`` gets ``side`` −1 for the left, 1 for right."""
    return part(0.5 - _EYE, -1), part(0.5 + _EYE, 1)


def _dots(y: float, radius: Point) -> tuple[Shape, ...]:
    return tuple(Shape(path, fill=_LINE) for path in _pair(lambda x, _side: circle((x, y), radius)))


def _mouth(half: float, y: float, bend: float) -> Path:
    """A line of ``2 * half`` whose middle hangs ``bend`` below its ends; above, if negative."""
    deep = bend * 4 / 3
    return curve(
        (0.5 - half, y),
        ((0.5 - half * 0.55, y + deep), (0.5 + half * 0.55, y + deep), (0.5 + half, y)),
    )


def _worst() -> tuple[tuple[Shape, ...], ...]:
    """A diamond; brows drawn together, eyes small, the mouth deep down."""
    head = rounded([(0.5, -0.06), (1.06, 0.5), (0.5, 1.06), (-0.06, 0.5)], 0.26)
    brows = _pair(lambda x, side: line((x + side * 0.075, 0.325), (x - side * 0.065, 0.375)))
    return (
        _head(head, "face-worst"),
        _drawn(*brows, _mouth(0.165, 0.735, -0.11)),
        _dots(0.47, (0.043, 0.045)),
    )


def _poor() -> tuple[tuple[Shape, ...], ...]:
    """A square; brows worried, the mouth a little down."""
    head = rounded([(0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)], 0.2)
    brows = _pair(lambda x, side: line((x + side * 0.09, 0.325), (x - side * 0.06, 0.275)))
    return (
        _head(head, "face-poor"),
        _drawn(*brows, _mouth(0.17, 0.70, -0.055)),
        _dots(0.43, (0.045, 0.06)),
    )


def _middle() -> tuple[tuple[Shape, ...], ...]:
    """A hexagon; the mouth straight."""
    corners = [
        (0.5 + 0.5 * math.cos(math.radians(a)), 0.5 + 0.5 * math.sin(math.radians(a)))
        for a in range(0, 360, 60)
    ]
    return (
        _head(rounded(corners, 0.13), "face-middle"),
        _drawn(line((0.34, 0.66), (0.66, 0.66))),
        _dots(0.42, (0.045, 0.06)),
    )


def _good() -> tuple[tuple[Shape, ...], ...]:
    """A circle; a smile."""
    return (
        _head(circle(_CENTRE, 0.46), "face-good"),
        _drawn(_mouth(0.2, 0.60, 0.11)),
        _dots(0.40, (0.045, 0.065)),
    )


def _best() -> tuple[tuple[Shape, ...], ...]:
    """A blossom; eyes that laugh, the mouth wide open."""
    head = polar(_CENTRE, lambda a: 0.445 + 0.032 * math.cos(10 * a), 80)
    eyes = _pair(lambda x, _side: arc((x, 0.43), (0.075, 0.085), 200, 340))
    lips = _mouth(0.23, 0.555, 0.24)
    mouth = Path(
        lips.start, (*lips.curves, *line((0.73, 0.555), lips.start).curves), is_closed=True
    )
    return (
        _head(head, "face-best"),
        _drawn(*eyes),
        (Shape(mouth, fill="face-mouth", stroke=_LINE, width=_FEATURE),),
    )


_MAKERS: Final = {
    4: (_worst, _poor, _good, _best),
    5: (_worst, _poor, _middle, _good, _best),
}


def _sign(fill: str, head: Path, *paths: Path) -> tuple[tuple[Shape, ...], ...]:
    return (
        (Shape(head, fill=fill, stroke=_LINE, width=THIN),),
        tuple(Shape(path, stroke=_LINE, width=0.09) for path in paths),
    )


def faces() -> list[Figure]:
    """All faces, ``face-1-of-4`` (1 is worst) … ``face-5-of-5``; and ``no`` and ``yes``."""
    ranks = [
        figure(f"face-{rank}-of-{of}", f"Face {rank} of {of}", *make())
        for of, makers in _MAKERS.items()
        for rank, make in enumerate(makers, start=1)
    ]
    square = rounded([(0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)], 0.2)
    cross = (line((0.33, 0.33), (0.67, 0.67)), line((0.67, 0.33), (0.33, 0.67)))
    tick = line((0.28, 0.53), (0.44, 0.69), (0.73, 0.34))
    return [
        *ranks,
        figure("no", "No", *_sign("face-worst", square, *cross)),
        figure("yes", "Yes", *_sign("face-best", circle(_CENTRE, 0.46), tick)),
    ]
