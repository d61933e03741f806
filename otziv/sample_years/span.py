"""When a desk of a sample town is open, and how busy each of its days is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from broker.store.columns import to_ms
from broker.store.public_holidays import public_holidays
from otziv.sample_years.town import Desk, Town

COUNTRY: Final = "BG"
_WEEKDAYS: Final = (1.2, 1.05, 1.0, 1.0, 0.85, 0.8, 0.75)
"""Mondays are busy, Fridays are not."""
_YEAR: Final = 365


@dataclass(frozen=True)
class Span:
    """Some days in a row, the last one included."""

    last_on: date
    days: int
    timezone: str

    @property
    def first_on(self) -> date:
        """The first of them."""
        return self.last_on - timedelta(days=self.days - 1)

    @cached_property
    def all(self) -> list[date]:
        """All of them in order."""
        return [self.first_on + timedelta(days=number) for number in range(self.days)]

    @cached_property
    def _holidays(self) -> set[date]:
        return set(public_holidays(COUNTRY, self.first_on, self.last_on))

    def is_open(self, desk: Desk, on: date) -> bool:
        """Whether visitors are let in on that day."""
        if on in self._holidays:
            return False
        return any(on.isoweekday() in shift.days for shift in desk.shifts)

    def open_days(self, desk: Desk) -> list[date]:
        """The days on which it is open."""
        return [on for on in self.all if self.is_open(desk, on)]

    def midnight_ms(self, on: date) -> int:
        """What times of day are counted from: where the clock is changed, that night is over by
        the time that anybody is there.
        """
        noon = datetime.combine(on, time(12), ZoneInfo(self.timezone))
        return to_ms(noon.astimezone(UTC)) - 12 * 3_600_000

    def visits(self, town: Town, desk: Desk) -> Mapping[date, float]:
        """How many votes to expect on each open day: over all days so many as the town says."""
        weights = {on: self._weight(town, desk, on) for on in self.open_days(desk)}
        mean = sum(weights.values()) / self.days
        return {on: town.a_day * desk.weight * weight / mean for on, weight in weights.items()}

    def _weight(self, town: Town, desk: Desk, on: date) -> float:
        """How busy a day is: by weekday, month and how long ago it was."""
        growth = 1 + town.growth * (on - self.first_on).days / _YEAR
        return _WEEKDAYS[on.weekday()] * desk.season[on.month - 1] * growth
