"""When a place is open, as its opening hours say: one answer for kiosk, health and rules. Pure.

Hours are times of the wall clock. On the day of the year on which it skips an hour, a time that it
skips is the moment of the skip; where it shows an hour twice, hours begin at the first showing and
end at the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from broker.wire.configuration import Hours, OpeningHours

_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_HOURS: Final = 24
_NONE: Final = timedelta(0)

Span: TypeAlias = tuple[datetime, datetime]
"""From one moment until before another, both in UTC."""


def is_open(
    opening: OpeningHours,
    zone: ZoneInfo,
    at: datetime,
    *,
    early: timedelta = _NONE,
    late: timedelta = _NONE,
) -> bool:
    """Whether people are served ``at`` an aware time, or will be within ``early``, or were within
    ``late``; the grace after closing is not counted by itself.
    """
    return any(
        opens - early <= at < closes + late for opens, closes in spans_around(opening, zone, at)
    )


def spans_around(opening: OpeningHours, zone: ZoneInfo, at: datetime) -> Iterator[Span]:
    """The hours of the local day of ``at``, of the one before and the one after."""
    today = at.astimezone(zone).date()
    for on in (today - _DAY, today, today + _DAY):
        yield from spans(opening, zone, on)


def spans(opening: OpeningHours, zone: ZoneInfo, on: date) -> Iterator[Span]:
    """The hours of a local day as moments, earliest first."""
    for hours in sorted(_hours(opening, on), key=lambda each: each.opens_at):
        opens, _ = moments(zone, on, hours.opens_at)
        _, closes = moments(zone, on, hours.closes_at)
        if opens < closes:  # else the clock skips all of it
            yield opens, closes


def moments(zone: ZoneInfo, on: date, time_of_day: str) -> Span:
    """When the wall clock first shows a time of a day, and when last: mostly the same."""
    hour, minute = map(int, time_of_day.split(":"))
    days, hour = divmod(hour, _HOURS)  # 24:00 is the next day's 00:00
    wall = datetime.combine(on + days * _DAY, time(hour, minute), zone)
    first, last = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first <= last:
        return first, last
    skip = _skip(zone, last, first)
    return skip, skip


def _hours(opening: OpeningHours, on: date) -> Sequence[Hours]:
    for special in opening.special_days:
        if special.on == on:
            return special.hours
    return [weekly for weekly in opening.weekly if on.isoweekday() in weekly.days]


def _skip(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between two at which the wall clock skips ahead; it is a whole second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) / 2
        is_before = middle.astimezone(zone).utcoffset() == offset
        before, after = (middle, after) if is_before else (before, middle)
    return after.replace(microsecond=0)
