"""Evidence of a change at one place, gathered vote by vote. Pure, and small enough to keep.

The LLR-CUSUM of ``analytics.measures.cusum``, with what an alert needs: a latch. From the limit on
the evidence stands (and grows no further), until as much speaks against the change as had spoken
for it; so one change is one alert, however long it lasts. It goes on over closing time: nights and
days off change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analytics.measures.cusum import Cusum, Score, stepped
from analytics.measures.minima import MIN_VOTES


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the votes at a place say so far.

    Attributes:
        value: logarithm of the likelihood ratio, 0 to the limit.
        votes: since it was last 0.
        counted: how many of them are of the kind that is counted.
        since_ms: the first of them, in ms since 1970; about when the change began.
        crossed_ms: when it was enough; ``None``: it isn't.
    """

    value: float = 0.0
    votes: int = 0
    counted: int = 0
    since_ms: int = 0
    crossed_ms: int | None = None

    @property
    def is_enough(self) -> bool:
        """Whether it stands."""
        return self.crossed_ms is not None


NOTHING: Final = Evidence()
"""Nothing speaks for a change."""


def weighed(before: Evidence, cusum: Cusum, at_ms: int, counted: int, n: int = 1) -> Evidence:
    """The evidence after ``n`` more votes at ``at_ms``, ``counted`` of them of the kind.

    It is never enough on fewer than five votes.
    """
    if before.crossed_ms is not None:
        return _held(before, cusum, counted, n)
    score = stepped(
        Score(before.value, before.votes, before.counted, is_alarm=False), cusum, counted, n
    )
    if not score.votes:
        return NOTHING
    is_enough = score.is_alarm and score.votes >= MIN_VOTES
    return Evidence(
        min(score.value, cusum.limit),
        score.votes,
        score.unhappy,
        before.since_ms if before.votes else at_ms,
        at_ms if is_enough else None,
    )


def _held(before: Evidence, cusum: Cusum, counted: int, n: int) -> Evidence:
    value = before.value + counted * cusum.unhappy + (n - counted) * cusum.other
    if value <= 0:
        return NOTHING
    return Evidence(
        min(value, cusum.limit),
        before.votes + n,
        before.counted + counted,
        before.since_ms,
        before.crossed_ms,
    )
