"""The share of satisfied votes, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.measures.interval import wilson
from broker.store.scales import Scale


@dataclass(frozen=True, slots=True)
class SatisfiedShare:
    """``share`` of the votes that are satisfied, and its 95 % interval; all are 0–1."""

    share: float
    low: float
    high: float


def satisfied_share(counts: Mapping[int, int], scale: Scale) -> SatisfiedShare:
    """The share of votes at or above ``scale.satisfied_from``, with Wilson's interval.

    Args:
        counts: value → number of votes; values without votes may be left out.
        scale: the scale that the values are on.

    Raises:
        ValueError: there are no votes: then there is no figure.
    """
    n = sum(counts.values())
    if n == 0:
        raise ValueError("no votes, so there is no share")
    satisfied = sum(count for value, count in counts.items() if value >= scale.satisfied_from)
    bounds = wilson(satisfied / n, n)
    return SatisfiedShare(satisfied / n, bounds.low, bounds.high)
