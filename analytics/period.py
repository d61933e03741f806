"""Local days, and the steps in which they are looked at."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias

Step: TypeAlias = Literal["day", "week", "month"]

FIRST_YEAR: Final = 1991
LAST_YEAR: Final = 2099
"""What somebody asks for lies in these years; the law on local self-government is of 1991."""

_DAY: Final = timedelta(days=1)


class Period(NamedTuple):
    """Local days; both ends are in it."""

    from_on: date
    to_on: date

    @property
    def days(self) -> list[date]:
        """Each day."""
        return [self.from_on + n * _DAY for n in range(self.length)]

    @property
    def length(self) -> int:
        """How many days."""
        return (self.to_on - self.from_on).days + 1

    @property
    def before(self) -> Period:
        """As many days, just before."""
        return Period(self.from_on - self.length * _DAY, self.from_on - _DAY)

    def common(self, other: Period) -> Period | None:
        """The days that are in both, if any."""
        both = Period(max(self.from_on, other.from_on), min(self.to_on, other.to_on))
        return both if both.from_on <= both.to_on else None

    def steps(self, step: Step) -> Iterator[Period]:
        """Its days, weeks from Monday or months, in order; the first and last may be parts."""
        start = self.from_on
        while start <= self.to_on:
            end = min(_last_of(start, step), self.to_on)
            yield Period(start, end)
            start = end + _DAY


def asked_period(from_on: date, to_on: date) -> Period:
    """A period as somebody asked for it.

    Raises:
        ValueError: a day of it is in no year from 1991 to 2099.
    """
    for on in (from_on, to_on):
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            raise ValueError(f"{on}: write a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return Period(from_on, to_on)


def _last_of(on: date, step: Step) -> date:
    """The last day of the step in which a day lies; ISO 8601 weeks."""
    if step == "day":
        return on
    if step == "week":
        return on + (6 - on.weekday()) * _DAY
    return on.replace(day=monthrange(on.year, on.month)[1])
