"""Calendar months, written ``2026-11``."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from analytics.period import Period

_MONTH: Final = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])")
_LONGEST: Final = timedelta(days=31)


def first_of(month: str) -> date:
    """Its first day.

    Raises:
        ValueError: it is no month.
    """
    found = _MONTH.fullmatch(month)
    if found is None:
        raise ValueError(f"{month!r} is no month; write it like 2026-11")
    return date(int(found[1]), int(found[2]), 1)


def days_of(month: str) -> Period:
    """All its days.

    Raises:
        ValueError: it is no month.
    """
    first = first_of(month)
    return Period(first, (first + _LONGEST).replace(day=1) - timedelta(days=1))


def month_of(on: date) -> str:
    """The month of a day."""
    return f"{on.year:04}-{on.month:02}"


def before(month: str) -> str:
    """The month before."""
    return month_of(first_of(month) - timedelta(days=1))


def year_before(month: str) -> str:
    """The same month of the year before."""
    first = first_of(month)
    return month_of(first.replace(year=first.year - 1))


def newest_whole(to_on: date) -> str:
    """The last month that is over on the day after ``to_on``."""
    month = month_of(to_on)
    return month if days_of(month).to_on <= to_on else before(month)
