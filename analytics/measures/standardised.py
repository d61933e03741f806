"""A place against what everybody's rates would have made of its hours: a fair comparison.

A place that is open on Monday mornings sees other moods than one that isn't. So its votes are set
against those that all places had at the same hours of the week (indirect standardisation: few
votes an hour are enough at the place, since only the rates of all are used hour by hour).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from analytics.measures.change import difference_of
from analytics.measures.interval import Interval, wilson
from analytics.measures.normal import normal_tails
from analytics.measures.shares import Share, share_of

SlotT = TypeVar("SlotT", bound=Hashable)

PRIOR_VOTES: Final = 2.0
"""Votes at the overall share that are added to each hour's rate when its uncertainty is reckoned:
a rate seen in one vote is 0 or 1, and is not sure for that."""


@dataclass(frozen=True, slots=True)
class Standardised:
    """What a place had, and what it would have had with everybody's rates at its hours.

    Attributes:
        observed: the place's own share; its n is of the hours that could be compared.
        expected: the share (0–1) that everybody's rates give for the place's hours.
        difference: observed − expected, −1 … 1.
        low: lower end of the difference's 95 % interval.
        high: upper end.
        p: the odds of a difference as great or greater, either way, if the place were like all.
        left_out: votes of the place at hours at which nobody else in ``everybody`` voted.
    """

    observed: Share
    expected: float
    difference: float
    low: float
    high: float
    p: float
    left_out: int


def standardised(
    place: Mapping[SlotT, tuple[int, int]],
    everybody: Mapping[SlotT, tuple[int, int]],
    *,
    spread: float = 1.0,
) -> Standardised:
    """Compare a place with everybody, hour by hour; both are slot → (satisfied, votes).

    ``everybody`` may include the place, as a municipality does; then all places together have as
    many satisfied as expected, and the interval is a little wider than it need be, the more so the
    larger the place's part is. Slots are hours of the week, or whatever else the places differ in.

    The interval is Newcombe's square-and-add of Wilson's for the place and of one for the
    expectation, which is uncertain too where everybody's hours hold few votes.

    Source: indirect standardisation as in N. E. Breslow and N. E. Day, *Statistical Methods in
    Cancer Research* II, IARC 1987, ch. 2; the interval: Zou and Donner (2008), see
    :func:`~analytics.measures.change.difference_of`.

    Args:
        place: the place's votes.
        everybody: the votes that it is compared with.
        spread: as in :func:`~analytics.measures.shares.share_of`.

    Raises:
        ValueError: no vote of the place falls into a slot in which everybody has votes.
    """
    slots = [slot for slot, (_, n) in place.items() if n and everybody.get(slot, (0, 0))[1]]
    n = sum(place[slot][1] for slot in slots)
    observed = share_of(sum(place[slot][0] for slot in slots), n, spread=spread)
    weights = {slot: place[slot][1] / n for slot in slots}
    rates = {slot: everybody[slot][0] / everybody[slot][1] for slot in slots}
    expected = math.fsum(weights[slot] * rates[slot] for slot in slots)
    expected = min(max(expected, 0.0), 1.0)  # takes a rounding error away
    overall = sum(everybody[slot][0] for slot in slots) / sum(everybody[slot][1] for slot in slots)
    smooth = {slot: _smooth(everybody[slot], overall) for slot in slots}
    error = math.fsum(
        weights[slot] ** 2 * smooth[slot] * (1 - smooth[slot]) / everybody[slot][1]
        for slot in slots
    )
    chance = math.fsum(weights[slot] * smooth[slot] * (1 - smooth[slot]) for slot in slots) / n
    kish = math.fsum(weights[slot] ** 2 / everybody[slot][1] for slot in slots)
    of_all = _bounds(expected, error * spread**2, kish * spread**2)
    bounds = difference_of(observed.share, observed.bounds, expected, of_all)
    difference = observed.share - expected
    return Standardised(
        observed,
        expected,
        difference,
        bounds.low,
        bounds.high,
        _chance(difference, (chance + error) * spread**2),
        sum(votes for _, votes in place.values()) - n,
    )


def _smooth(votes: tuple[int, int], overall: float) -> float:
    return (votes[0] + PRIOR_VOTES * overall) / (votes[1] + PRIOR_VOTES)


def _bounds(share: float, variance: float, per_vote: float) -> Interval:
    """Wilson's interval of a share that varies as if it were of so many votes.

    At 0 and 1 that can't be told from the variance; then the votes go by the weights alone.
    """
    n = 1 / per_vote if share in {0, 1} or variance == 0 else share * (1 - share) / variance
    return wilson(share, n)


def _chance(difference: float, variance: float) -> float:
    if variance == 0:
        return 1.0 if difference == 0 else 0.0
    return normal_tails(difference / math.sqrt(variance))
