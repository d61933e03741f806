"""Whether a hall is open at a moment, as its configuration says; by the wall clock. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from broker.wire.configuration import Hours, OpeningHours


def is_open(opening: OpeningHours, zone: ZoneInfo, at: datetime) -> bool:
    """Whether people are served ``at`` this moment; the grace after closing is not counted."""
    local = at.astimezone(zone)
    time_of_day = f"{local:%H:%M}"  # as hours are written, so that texts compare as times do
    return any(
        hours.opens_at <= time_of_day < hours.closes_at for hours in _hours(opening, local.date())
    )


def _hours(opening: OpeningHours, on: date) -> Sequence[Hours]:
    for special in opening.special_days:
        if special.on == on:
            return special.hours
    return [weekly for weekly in opening.weekly if on.isoweekday() in weekly.days]
