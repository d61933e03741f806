"""Change points: the periods from which on a share was another one, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import xlogy

RATE: Final = 0.01
"""The false rate: of series in which nothing changes, one in a hundred is said to have changed."""

SHUFFLES: Final = 999
"""The series is compared with so many of itself in random order; p is 0.001 at the least."""

SEED: Final = 19990228
"""Fixed, so that equal counts give equal answers."""

FEWEST: Final = 2
"""Periods on either side of a change: one outstanding day is no new level."""


@dataclass(frozen=True, slots=True)
class Split:
    """The likeliest change of a series.

    Attributes:
        at: index of the first period of the new level.
        before: share before it, 0–1.
        after: share from it on.
        p: the odds of so clear a change at any place, if the periods were in random order.
    """

    at: int
    before: float
    after: float
    p: float


def split_of(periods: Sequence[tuple[int, int]], shuffles: int = SHUFFLES) -> Split | None:
    """The likeliest single change in periods in order, each (count, votes).

    It is where two shares explain the series best (binomial likelihood ratio). How great the ratio
    is by chance is seen from the same periods in random orders: so the false rate is as stated
    however much the periods vary beyond chance, as long as they don't depend on their neighbours.

    Source: D. V. Hinkley and E. A. Hinkley, "Inference about the change-point in a sequence of
    binomial variables", Biometrika 57 (1970); by permutation: E. S. Edgington, *Randomization
    Tests*.

    Args:
        periods: as above.
        shuffles: with how many orders it is compared; p is no smaller than one over so many.

    Returns:
        ``None`` for fewer than four periods with votes.
    """
    return _split(periods, np.random.default_rng(SEED), shuffles)


def change_points(periods: Sequence[tuple[int, int]], rate: float = RATE) -> list[Split]:
    """All changes that are clear at the ``rate``, in order, by halving again and again.

    A series in which nothing changes has none in all but ``rate`` of the cases, since its first
    halving already fails. Changes up and down again near each other may be missed.

    Source: A. J. Scott and M. Knott, "A cluster analysis method for grouping means", Biometrics 30
    (1974) (binary segmentation).
    """
    chance = np.random.default_rng(SEED)
    waiting, found = [(0, len(periods))], dict[int, float]()
    while waiting:
        first, last = waiting.pop()
        split = _split(periods[first:last], chance)
        if split is not None and split.p <= rate:
            found[first + split.at] = split.p
            waiting += [(first, first + split.at), (first + split.at, last)]
    edges = [0, *sorted(found), len(periods)]
    return [
        Split(at, _share(periods[begin:at]), _share(periods[at:end]), found[at])
        for begin, at, end in zip(edges, edges[1:], edges[2:], strict=False)
    ]


def _share(periods: Sequence[tuple[int, int]]) -> float:
    return sum(count for count, _ in periods) / sum(n for _, n in periods)


def _split(
    periods: Sequence[tuple[int, int]], chance: np.random.Generator, shuffles: int = SHUFFLES
) -> Split | None:
    voted = [number for number, (_, n) in enumerate(periods) if n > 0]
    if len(voted) < 2 * FEWEST:
        return None
    counts = np.array([periods[number] for number in voted], dtype=float)
    ratios = _ratios(counts[None])[0]
    at = int(np.argmax(ratios)) + FEWEST
    order = chance.permuted(np.tile(np.arange(len(counts)), (shuffles, 1)), axis=1)
    shuffled = _ratios(counts[order]).max(axis=1)
    p = (1 + int((shuffled >= ratios.max() - 1e-9).sum())) / (1 + shuffles)
    before, after = counts[:at].sum(axis=0), counts[at:].sum(axis=0)
    return Split(voted[at], float(before[0] / before[1]), float(after[0] / after[1]), p)


def _ratios(series: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Twice the log likelihood ratio of each split (column) of each series (row).

    ``series`` is series × period × (count, votes).
    """
    left = np.cumsum(series, axis=1)[:, FEWEST - 1 : -FEWEST]
    total = series.sum(axis=1, keepdims=True)
    ratios = _likelihood(left) + _likelihood(total - left) - _likelihood(total)
    return np.asarray(2 * ratios)


def _likelihood(sums: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Log likelihood at the share that fits best."""
    count, n = sums[..., 0], sums[..., 1]
    return np.asarray(xlogy(count, count / n) + xlogy(n - count, 1 - count / n))
