"""Opening hours out of a place's settings, with its public holidays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar

import msgspec

from broker.store.prepared import prepare
from broker.store.public_holidays import public_holidays
from broker.wire.configuration import EVERY_DAY, OpeningHours, SpecialDay, WeeklyHours

AHEAD_DAYS: Final = 91
"""From the first day of the month: whatever the day, public holidays of the next 60 are there, and
a kiosk that hears nothing for two months keeps its hours."""

_ALWAYS: Final = WeeklyHours(days=EVERY_DAY, opens_at="00:00", closes_at="24:00")

T = TypeVar("T")

prepare(tuple[WeeklyHours, ...], tuple[SpecialDay, ...])


class UnreadableSettingError(ValueError):
    """A setting that its class can't read: entered past the verbs, or by another program."""


def read_setting(key: str, value: object, kind: type[T]) -> T:
    """The value of a setting as what it becomes a part of.

    Raises:
        UnreadableSettingError: it can't be that.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise UnreadableSettingError(f"{key}: {error}; set it anew") from error


def opening_of(
    values: Mapping[str, Any], first_on: date, languages: Sequence[str] = ()
) -> OpeningHours | None:
    """Hours, and special days from ``first_on`` on; ``None``: always open.

    Public holidays hold where hours are set, but for a day of which a person said otherwise.

    Args:
        values: key of a setting → its value.
        first_on: a day; holidays are looked up for ``AHEAD_DAYS`` from it on.
        languages: a holiday has its names where there is one in each of these.

    Raises:
        UnreadableSettingError: a setting was entered past the verbs.
    """
    given = values["opening.weekly"]
    weekly = (
        None if given is None else read_setting("opening.weekly", given, tuple[WeeklyHours, ...])
    )
    entered = read_setting(
        "opening.special_days", values["opening.special_days"], tuple[SpecialDay, ...]
    )
    days = {day.on: day for day in entered if day.on >= first_on}
    if weekly is None and not days:
        return None
    if weekly and values["holidays"] is not None:
        days = _holidays(values["holidays"], first_on, languages) | days
    return OpeningHours(
        weekly=(_ALWAYS,) if weekly is None else weekly,
        special_days=tuple(days[on] for on in sorted(days)),
        grace_min=read_setting("opening.grace_min", values["opening.grace_min"], int),
    )


def _holidays(country: str, first_on: date, languages: Sequence[str]) -> dict[date, SpecialDay]:
    """Closed days with their names, where there is one in each of ``languages``."""
    found = public_holidays(country, first_on, first_on + timedelta(days=AHEAD_DAYS))
    return {
        on: SpecialDay(
            on=on,
            texts={each: names[each] for each in languages}
            if names.keys() >= set(languages)
            else {},
        )
        for on, names in found.items()
    }
