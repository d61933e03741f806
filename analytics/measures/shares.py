"""Counts and shares: satisfied, dissatisfied, answers and their reasons, who rated of those served.

Every share comes with its n and Wilson's interval at 95 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analytics.measures.interval import Interval, wilson
from broker.store.scales import SCALES, Scale

DISSATISFIED_TO: Final[Mapping[Scale, int]] = {
    SCALES["faces-4"]: 2,
    SCALES["faces-5"]: 2,
    SCALES["nps-11"]: 6,
    SCALES["yes-no"]: 0,
}
"""Scale → the best value that counts as dissatisfied. The middle face of five is neither satisfied
nor dissatisfied, nor are 7 and 8 of ten ("passive" in the words of the Net Promoter Score)."""


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``n``, the ``share`` that this is, and its 95 % interval; all are 0–1."""

    count: int
    n: int
    share: float
    low: float
    high: float

    @property
    def bounds(self) -> Interval:
        """The interval by itself."""
        return Interval(self.low, self.high)


def share_of(count: int, n: int, *, spread: float = 1.0) -> Share:
    """``count`` of ``n`` with Wilson's interval.

    Args:
        count: how many of ``n``.
        n: of how many.
        spread: how much more such counts vary than chance would have it, as a ratio of standard
            deviations (σ_z of ``analytics.measures.p_chart``); n counts for that much less.

    Raises:
        ValueError: ``n`` is not positive, ``count`` is not within it, or ``spread`` is below 1.
    """
    if n <= 0 or not 0 <= count <= n:
        raise ValueError(f"no share: {count} of {n}")
    if not spread >= 1:
        raise ValueError(f"a spread is 1 (chance alone) or more, not {spread}")
    bounds = wilson(count / n, n / (spread * spread))
    return Share(count, n, count / n, bounds.low, bounds.high)


def dissatisfied_share(counts: Mapping[int, int], scale: Scale) -> Share:
    """The share of votes (value → number) that are dissatisfied, see :data:`DISSATISFIED_TO`.

    It doesn't follow from the share satisfied where a scale has a middle.

    Raises:
        ValueError: there are no votes: then there is no figure.
    """
    upto = DISSATISFIED_TO[scale]
    return share_of(sum(n for value, n in counts.items() if value <= upto), sum(counts.values()))


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one question.

    Attributes:
        options: option → share of those who answered; the most frequent first, then by code. Where
            several may be chosen the shares add up to more than 1.
        answered: of all who were asked, how many answered; the others skipped or let it run out.
    """

    options: Mapping[str, Share]
    answered: Share


def answer_shares(chosen: Mapping[str, int], answered: int, unanswered: int = 0) -> Answers:
    """Shares of the options of a question, such as the reasons after an unhappy face.

    Each interval is right by itself in 95 of 100 samples, not all of them at once; two options
    whose intervals overlap have no sure order.

    Args:
        chosen: option → how many chose it; those without may be left out.
        answered: how many answered, each with one or more options.
        unanswered: how many were asked and skipped it or let it run out.

    Raises:
        ValueError: nobody answered, or an option was chosen by more than did.
    """
    order = sorted(chosen, key=lambda option: (-chosen[option], option))
    shares = {option: share_of(chosen[option], answered) for option in order}
    return Answers(shares, share_of(answered, answered + unanswered))


@dataclass(frozen=True, slots=True)
class Response:
    """How many rated of the people served.

    Attributes:
        share: above 1 where people rated who were not counted.
        bounds: its 95 % interval; ``None`` where the share is above 1: then it is the count of the
            people that is wrong, and no interval makes up for that.
    """

    rated: int
    served: int
    share: float
    bounds: Interval | None


def response_share(rated: int, served: int) -> Response:
    """The response rate, see :class:`Response`.

    The interval tells how much the willingness to rate may differ from what was seen in so many
    people. It tells nothing of whether those who rate are like those who don't.

    Raises:
        ValueError: nobody was served, or ``rated`` is negative.
    """
    if served <= 0 or rated < 0:
        raise ValueError(f"no response rate: {rated} of {served} served")
    share = rated / served
    return Response(rated, served, share, wilson(share, served) if share <= 1 else None)
