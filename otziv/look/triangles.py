"""Polygons as triangles: what a graphics card fills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from otziv.look.geometry import Point

Triangle: TypeAlias = tuple[int, int, int]
"""Indices of its corners."""


def triangles(corners: Sequence[Point]) -> list[Triangle]:
    """Cut a polygon that does not cross itself into triangles, by cutting off ears (Meisters 1975).

    Raises:
        ValueError: it crosses itself.
    """
    left = list(range(len(corners)))
    if _doubled_area(corners) < 0:
        left.reverse()
    found: list[Triangle] = []
    while len(left) > 2:
        at = next((n for n in range(len(left)) if _is_ear(n, left, corners)), None)
        if at is None:
            raise ValueError(f"a polygon of {len(corners)} corners crosses itself")
        found.append(_around(at, left))
        del left[at]
    return found


def _around(at: int, left: Sequence[int]) -> Triangle:
    return (left[at - 1], left[at], left[(at + 1) % len(left)])


def _is_ear(at: int, left: Sequence[int], corners: Sequence[Point]) -> bool:
    """Whether the corner sticks out, and no other corner lies in its triangle."""
    a, b, c = (corners[index] for index in _around(at, left))
    if _turn(a, b, c) < 0:
        return False
    others = (corners[n] for n in left)
    return not any(
        point not in (a, b, c)
        and min(_turn(a, b, point), _turn(b, c, point), _turn(c, a, point)) > 0
        for point in others
    )


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive where the way a → b → c turns as the polygon does."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _doubled_area(corners: Sequence[Point]) -> float:
    return sum(
        corners[n - 1][0] * corners[n][1] - corners[n][0] * corners[n - 1][1]
        for n in range(len(corners))
    )
