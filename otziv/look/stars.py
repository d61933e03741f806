"""Stars, the other drawing of a scale of five: one that counts, and one that does not."""

from __future__ import annotations

import math
from typing import Final

from otziv.look.figure import Figure, Shape, figure
from otziv.look.geometry import Path, Point, rounded

_RADIUS: Final = 0.48
_INNER: Final = 0.47
"""Radius of the inner corners, as a part of the outer one's; 0.38 would be as thin as a flag's."""


def stars() -> list[Figure]:
    """``star-full`` and ``star-empty``: dark and light, so they are told apart without colour."""
    path = _star()
    return [
        figure("star-full", "Star", (Shape(path, fill="accent", stroke="accent", width=0.06),)),
        figure("star-empty", "Empty star", (Shape(path, fill="card", stroke="edge", width=0.06),)),
    ]


def _star() -> Path:
    def corner(n: int) -> Point:
        angle, far = math.radians(36 * n - 90), _RADIUS * (1 if n % 2 == 0 else _INNER)
        return 0.5 + far * math.cos(angle), 0.53 + far * math.sin(angle)

    return rounded([corner(n) for n in range(10)], 0.03)
