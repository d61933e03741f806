"""Quiet hours: what is found then is told at their end, if it is still so. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is to be bothered, each day; past midnight where ``from_time`` is the later.

    Equal times are no quiet hours at all.
    """

    zone: ZoneInfo
    from_time: time = time(20)
    until_time: time = time(7, 30)

    def is_quiet(self, now: datetime) -> bool:
        """Whether ``now``, an aware time, lies in them."""
        at = now.astimezone(self.zone).time()
        if self.from_time <= self.until_time:
            return self.from_time <= at < self.until_time
        return at >= self.from_time or at < self.until_time


NEVER: Final = time(0)
"""For both ends: no quiet hours."""
