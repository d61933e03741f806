"""Making a report: its title, its period, and its sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from altair.utils.schemapi import debug_mode

from analytics.improvement import words as improvement_words
from analytics.improvement.drafts import PUBLIC, Kind
from analytics.period import Period
from analytics.reports.content.annual import annual
from analytics.reports.content.periodic import periodic
from analytics.reports.content.team import team
from analytics.reports.content.telling import Telling
from analytics.reports.content.weekly import weekly
from analytics.reports.document import Document, Section
from analytics.reports.document import Kind as DocumentKind

_SECTIONS: Final[Mapping[Kind, Callable[[Telling], tuple[Section, ...]]]] = {
    "weekly-letter": weekly,
    "periodic": periodic,
    "annual": annual,
    "team-sheet": team,
}
_KINDS: Final[Mapping[Kind, DocumentKind]] = {
    "weekly-letter": "weekly",
    "periodic": "periodic",
    "annual": "annual",
    "team-sheet": "team",
}

SHORT: Final[Mapping[str, Kind]] = {short: kind for kind, short in _KINDS.items()}
"""As the command line calls the kinds."""

_DAY: Final = timedelta(days=1)


def make(kind: Kind, telling: Telling, *, is_draft: bool = True) -> Document:
    """The report, from the figures as they are now.

    A team sheet is of a whole unit: a place in it would be its desks. Neither is what may be
    published of less than a unit. Names of staff are in the weekly letter alone, and in that only
    for the administration itself.

    Raises:
        ValueError: a team sheet without a unit, or of one place; an analysis or annual report of a
            place below the level of a unit, or of one that there is not.
    """
    named = telling.book.place(telling.place) if telling.place is not None else None
    if telling.place is not None and named is None:
        raise ValueError(f"there is no place {telling.place.kind}:{telling.place.code} to see here")
    if kind == "team-sheet" and (not telling.unit or named is not None):
        raise ValueError("a team sheet is of one unit, not of a place in it")
    if kind in PUBLIC and named is not None and not telling.is_of_unit(named):
        raise ValueError("this report may be published: it is of a unit or more, not of a desk")
    if kind != "weekly-letter" or telling.is_for_outside:
        telling = replace(telling, facts=telling.facts.without_names())
    # Charts are made of rows that are checked by then: checking them once more costs half the time.
    with debug_mode(arg=False):
        sections = _SECTIONS[kind](telling)
    return Document(
        telling.language,
        _KINDS[kind],
        _title(kind, telling),
        " · ".join(part for part in (telling.about, telling.days(telling.period)) if part),
        telling.speaker,
        telling.made_on,
        sections,
        is_draft,
    )


def _title(kind: Kind, telling: Telling) -> str:
    name = improvement_words.say(improvement_words.KINDS[kind], telling.language)
    first, last = telling.wanted
    if kind == "annual" and (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return telling.text("{report} for {year}", report=name, year=str(first.year))
    return name


def week_before(day: date) -> Period:
    """The last whole week, Monday to Sunday, that was over on ``day``."""
    monday = day - timedelta(day.weekday()) - 7 * _DAY
    return Period(monday, monday + 6 * _DAY)


def month_of(year: int, month: int) -> Period:
    """A month.

    Raises:
        ValueError: there is none of that number.
    """
    return next(Period(date(year, month, 1), date.max).steps("month"))


def year_of(year: int) -> Period:
    """A year.

    Raises:
        ValueError: there is none of that number.
    """
    return Period(date(year, 1, 1), date(year, 12, 31))
