"""Public holidays, days off in their stead included, with their names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

from holidays import country_holidays

from broker.wire.shown import MAX_NAME

_LANGUAGES: Final[Mapping[str, str]] = {"bg": "bg", "en": "en_US"}
"""Our languages, as the calendar calls them."""

_SHORT: Final[Mapping[str, str]] = {
    "Ден на светите братя Кирил и Методий, на българската азбука, просвета и култура "
    "и на славянската книжовност": (
        "Ден на българската просвета и култура и на славянската писменост"
    ),
}
"""Names that no screen has room for, as people still call them."""


def public_holidays(country: str, first_on: date, last_on: date) -> dict[date, dict[str, str]]:
    """Day → language → name, of all days off from ``first_on`` to ``last_on``, both included.

    Which days, and which are off instead of a weekend's, the ``holidays`` package knows as of its
    release; what the government decides later is entered as a special day, which wins.

    Args:
        country: its code of ISO 3166, as ``BG``.
        first_on: a day after 1990; before, the calendar knows nothing.
        last_on: likewise.
    """
    years = range(first_on.year, last_on.year + 1)
    found: dict[date, dict[str, str]] = {}
    for language in _LANGUAGES:
        for year in years:
            for on, name in _holidays_of(country, year, language):
                if first_on <= on <= last_on:
                    found.setdefault(on, {})[language] = name
    return dict(sorted(found.items()))


@cache
def _holidays_of(country: str, year: int, language: str) -> tuple[tuple[date, str], ...]:
    """Reckoned once: a millisecond each, and every touchpoint asks."""
    days = country_holidays(country, years=year, language=_LANGUAGES[language])
    return tuple((on, _fitting(name)) for on, name in days.items())


def _fitting(name: str) -> str:
    """``name``, in short where a screen has no room for it."""
    for long, short in _SHORT.items():
        name = name.replace(long, short)
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
