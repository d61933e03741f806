"""How places differ beyond chance, as a beta distribution of their true shares: a prior.

Two answers: one estimate by moments, to be told; and all that the votes leave possible, each with
its weight, to reckon with. With few places the second is far from the first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from scipy.special import betaln, expit, logit

Numbers: TypeAlias = np.ndarray[Any, Any]

STRENGTHS: Final = 30
"""How many strengths of the prior are tried, twice: everywhere, then where they are likely."""

MEANS: Final = np.linspace(-3, 3, 9)
"""Which means of the prior are tried, in standard errors."""

NEGLIGIBLE: Final = 1e-4
"""A prior so much less likely than the likeliest is left out."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How places differ, by moments: their ``mean`` share, and how alike they are.

    ``strength`` is how many votes of its own a place needs to weigh as much as all the others;
    infinite where places differ no more than chance has it.
    """

    mean: float
    strength: float

    @property
    def are_alike(self) -> bool:
        """Whether the places differ no more than by chance."""
        return math.isinf(self.strength)


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Priors Beta(a, b) and their weights, which add up to 1."""

    weights: Numbers
    a: Numbers
    b: Numbers


def usual_difference(places: Sequence[tuple[int, int]]) -> Usual:
    """How places differ, from the (satisfied, votes) of each, by moments.

    Source: J. C. Kleinman, "Proportions with extraneous variance: single and independent
    samples", JASA 68 (1973), with weights that are the votes.

    Raises:
        ValueError: no places, or one without votes.
    """
    if not places or any(n <= 0 for _, n in places):
        raise ValueError("a ranking is made of places with votes")
    total = sum(n for _, n in places)
    mean = sum(satisfied for satisfied, _ in places) / total
    scatter = sum(n * (satisfied / n - mean) ** 2 for satisfied, n in places)
    chance = mean * (1 - mean)
    by_chance = chance * (len(places) - 1)
    reach = chance * (total - sum(n * n for _, n in places) / total - (len(places) - 1))
    if reach <= 0 or scatter <= by_chance:
        return Usual(mean, math.inf)
    between = (scatter - by_chance) / reach  # the part of the variance that lies between places
    return Usual(mean, max(1 / between - 1, 1.0) if between < 1 else 1.0)


def beliefs_of(places: Sequence[tuple[int, int]]) -> Beliefs:
    """Every prior that the votes leave possible, weighted by how well it explains them.

    Before the votes all means are equally likely, and all degrees of shrinking, 0 to 1, at a place
    of ordinary size: R. Natarajan and R. E. Kass, "Reference Bayesian methods for generalized
    linear mixed models", JASA 95 (2000) (uniform shrinkage).
    """
    counts, votes = np.array(places, dtype=float).T
    middle = (np.arange(STRENGTHS) + 0.5) / STRENGTHS
    coarse, _ = _weighed(middle, counts, votes)
    likely = middle[coarse.max(axis=1) > NEGLIGIBLE * coarse.max()]
    half = 0.5 / STRENGTHS
    low, high = likely.min() - half, likely.max() + half
    weights, (a, b) = _weighed(low + (high - low) * middle, counts, votes)
    kept = weights > NEGLIGIBLE * weights.max()
    return Beliefs(weights[kept] / weights[kept].sum(), a[kept], b[kept])


def _weighed(
    shrinking: Numbers, counts: Numbers, votes: Numbers
) -> tuple[Numbers, tuple[Numbers, Numbers]]:
    """The likelihood of each prior (shrinking × mean), the greatest 1, and its a and b."""
    ordinary = len(votes) / (1 / votes).sum()
    strength = ordinary * shrinking / (1 - shrinking)
    mean = (counts.sum() + 0.5) / (votes.sum() + 1)
    alike = 1 / (strength + 1)
    told = (1 / ((1 - alike[:, None]) / votes + alike[:, None])).sum(axis=1)
    error = 1 / np.sqrt(told * mean * (1 - mean))  # of the mean, on the scale of log odds
    means = expit(logit(mean) + error[:, None] * MEANS)
    a, b = means * strength[:, None], (1 - means) * strength[:, None]
    fit = np.zeros_like(a)
    for count, n in zip(counts, votes, strict=True):
        fit += betaln(a + count, b + n - count) - betaln(a, b)
    fit += np.log(means * (1 - means) * error[:, None])
    return np.exp(fit - fit.max()), (a, b)
