"""Control chart of a share, period by period, with limits that allow for overdispersion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LIMIT: Final = 3.0
"""Standard errors from the centre; by chance about one point in 370 lies farther."""

RANGE_OF_TWO: Final = 1.128
"""Mean range of two standard normal numbers (d₂ of the tables of control charts)."""

FEWEST: Final = 5
"""Expected votes of the rarer kind; with fewer in a period, three standard errors are rough."""


@dataclass(frozen=True, slots=True)
class PChart:
    """The limits that periods are held against.

    Attributes:
        centre: the share of all votes of the base periods, 0–1.
        spread: σ_z, how much more the periods vary than votes by chance; 1 is chance alone.
        periods: how many it was made of.
    """

    centre: float
    spread: float
    periods: int

    def limits(self, n: int) -> tuple[float, float]:
        """Between which shares a period of ``n`` votes lies by chance; both are 0–1."""
        reach = LIMIT * self.error(n)
        return max(0.0, self.centre - reach), min(1.0, self.centre + reach)

    def error(self, n: int) -> float:
        """Standard error of the share of a period of ``n`` votes."""
        return self.spread * math.sqrt(self.centre * (1 - self.centre) / n)

    def is_beyond(self, count: int, n: int) -> bool:
        """Whether a period lies outside its limits."""
        low, high = self.limits(n)
        return not low <= count / n <= high

    def is_rough(self, n: int) -> bool:
        """Whether a period of ``n`` votes is too small for these limits.

        Then one vote may lie beyond them: take longer periods, or a CUSUM.
        """
        return n * min(self.centre, 1 - self.centre) < FEWEST


def p_chart(periods: Sequence[tuple[int, int]], *, is_adjusted: bool = True) -> PChart:
    """The chart of periods in order, each (count, votes); those without votes are no periods.

    The textbook chart takes votes for independent. They come in waves (a slow system, a queue), so
    with hundreds of votes a day every other day is "beyond". Laney's p′ measures from day to day
    how much more the shares vary and widens the limits by that; here it never narrows them.

    Source: D. C. Montgomery, *Introduction to Statistical Quality Control*, ch. 7; D. B. Laney,
    "Improved control charts for attributes", Quality Engineering 14 (2002).

    Args:
        periods: the base periods, in which things were as usual.
        is_adjusted: with Laney's correction; else the textbook's limits.

    Raises:
        ValueError: no periods, or one without votes.
    """
    if not periods or any(n <= 0 for _, n in periods):
        raise ValueError("a chart is made of periods with votes")
    centre = sum(count for count, _ in periods) / sum(n for _, n in periods)
    chart = PChart(centre, 1.0, len(periods))
    if not is_adjusted or centre in {0, 1} or len(periods) < 2:
        return chart
    scores = [(count / n - centre) / chart.error(n) for count, n in periods]
    ranges = [abs(later - earlier) for earlier, later in pairwise(scores)]
    return PChart(centre, max(1.0, sum(ranges) / len(ranges) / RANGE_OF_TWO), len(periods))
