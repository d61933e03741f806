"""Silence: no votes where some are usual at this hour of the week. Pure.

Hours in which few come weigh little, and days off nothing: nights and holidays are no silence.
What is expected is halved before it counts, since a quiet season is no fault either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOURS: Final = 168
_TRUSTED: Final = 0.5
"""The part of the usual votes that is expected: half as busy is still usual."""
_LONGEST: Final = timedelta(days=60)
"""A place silent for longer was given up, or is told of long since."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Week:
    """How many votes are usual, hour by hour of the local week (0 is Monday 00–01)."""

    votes: Sequence[float]

    def __post_init__(self) -> None:
        """See that it is a week.

        Raises:
            ValueError: it has not 168 hours.
        """
        if len(self.votes) != HOURS:
            raise ValueError(f"a week has {HOURS} hours, not {len(self.votes)}")

    @property
    def a_month(self) -> float:
        """Votes a month."""
        return sum(self.votes) * 365.25 / 12 / 7


def expected(
    week: Week, zone: ZoneInfo, is_off: Callable[[date], bool], from_at: datetime, to_at: datetime
) -> float:
    """Votes usual from ``from_at`` to ``to_at``, hours in part in proportion.

    Args:
        week: what is usual.
        zone: of the place.
        is_off: whether a local day is one off: nothing is expected then.
        from_at: an aware time.
        to_at: likewise; at most sixty days count.
    """
    from_at, to_at = from_at.astimezone(UTC), to_at.astimezone(UTC)  # else hours are the wall's
    from_at = max(from_at, to_at - _LONGEST)
    total, at = 0.0, from_at
    while at < to_at:
        local = at.astimezone(zone)
        left = (
            _HOUR
            - timedelta(minutes=local.minute, seconds=local.second)
            - timedelta(microseconds=local.microsecond)
        )
        until = min(at + left, to_at)
        if not is_off(local.date()):
            total += week.votes[local.weekday() * 24 + local.hour] * ((until - at) / _HOUR)
        at = until
    return total


def is_silent(missed: float, votes_a_month: float, alerts_a_month: float) -> bool:
    """Whether so long without a vote is more than chance.

    By chance alone a gap in which ``missed`` votes were expected has odds of exp(−missed) after
    each vote; so many gaps a month are in the budget.
    """
    return votes_a_month * math.exp(-_TRUSTED * missed) <= alerts_a_month
