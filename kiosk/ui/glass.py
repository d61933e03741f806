"""The glass: how large the screen is in pixels and in millimetres, and where hands reach."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Reach: TypeAlias = Literal["all", "low"]

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels; ``x`` and ``y`` are its top left corner, ``y`` grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The first pixel column right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The first pixel row below it."""
        return self.y + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether the point is inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, by: float, down: float | None = None) -> Rect:
        """The same, smaller by ``by`` on the left and right, and by ``down`` above and below."""
        down = by if down is None else down
        return Rect(self.x + by, self.y + down, self.width - 2 * by, self.height - 2 * down)

    def moved(self, dx: float, dy: float) -> Rect:
        """The same elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)

    def mirrored(self, width: float) -> Rect:
        """The same on a glass of ``width`` that is seen in a mirror."""
        return replace(self, x=width - self.right)


@dataclass(frozen=True, slots=True)
class Glass:
    """The screen as it hangs on the wall, turned already.

    Attributes:
        width_px, height_px: as it is looked at.
        diagonal_in: of what lights up, in inches; tells how large a pixel is.
        reach: ``low`` keeps everything that is touched in the lower part, for high mountings.
        text_scale: 1.0–2.0, how much larger than usual the text should be, where there is room.
    """

    width_px: int
    height_px: int
    diagonal_in: float
    reach: Reach = "all"
    text_scale: float = 1.0

    @property
    def px_per_mm(self) -> float:
        """How many pixels make a millimetre."""
        return math.hypot(self.width_px, self.height_px) / (self.diagonal_in * MM_PER_INCH)

    @property
    def rect(self) -> Rect:
        """All of it."""
        return Rect(0, 0, self.width_px, self.height_px)

    def px(self, mm: float) -> float:
        """Millimetres in pixels."""
        return mm * self.px_per_mm
