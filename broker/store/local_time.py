"""Which local day, hour of the week and block of 28 days an instant belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

QUARTER_MS: Final = 15 * 60 * 1000
"""Since 1972 all zones differ from UTC by whole quarters of an hour, so that within a quarter
neither day nor hour changes."""

BLOCK_DAYS: Final = 28
_MOST_QUARTERS: Final = 200_000
"""Nearly six years; then the calendar is forgotten and begins anew (20 MB)."""


class Slot(NamedTuple):
    """Where an answer is counted.

    Attributes:
        day: the local day, ISO.
        hour_of_week: 0 (Monday 00–01) to 167, or ``None`` where the hour isn't known.
        block: first day of the 28 days, ISO; blocks start at 1 January 1970.
    """

    day: str
    hour_of_week: int | None
    block: str

    def without_hour(self) -> Slot:
        """The same day; of what is known to the day only."""
        return self._replace(hour_of_week=None)


class Calendar(dict[int, Slot]):
    """Number of a quarter of an hour since 1970 UTC → its slot in one time zone."""

    def __init__(self, timezone: str) -> None:
        """Start empty; slots are reckoned when first asked for."""
        super().__init__()
        self._zone: Final = ZoneInfo(timezone)

    def __missing__(self, quarter: int) -> Slot:
        if len(self) > _MOST_QUARTERS:
            self.clear()
        slot = self[quarter] = self._slot(quarter)
        return slot

    def _slot(self, quarter: int) -> Slot:
        local = datetime.fromtimestamp(quarter * 900, UTC).astimezone(self._zone)
        day = local.date()
        age = (day - datetime(1970, 1, 1, tzinfo=UTC).date()).days
        block = day - timedelta(days=age % BLOCK_DAYS)
        return Slot(day.isoformat(), day.weekday() * 24 + local.hour, block.isoformat())


@cache
def calendar_of(timezone: str) -> Calendar:
    """The calendar of a time zone, shared by all sites in it."""
    return Calendar(timezone)
