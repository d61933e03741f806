"""Ranking: each place's share pulled towards the whole, as far as its few votes call for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analytics.measures.differing import Beliefs, Numbers, Usual, beliefs_of, usual_difference
from analytics.measures.interval import Interval
from analytics.measures.quantiles import beta_quantile

DRAWS: Final = 4000
"""The odds of a rank are right to about ± 1.5 points with so many."""

SEED: Final = 20050115
"""Fixed, so that equal counts give equal odds on every page and in every report."""

_AT_ONCE: Final = 500
"""Draws in memory at a time: 5,000 places take 20 MB."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the ranking.

    Attributes:
        number: its index in what was ranked.
        share: its satisfied share as seen, 0–1.
        shrunk: the same, pulled towards all places'; the order is by this.
        bounds: in which its true share lies with 95 % odds.
        among_worst: the odds that it is one of the worst places.
        among_best: the odds that it is one of the best.
    """

    number: int
    n: int
    share: float
    shrunk: float
    bounds: Interval
    among_worst: float
    among_best: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places, the worst first, how they differ as a whole, and how many "the worst" are."""

    places: list[Ranked]
    usual: Usual
    worst: int


def ranking(places: Sequence[tuple[int, int]], worst: int = 3) -> Ranking:
    """Rank places by empirical Bayes (beta-binomial), each (satisfied, votes).

    A raw league table is headed and closed by places with few votes, whose shares chance throws
    about. Here each is pulled towards the whole, and beside it stand the odds of its rank. How
    places differ is itself not known for sure where there are few: that is taken in too (see
    ``analytics.measures.differing``). Simulated, the intervals hold the truth in 92 to 98 of 100
    cases with 2 to 5,000 places; with the estimate by moments taken for known, in 83 with 5.

    Source: C. N. Morris, "Parametric empirical Bayes inference", JASA 78 (1983); for ranks N. M.
    Laird and T. A. Louis, "Empirical Bayes ranking methods", Journal of Educational Statistics 14
    (1989). The odds come from draws with a fixed seed; the intervals from the beta distribution
    that has the same mean and variance.

    Args:
        places: at least one, each with votes.
        worst: how many places at either end "the worst" and "the best" are; half of all at most.

    Raises:
        ValueError: no places, or one without votes.
    """
    usual = usual_difference(places)
    worst = max(1, min(worst, len(places) // 2))
    beliefs = beliefs_of(places)
    counts, votes = np.array(places, dtype=float).T
    a, b = beliefs.a[:, None] + counts, beliefs.b[:, None] + votes - counts
    means = a / (a + b)
    squares = means * (1 - means) / (a + b + 1) + means**2
    mean = beliefs.weights @ means
    bounds = _bounds(mean, beliefs.weights @ squares - mean**2)
    lows, highs = _odds_of_ends(beliefs, counts, votes, worst)
    ranked = [
        Ranked(number, n, satisfied / n, float(mean[number]), bounds[number], low, high)
        for number, ((satisfied, n), low, high) in enumerate(zip(places, lows, highs, strict=True))
    ]
    return Ranking(sorted(ranked, key=lambda each: each.shrunk), usual, worst)


def _bounds(mean: Numbers, variance: Numbers) -> list[Interval]:
    """The middle 95 % of beta distributions."""
    strength = mean * (1 - mean) / variance - 1
    ends = zip((mean * strength).tolist(), ((1 - mean) * strength).tolist(), strict=True)
    return [Interval(beta_quantile(0.025, a, b), beta_quantile(0.975, a, b)) for a, b in ends]


def _odds_of_ends(
    beliefs: Beliefs, counts: Numbers, votes: Numbers, worst: int
) -> tuple[list[float], list[float]]:
    """For each place, how often it is among the ``worst`` places, and among as many best."""
    chance = np.random.default_rng(SEED)
    places = len(counts)
    low, high = np.zeros(places), np.zeros(places)
    for _ in range(DRAWS // _AT_ONCE):
        which = chance.choice(len(beliefs.weights), size=_AT_ONCE, p=beliefs.weights)
        a, b = beliefs.a[which][:, None], beliefs.b[which][:, None]
        drawn = chance.beta(a + counts, b + votes - counts)
        order = np.argpartition(drawn, (worst - 1, places - worst), axis=1)
        low += np.bincount(order[:, :worst].ravel(), minlength=places)
        high += np.bincount(order[:, places - worst :].ravel(), minlength=places)
    return (low / DRAWS).tolist(), (high / DRAWS).tolist()
