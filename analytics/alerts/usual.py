"""What is usual at each place: the measure of every rule. Pure.

A place's own past, pulled towards all places' as far as it is short (empirical Bayes, as in the
ranking), and then taken somewhat in the place's favour: a share known from few votes is not taken
for sure, so that a new device has no false alerts for its first bad luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from analytics.measures.differing import usual_difference
from broker.store.places import Place

BASE_DAYS: Final = 91
"""Days that are the past; whole weeks."""
LEFT_OUT_DAYS: Final = 7
"""The newest days are not yet the past: what goes wrong now is not usual."""
LEAST_VOTES: Final = 50
"""In a place's own past; before, nothing is said of it."""

_MOST_STRENGTH: Final = 200.0
"""Places alike by chance are not taken for one: own votes weigh more than others' from here on."""
_FAVOUR: Final = 0.5
"""Standard errors by which the usual share lies on the place's side."""
_MONTH_DAYS: Final = 30.4

KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class Past:
    """The votes of the base days at one place.

    Attributes:
        votes: all of them.
        unhappy: how many are dissatisfied.
        content: how many are satisfied.
        worst: how many have the worst value.
        span: for how many days the place has been there, at most all base days.
        answered: how many said why.
        reasons: code of a reason → how many named it.
    """

    votes: int
    unhappy: int
    content: int
    worst: int
    span: int = BASE_DAYS
    answered: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual at one place.

    Attributes:
        votes_a_month: at this place.
        answers_a_month: of people who say why.
        unhappy: share of votes that are dissatisfied, on the upper side.
        discontent: share of votes that are not satisfied, on the lower side.
        worst: share of votes with the worst value, on the upper side.
        reasons: reason → share of those who say why that name it, on the upper side.
    """

    votes_a_month: float
    answers_a_month: float
    unhappy: float
    discontent: float
    worst: float
    reasons: Mapping[str, float]


def usual_of(past: Mapping[Place, Past]) -> dict[Place, Usual]:
    """What is usual at each place that has a past; the others are left out."""
    known = {place: each for place, each in past.items() if each.votes >= LEAST_VOTES}
    n = {place: each.votes for place, each in known.items()}
    unhappy = _shares({place: each.unhappy for place, each in known.items()}, n, _FAVOUR)
    discontent = _shares(
        {place: each.votes - each.content for place, each in known.items()}, n, -_FAVOUR
    )
    worst = _shares({place: each.worst for place, each in known.items()}, n, _FAVOUR)
    reasons = _reasons(known)
    return {
        place: Usual(
            votes_a_month=each.votes / each.span * _MONTH_DAYS,
            answers_a_month=each.answered / each.span * _MONTH_DAYS,
            unhappy=unhappy[place],
            discontent=discontent[place],
            worst=worst[place],
            reasons=reasons.get(place, {}),
        )
        for place, each in known.items()
    }


def _reasons(known: Mapping[Place, Past]) -> dict[Place, dict[str, float]]:
    """Of places where enough people said why; reasons that nobody named before, too."""
    n = {place: each.answered for place, each in known.items() if each.answered >= LEAST_VOTES}
    codes = sorted({code for place in n for code in known[place].reasons})
    found: dict[Place, dict[str, float]] = {place: {} for place in n}
    for code in codes:
        shares = _shares({place: known[place].reasons.get(code, 0) for place in n}, n, _FAVOUR)
        for place, share in shares.items():
            found[place][code] = share
    return found


def _shares(counts: Mapping[KeyT, int], n: Mapping[KeyT, int], favour: float) -> dict[KeyT, float]:
    """Each share pulled towards the whole, and ``favour`` standard errors aside."""
    if not n:
        return {}
    pairs: Sequence[tuple[int, int]] = [(counts[key], n[key]) for key in n]
    whole = usual_difference(pairs)
    strength = min(whole.strength, _MOST_STRENGTH)
    mean = (sum(count for count, _ in pairs) + 0.5) / (sum(votes for _, votes in pairs) + 1)
    shares = {}
    for key, (count, votes) in zip(n, pairs, strict=True):
        share = (count + mean * strength) / (votes + strength)
        error = math.sqrt(share * (1 - share) / (votes + strength + 1))
        shares[key] = min(max(share + favour * error, 0.01), 0.95)
    return shares
