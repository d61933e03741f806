"""Which survey is asked when, and when the hall is open: the configuration's calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from broker.wire.configuration import Configuration, PlannedSurvey
from broker.wire.opening import Span, moments, spans
from broker.wire.surveys import Survey, Texts

_DAY: Final = timedelta(days=1)
_WEEK_DAYS: Final = 7


class Timetable:
    """What a configuration says of days and hours.

    Every method takes the time as an aware datetime, or ``None`` where the clock is not set. Then
    the standing survey is asked and the hall is open: no vote is refused for want of a clock. Only
    a kiosk that rests needs none: it stands nowhere, and is never open.

    Args:
        configuration: one that is presentable.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._zone = ZoneInfo(configuration.timezone)
        self._survey = configuration.survey
        self._planned = configuration.planned
        self._opening = configuration.opening
        self._is_resting = configuration.is_resting
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
        if self._is_resting:
            return False
        if at is None or self._opening is None:
            return True
        return any(opens <= at < closes for opens, closes in self._spans_around(at))

    def closed_because(self, at: datetime | None) -> Texts:
        """The reason that the special day gives; empty while open, and where there is none."""
        if at is None or self._is_resting or self.is_open(at):
            return {}
        special = self._special_days.get(self._day(at))
        return special.texts if special is not None else {}

    def opens_next(self, at: datetime | None) -> datetime | None:
        """The first opening after ``at``, in UTC; ``None`` if there is none, or no hours at all."""
        if at is None or self._opening is None or self._is_resting:
            return None
        spans = (span for on in self._days_from(self._day(at)) for span in self._spans(on))
        return next((opens for opens, _ in spans if opens > at), None)

    def next_change_at(self, at: datetime | None) -> datetime | None:
        """A moment in UTC until which :meth:`survey_at` and :meth:`is_open` say the same.

        It is the next opening, end of grace, or midnight; ``None`` where nothing ever changes.
        """
        if at is None or (self._opening is None and not self._planned):
            return None
        midnight = moments(self._zone, self._day(at) + _DAY, "00:00")
        changes = (moment for span in (midnight, *self._spans_around(at)) for moment in span)
        return min(moment for moment in changes if moment > at)

    def months_since(self, month: date, at: datetime) -> int:
        """How many months ``at`` is after ``month``: 0 within it, 1 in the next one."""
        on = self._day(at)
        return (on.year - month.year) * 12 + on.month - month.month

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _spans(self, on: date) -> Iterator[Span]:
        """The hours of a day as moments, each with the grace after it."""
        if self._opening is not None:
            grace = timedelta(minutes=self._opening.grace_min)
            for opens, closes in spans(self._opening, self._zone, on):
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


def _fits(planned: PlannedSurvey, on: date) -> bool:
    return (
        on.isoweekday() in planned.days
        and (planned.first_on is None or planned.first_on <= on)
        and (planned.last_on is None or on <= planned.last_on)
    )
