"""Which survey is asked when, and when the hall is open: the configuration's calendar. Pure.

Hours are times of the wall clock. On the day of the year on which it skips an hour, a time that it
skips is the moment of the skip; where it shows an hour twice, hours begin at the first showing and
end at the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from broker.wire.configuration import Configuration, Hours, PlannedSurvey
from broker.wire.surveys import Survey, Texts

_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_HOURS: Final = 24
_WEEK_DAYS: Final = 7

Span: TypeAlias = tuple[datetime, datetime]
"""From one moment until before another, both in UTC."""


class Timetable:
    """What a configuration says of days and hours.

    Every method takes the time as an aware datetime, or ``None`` where the clock is not set. Then
    the standing survey is asked and the hall is open: no vote is refused for want of a clock.

    Args:
        configuration: one that is presentable.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._zone = ZoneInfo(configuration.timezone)
        self._survey = configuration.survey
        self._planned = configuration.planned
        self._opening = configuration.opening
        days = configuration.opening.special_days if configuration.opening else ()
        self._special_days = {day.on: day for day in days}

    def survey_at(self, at: datetime | None) -> Survey:
        """The first planned survey that fits the local day, else the standing one."""
        if at is None:
            return self._survey
        on = self._day(at)
        fitting = (planned.survey for planned in self._planned if _fits(planned, on))
        return next(fitting, self._survey)

    def is_open(self, at: datetime | None) -> bool:
        """Whether ratings are taken: during the hours, and for the grace after each closing."""
        if at is None or self._opening is None:
            return True
        return any(opens <= at < closes for opens, closes in self._spans_around(at))

    def closed_because(self, at: datetime | None) -> Texts:
        """The reason that the special day gives; empty while open, and where there is none."""
        if at is None or self.is_open(at):
            return {}
        special = self._special_days.get(self._day(at))
        return special.texts if special is not None else {}

    def opens_next(self, at: datetime | None) -> datetime | None:
        """The first opening after ``at``, in UTC; ``None`` if there is none, or no hours at all."""
        if at is None or self._opening is None:
            return None
        spans = (span for on in self._days_from(self._day(at)) for span in self._spans(on))
        return next((opens for opens, _ in spans if opens > at), None)

    def next_change_at(self, at: datetime | None) -> datetime | None:
        """A moment in UTC until which :meth:`survey_at` and :meth:`is_open` say the same.

        It is the next opening, end of grace, or midnight; ``None`` where nothing ever changes.
        """
        if at is None or (self._opening is None and not self._planned):
            return None
        midnight = self._moments(self._day(at) + _DAY, "00:00")
        moments = (moment for span in (midnight, *self._spans_around(at)) for moment in span)
        return min(moment for moment in moments if moment > at)

    def months_since(self, month: date, at: datetime) -> int:
        """How many months ``at`` is after ``month``: 0 within it, 1 in the next one."""
        on = self._day(at)
        return (on.year - month.year) * 12 + on.month - month.month

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _hours(self, on: date) -> Sequence[Hours]:
        """The hours of a day, earliest first."""
        weekly = self._opening.weekly if self._opening is not None else ()
        hours: Sequence[Hours] = [each for each in weekly if on.isoweekday() in each.days]
        if on in self._special_days:
            hours = self._special_days[on].hours
        return sorted(hours, key=lambda each: each.opens_at)

    def _spans(self, on: date) -> Iterator[Span]:
        """The hours of a day as moments, each with the grace after it."""
        grace = timedelta(minutes=self._opening.grace_min if self._opening is not None else 0)
        for hours in self._hours(on):
            opens, _ = self._moments(on, hours.opens_at)
            _, closes = self._moments(on, hours.closes_at)
            if opens < closes:  # else the clock skips all of it
                yield opens, closes + grace

    def _spans_around(self, at: datetime) -> Iterator[Span]:
        """All spans that may have to do with ``at``: hours and grace pass no second midnight."""
        for days in (-1, 0, 1):
            yield from self._spans(self._day(at) + days * _DAY)

    def _days_from(self, on: date) -> Iterator[date]:
        """Days on which the hall may open, in order, as many as there can be until it does.

        Each special day can close it on one weekday of one week; one week more is for hours that
        the clock skips.
        """
        if self._opening is not None and self._opening.weekly:
            weeks = len(self._special_days) + 2
            yield from (on + days * _DAY for days in range(weeks * _WEEK_DAYS))
        else:
            yield from sorted(day for day in self._special_days if day >= on)

    def _moments(self, on: date, time_of_day: str) -> Span:
        """When the wall clock first shows a time of a day, and when last: mostly the same."""
        hour, minute = map(int, time_of_day.split(":"))
        days, hour = divmod(hour, _HOURS)  # 24:00 is the next day's 00:00
        wall = datetime.combine(on + days * _DAY, time(hour, minute), self._zone)
        first, last = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        if first <= last:
            return first, last
        skip = self._skip(last, first)
        return skip, skip

    def _skip(self, before: datetime, after: datetime) -> datetime:
        """The moment between two at which the wall clock skips ahead; it is a whole second."""
        offset = before.astimezone(self._zone).utcoffset()
        while after - before > _SECOND:
            middle = before + (after - before) / 2
            is_before = middle.astimezone(self._zone).utcoffset() == offset
            before, after = (middle, after) if is_before else (before, middle)
        return after.replace(microsecond=0)


def _fits(planned: PlannedSurvey, on: date) -> bool:
    return (
        on.isoweekday() in planned.days
        and (planned.first_on is None or planned.first_on <= on)
        and (planned.last_on is None or on <= planned.last_on)
    )
