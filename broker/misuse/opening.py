"""Whether a place was open at a moment, for the rule on presses outside opening hours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from broker.wire.configuration import Hours, OpeningHours

EARLY: Final = timedelta(minutes=30)
"""Doors that open a little before their time are no misuse."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Door:
    """When people can be at a panel: from half an hour before each opening until the grace after
    closing is over.

    Attributes:
        opening: ``None``: nobody has said when.
        zone: in which its times are.
    """

    opening: OpeningHours | None
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool | None:
        """Whether it was open ``at`` an aware time; ``None``: nobody has said."""
        if self.opening is None:
            return None
        today = at.astimezone(self.zone).date()
        grace = timedelta(minutes=self.opening.grace_min)
        return any(
            self._moment(on, hours.opens_at) - EARLY
            <= at
            < self._moment(on, hours.closes_at) + grace
            for on in (today - _DAY, today, today + _DAY)
            for hours in _hours(self.opening, on)
        )

    def _moment(self, on: date, time_of_day: str) -> datetime:
        hour, minute = map(int, time_of_day.split(":"))
        days, hour = divmod(hour, 24)  # 24:00 is the next day's 00:00
        local = datetime.combine(on + days * _DAY, time(hour, minute), self.zone)
        return local.astimezone(UTC)


def _hours(opening: OpeningHours, on: date) -> Sequence[Hours]:
    for special in opening.special_days:
        if special.on == on:
            return special.hours
    return [weekly for weekly in opening.weekly if on.isoweekday() in weekly.days]
