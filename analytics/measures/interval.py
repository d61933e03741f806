"""Wilson's score interval: how far a share seen in few votes may be from the true one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

Z_95: Final = 1.959963984540054
"""The 97.5 % point of the normal distribution: intervals here are two-sided at 95 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds ``low`` ≤ ``high``, on the scale of the figure that they belong to."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the bounds are."""
        return self.high - self.low


def wilson(share: float, n: float) -> Interval:
    """The 95 % interval of a ``share`` (0–1) seen in ``n`` votes.

    ``n`` need not be whole: an *effective* number of votes serves too. Unlike the interval of
    the textbooks it never leaves 0–1, and is never of width zero, not even for one vote.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927); it is method 3 of R. G. Newcombe, "Two-sided confidence
    intervals for the single proportion", Statistics in Medicine 17 (1998), without continuity
    correction.

    Raises:
        ValueError: ``share`` is outside 0–1, or ``n`` is not positive: there is no figure then.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share is between 0 and 1, not {share}")
    if n <= 0:
        raise ValueError(f"an interval needs votes, not n = {n}")
    z2 = Z_95 * Z_95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # The clamps only take rounding errors away: at 0 and 1 the bound is the share itself.
    return Interval(max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)))
