"""A burst: so many of the worst value within an hour as chance doesn't bring. Pure.

Faster than the CUSUM where nearly everybody is at once unhappy to the utmost: a system that is
down, a queue that doesn't move. It forgets after an hour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from analytics.measures.minima import MIN_VOTES

WINDOW_MS: Final = 3_600_000
_OVER_AT: Final = 0.05
"""Odds by chance from which on it is no burst any more."""


@dataclass(frozen=True, slots=True)
class Watching:
    """What a burst is at one place.

    Attributes:
        usual: share of votes with the worst value, 0–1.
        odds: of so many by chance, up to which it is a burst.
    """

    usual: float
    odds: float


def watching(usual: float, votes_a_month: float, alerts_a_month: float) -> Watching:
    """A look is taken at each vote of the worst value: the budget is shared among them.

    Looks within an hour are mostly at the same votes, so this is rather too strict than too lax.
    """
    looks = max(1.0, votes_a_month * usual)
    return Watching(usual, alerts_a_month / looks)


@dataclass(frozen=True, slots=True)
class Burst:
    """The last hour of votes, and whether it is a burst.

    Attributes:
        votes: (ms since 1970, whether it is the worst value), the oldest first.
        crossed_ms: since when it is one; ``None``: it isn't.
    """

    votes: Sequence[tuple[int, bool]] = ()
    crossed_ms: int | None = None

    @property
    def n(self) -> int:
        """Votes within the hour."""
        return len(self.votes)

    @property
    def worst(self) -> int:
        """How many of them have the worst value."""
        return sum(is_worst for _, is_worst in self.votes)


NONE: Final = Burst()


def seen(before: Burst, watching: Watching, at_ms: int, *, is_worst: bool) -> Burst:
    """After one more vote."""
    kept = [each for each in before.votes if each[0] > at_ms - WINDOW_MS]
    now = Burst([*kept, (at_ms, is_worst)], before.crossed_ms)
    if before.crossed_ms is None and not (is_worst and now.worst >= MIN_VOTES):
        return now
    chance = odds_from(now.worst, now.n, watching.usual)
    if before.crossed_ms is not None:
        return Burst(now.votes) if chance > _OVER_AT else now
    return Burst(now.votes, at_ms) if chance <= watching.odds else now


def at(before: Burst, now_ms: int) -> Burst:
    """With no more votes until ``now_ms``: an hour without any ends it."""
    return before if any(when > now_ms - WINDOW_MS for when, _ in before.votes) else NONE


@lru_cache(maxsize=65536)
def odds_from(count: int, n: int, share: float) -> float:
    """The odds of ``count`` or more in ``n``, by the binomial distribution."""
    return math.fsum(
        math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1)
    )
