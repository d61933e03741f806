"""Which reports there are to make: kinds, whose, and of which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analytics.closed.book import Book
from analytics.closed.standing import Named
from analytics.dashboard.bar import month_name
from analytics.dashboard.choices import months, period_of, years
from analytics.dashboard.view import View
from analytics.improvement.drafts import KINDS, PUBLIC, Draft, Kind, is_of_months
from analytics.period import Period
from analytics.reports.content.make import week_before, year_of
from broker.store.places import Place


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


NAMES: Final[dict[Kind, str]] = {
    "weekly-letter": _("Weekly letter"),
    "periodic": _("Periodic analysis of the survey"),
    "annual": _("Annual report on satisfaction"),
    "team-sheet": _("Team sheet"),
}
WEEKS: Final = 8
"""So many weeks back there are letters to choose."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What a report is about: a unit (empty: the whole municipality), and maybe a place of it."""

    unit: str
    place: Place | None
    name: str


def kinds_for(view: View) -> list[Kind]:
    """The kinds that can be made from what he sees."""
    return [kind for kind in KINDS if whose_for(view, kind)]


def whose_for(view: View, kind: Kind) -> list[Whose]:
    """What a report of that kind can be about: the whole, if he sees it, and the units he sees."""
    units = [Whose(unit, None, name) for unit, name in unit_names(view.book).items()]
    if kind == "team-sheet":
        return units
    return [*_wholes(view), *units] if not view.units else units


def _wholes(view: View) -> list[Whose]:
    """The whole municipality; where there are several, each for itself."""
    sites = sorted(
        (each for each in view.book.places if each.depth == 0), key=lambda s: -len(s.touchpoints)
    )
    if len(sites) < 2:  # one, or none yet
        return [Whose("", None, view.language.text("The whole municipality"))]
    return [Whose("", each.place, each.name) for each in sites]


def unit_names(book: Book) -> dict[str, str]:
    """Code of a unit → its outermost places by name."""
    names: dict[str, list[str]] = {}
    places = {each.place: each for each in book.places}
    for each in book.places:
        if each.unit and not _is_inside(each, places):
            names.setdefault(each.unit, []).append(each.name)
    return {unit: ", ".join(found) for unit, found in names.items()}


def _is_inside(named: Named, places: dict[Place, Named]) -> bool:
    above = places.get(named.above) if named.above is not None else None
    return above is not None and above.unit == named.unit


def periods_for(view: View, kind: Kind) -> dict[str, Period]:
    """What the days are called → the days; the most usual first."""
    last = view.book.period.to_on
    if kind == "weekly-letter":
        found = [week_before(last + timedelta(1) - timedelta(7 * back)) for back in range(WEEKS)]
        return {days_text(view, each): each for each in found}
    whole_years = {code: year_of(int(code)) for code in years(view.book)}
    if kind == "annual":
        return whole_years
    return {**_months(view), **whole_years}


def _months(view: View) -> dict[str, Period]:
    """Months that are over, and the last three of them together."""
    last = view.book.period.to_on
    found: dict[str, Period] = {}
    for code in months(view.book):
        days = period_of(code, last)
        if days is not None and (days.to_on + timedelta(1)).day == 1:
            found[month_name(view, code)] = Period(days.to_on.replace(day=1), days.to_on)
    over = list(found.values())
    if len(over) >= 3:  # three
        three = Period(over[2].from_on, over[0].to_on)
        name = view.language.text("Three months: {days}").format(days=days_text(view, three))
        return {**found, name: three}
    return found


def days_text(view: View, days: Period) -> str:
    """``09.11.2026 – 15.11.2026``."""
    return f"{view.writing.short_day(days.from_on)} – {view.writing.short_day(days.to_on)}"


def may_go_out(draft: Draft, last_on: date) -> bool:
    """Whether publishing is offered; the verb decides. ``last_on``: the last day that is over."""
    return draft.kind in PUBLIC and is_of_months(draft) and draft.to_on <= last_on
