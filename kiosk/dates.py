"""Days and months in words, from the kiosk's own catalogues: it carries no calendar library."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from kiosk.words import Words, mark

_MONTHS: Final = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)
_WEEKDAYS: Final = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)


def month(on: date, words: Words) -> str:
    """``октомври 2026 г.``."""
    return words("{month} {year}", month=words(_MONTHS[on.month - 1]), year=on.year)


def opening(at: datetime | None, words: Words) -> str:
    """When it opens again, in the zone of ``at``; empty where that is not known."""
    if at is None:
        return ""
    return words(
        "We open again: {weekday}, {day}.{month}., {time}",
        weekday=words(_WEEKDAYS[at.weekday()]),
        day=f"{at.day:02}",
        month=f"{at.month:02}",
        time=f"{at:%H:%M}",
    )
