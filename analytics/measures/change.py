"""The difference of two shares, such as against the previous period; many of them at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.measures.interval import Interval
from analytics.measures.normal import normal_tails
from analytics.measures.shares import Share, share_of


@dataclass(frozen=True, slots=True)
class Change:
    """``after`` less ``before``: the ``difference``, its 95 % interval (all −1 … 1), ``p``.

    ``p`` is the odds of a difference as great or greater, either way, if nothing had changed.
    """

    before: Share
    after: Share
    difference: float
    low: float
    high: float
    p: float


def change(before: tuple[int, int], after: tuple[int, int], *, spread: float = 1.0) -> Change:
    """The difference of two independent shares.

    The interval is method 10 of R. G. Newcombe, "Interval estimation for the difference between
    independent proportions", Statistics in Medicine 17 (1998), without continuity correction. p is
    of the chi-squared test with N − 1: I. Campbell, "Chi-squared and Fisher–Irwin tests of
    two-by-two tables with small sample recommendations", Statistics in Medicine 26 (2007). With
    few votes the two may disagree at the border.

    Args:
        before: how many, and of how many votes.
        after: the same of the period that is looked at.
        spread: as in :func:`~analytics.measures.shares.share_of`.

    Raises:
        ValueError: one of them has no votes.
    """
    old, new = share_of(*before, spread=spread), share_of(*after, spread=spread)
    bounds = difference_of(new.share, new.bounds, old.share, old.bounds)
    p = _chance(old, new, spread)
    return Change(old, new, new.share - old.share, bounds.low, bounds.high, p)


def difference_of(share: float, bounds: Interval, other: float, other_bounds: Interval) -> Interval:
    """The interval of ``share`` − ``other``, from the intervals of both (square and add).

    Source: as in :func:`change`; for any two independent figures with intervals: G. Y. Zou and A.
    Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27
    (2008).
    """
    below = math.hypot(share - bounds.low, other_bounds.high - other)
    above = math.hypot(bounds.high - share, other - other_bounds.low)
    return Interval(share - other - below, share - other + above)


def _chance(old: Share, new: Share, spread: float) -> float:
    n = old.n + new.n
    pooled = (old.count + new.count) / n
    if pooled in {0, 1}:
        return 1.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / old.n + 1 / new.n) * n / (n - 1))
    return normal_tails((new.share - old.share) / (error * spread))


def false_discovery_rates(chances: Sequence[float]) -> list[float]:
    """Each p, corrected for being one of many: what is at most 0.05 may be called a discovery.

    Of all that is called so, at most 5 % is expected to be nothing but chance, be it one of 12
    places or a hundred of 5,000.

    Source: Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995),
    for independent tests and such as tend to move together.
    """
    order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
    corrected, least = [0.0] * len(chances), 1.0
    for place, number in enumerate(order):
        rank = len(chances) - place
        least = min(least, chances[number] * len(chances) / rank)
        corrected[number] = least
    return corrected
