"""Plain geometry in the unit square: paths of lines and cubic Bézier curves, y downwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

Point: TypeAlias = tuple[float, float]
Curve: TypeAlias = tuple[Point, Point, Point]
"""From where the path is, over two control points, to the third point."""

TOLERANCE: Final = 0.001
"""How far a flattened curve may be from the true one: 0.06 mm on a face of 60 mm."""


@dataclass(frozen=True, slots=True)
class Path:
    """Curves one after another, from ``start``; closed: the end meets the start."""

    start: Point
    curves: tuple[Curve, ...]
    is_closed: bool = False

    def flattened(self) -> list[Point]:
        """Corners of a polyline that is within :data:`TOLERANCE` of the path."""
        corners = [self.start]
        for curve in self.curves:
            corners += _corners(corners[-1], curve)
        if self.is_closed and math.dist(corners[0], corners[-1]) < 1e-6:
            corners.pop()
        return corners


def line(*points: Point) -> Path:
    """Straight from point to point."""
    return Path(points[0], tuple(_straight(a, b) for a, b in pairwise(points)))


def polygon(*points: Point) -> Path:
    """Straight from point to point, and back to the first."""
    return Path(points[0], line(*points, points[0]).curves, is_closed=True)


def curve(start: Point, *curves: Curve) -> Path:
    """Bézier curves one after another."""
    return Path(start, curves)


def arc(centre: Point, radius: float | Point, first_deg: float, last_deg: float) -> Path:
    """Part of a circle or ellipse; 0° is to the right, 90° is down."""
    rx, ry = radius if isinstance(radius, tuple) else (radius, radius)
    parts = max(1, math.ceil(abs(last_deg - first_deg) / 90))
    step = math.radians(last_deg - first_deg) / parts
    # The cubic that fits an arc best in its middle: k = 4/3 tan(step / 4).
    k = 4 / 3 * math.tan(step / 4)

    def at(angle: float, along: float = 0.0) -> Point:
        x, y = math.cos(angle), math.sin(angle)
        return (centre[0] + rx * (x - along * y), centre[1] + ry * (y + along * x))

    angles = [math.radians(first_deg) + step * n for n in range(parts + 1)]
    curves = tuple((at(a, k), at(b, -k), at(b)) for a, b in pairwise(angles))
    return Path(at(angles[0]), curves, is_closed=abs(last_deg - first_deg) >= 360)


def circle(centre: Point, radius: float | Point) -> Path:
    """A whole circle, or an ellipse for a pair of radii."""
    return arc(centre, radius, 0, 360)


def rounded(points: Sequence[Point], radius: float) -> Path:
    """A polygon with rounded corners; ``radius``: how far from a corner its curve begins."""
    count = len(points)
    start: Point | None = None
    curves: list[Curve] = []
    for n, corner in enumerate(points):
        enter = _towards(corner, points[n - 1], radius)
        leave = _towards(corner, points[(n + 1) % count], radius)
        if start is None:
            start = enter
        else:
            curves.append(_straight(curves[-1][2], enter))
        # 0.55 of the way to the corner makes nearly a circle of a right angle.
        curves.append((_part(enter, corner, 0.55), _part(leave, corner, 0.55), leave))
    if start is None:
        raise ValueError("a polygon needs points")
    curves.append(_straight(curves[-1][2], start))
    return Path(start, tuple(curves), is_closed=True)


def box(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> Path:
    """A rectangle, its corners rounded."""
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return rounded(corners, radius) if radius else polygon(*corners)


def polar(centre: Point, radius_at: Callable[[float], float], samples: int) -> Path:
    """A smooth closed line round ``centre`` at the distance ``radius_at(angle in radians)``."""
    angles = [2 * math.pi * n / samples for n in range(samples)]
    points = [
        (centre[0] + radius_at(a) * math.cos(a), centre[1] + radius_at(a) * math.sin(a))
        for a in angles
    ]
    curves = []
    for n in range(samples):
        before, here, there, after = (points[(n + k) % samples] for k in (-1, 0, 1, 2))
        # Catmull-Rom: each tangent is a sixth of the way between the neighbours.
        leave = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        enter = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        curves.append((leave, enter, there))
    return Path(points[0], tuple(curves), is_closed=True)


def is_straight(start: Point, curve_: Curve) -> bool:
    """Whether the curve is a straight line."""
    return curve_ == _straight(start, curve_[2])


def _straight(a: Point, b: Point) -> Curve:
    return (_part(a, b, 1 / 3), _part(a, b, 2 / 3), b)


def _part(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def _towards(a: Point, b: Point, distance: float) -> Point:
    return _part(a, b, distance / math.dist(a, b))


def _corners(start: Point, curve_: Curve) -> list[Point]:
    """Corners after ``start``; their number by the curve's second differences (Wang 1984)."""
    if is_straight(start, curve_):
        return [curve_[2]]
    p0, p1, p2, p3 = start, *curve_
    bend = max(
        math.hypot(a[0] - 2 * b[0] + c[0], a[1] - 2 * b[1] + c[1])
        for a, b, c in ((p0, p1, p2), (p1, p2, p3))
    )
    count = max(1, math.ceil(math.sqrt(0.75 * bend / TOLERANCE)))
    return [_at(n / count, p0, p1, p2, p3) for n in range(1, count + 1)]


def _at(t: float, p0: Point, p1: Point, p2: Point, p3: Point) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (
        sum(weight * point[axis] for weight, point in zip(weights, (p0, p1, p2, p3), strict=True))
        for axis in (0, 1)
    )
    return (x, y)
