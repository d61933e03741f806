"""Funnel: which places are farther from the whole than chance and the usual differences explain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from analytics.measures.normal import normal_quantile
from analytics.measures.quantiles import binomial_quantile

WARNING: Final = 0.95
ALARM: Final = 0.998
"""The two limits of a funnel: about two and three standard errors."""

TRIMMED: Final = 0.1
"""The part of the places at either end that is pulled in before the usual spread is measured."""

Standing: TypeAlias = Literal["as-usual", "lower", "far-lower", "higher", "far-higher"]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The limits for places like these.

    Attributes:
        target: the share of all places together, 0–1.
        between: standard deviation between places beyond chance, on the scale of
            arcsin √share; 0 where chance explains all differences.
        overdispersion: mean square of the places' standardised differences, the outermost pulled
            in; 1 is chance.
        places: how many it was made of.
    """

    target: float
    between: float
    overdispersion: float
    places: int

    def limits(self, n: float, odds: float = WARNING) -> tuple[float, float]:
        """Between which shares a place of ``n`` votes lies with ``odds``; both are 0–1.

        Without overdispersion these are exact binomial limits, interpolated between counts; with
        it, normal ones of arcsin √share, in which the two variances add up.
        """
        tail = (1 - odds) / 2
        if self.between == 0:
            low = binomial_quantile(tail, round(n), self.target) / n
            high = 1 - binomial_quantile(tail, round(n), 1 - self.target) / n
            return max(0.0, low), min(1.0, high)
        reach = normal_quantile(1 - tail) * math.sqrt(1 / (4 * n) + self.between**2)
        middle = math.asin(math.sqrt(self.target))
        low, high = max(0.0, middle - reach), min(math.pi / 2, middle + reach)
        return math.sin(low) ** 2, math.sin(high) ** 2

    def standing(self, satisfied: int, n: int) -> Standing:
        """Where a place lies: within both limits, beyond the first, or beyond the second too."""
        share = satisfied / n
        is_low = share < self.target
        for odds, far in ((ALARM, True), (WARNING, False)):
            low, high = self.limits(n, odds)
            if share < low or share > high:
                if is_low:
                    return "far-lower" if far else "lower"
                return "far-higher" if far else "higher"
        return "as-usual"


def funnel(places: Sequence[tuple[int, int]]) -> Funnel:
    """The funnel of places, each (satisfied, votes).

    Overdispersion is taken in by an additive model: places differ by a usual spread τ besides
    chance. τ² is estimated by moments (DerSimonian and Laird) from differences standardised on
    arcsin √share and winsorised, so that the few places that the funnel is there to find don't
    widen it; it is used only if there is significantly more than chance. Unlike there, what
    winsorising takes away is put back: else 1 in 9 places would be beyond the first limit.

    Source: D. J. Spiegelhalter, "Funnel plots for comparing institutional performance",
    Statistics in Medicine 24 (2005); "Handling over-dispersion of performance indicators", Quality
    and Safety in Health Care 14 (2005).

    Raises:
        ValueError: no places, or one without votes.
    """
    if not places or any(n <= 0 for _, n in places):
        raise ValueError("a funnel is made of places with votes")
    target = sum(satisfied for satisfied, _ in places) / sum(n for _, n in places)
    middle = math.asin(math.sqrt(target))
    scores = [
        (math.asin(math.sqrt(satisfied / n)) - middle) * 2 * math.sqrt(n) for satisfied, n in places
    ]
    overdispersion = _mean_square(scores)
    is_more_than_chance = overdispersion > 1 + 2 * math.sqrt(2 / len(scores))
    between = _between(overdispersion, [4.0 * n for _, n in places]) if is_more_than_chance else 0.0
    return Funnel(target, between, overdispersion, len(places))


def _mean_square(scores: Sequence[float]) -> float:
    """Mean square of the scores, those of the outer tenths replaced by the nearest one within.

    That takes a third from what chance alone would give, 1; it is put back.
    """
    ordered = sorted(scores)
    cut = int(TRIMMED * len(ordered))
    low, high = ordered[cut], ordered[-1 - cut]
    square = sum(min(max(score, low), high) ** 2 for score in scores) / len(scores)
    return square / _kept(cut / len(ordered))


def _kept(part: float) -> float:
    """Variance of a standard normal variable of which ``part`` is pulled in at either end."""
    if part == 0:
        return 1.0
    reach = normal_quantile(1 - part)
    density = math.exp(-(reach**2) / 2) / math.sqrt(2 * math.pi)
    return 1 - 2 * part - 2 * reach * density + 2 * part * reach**2


def _between(overdispersion: float, weights: Sequence[float]) -> float:
    """τ, from the weights (1 / variance by chance) of the places."""
    total = sum(weights)
    square = sum(weight**2 for weight in weights)
    excess = len(weights) * overdispersion - (len(weights) - 1)
    return math.sqrt(max(0.0, excess / (total - square / total))) if len(weights) > 1 else 0.0
