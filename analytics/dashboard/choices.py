"""What somebody chose to look at: read from the page's address, and written back into it.

An address can be shared, kept and typed: what it says is looked at like any other input. What
can't be is left out, and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.period import Period, asked_period
from broker.store.places import KINDS, Place
from broker.store.scales import SCALES

SPANS: Final[Mapping[str, int]] = {"7d": 7, "28d": 28, "91d": 91, "364d": 364}
"""Code of a period up to yesterday → its days: whole weeks, so every weekday counts as often."""

DEFAULT_PERIOD: Final = "28d"

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR: Final = re.compile(r"(\d{4})", re.ASCII)
_RANGE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)

NAMES: Final = ("period", "place", "survey", "channel", "votes", "scale")
"""Of the parameters in the address."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of the bar, the same on all pages; ``None`` is all.

    Attributes:
        period: a code: of :data:`SPANS`, a month (``2026-10``), a year (``2026``) or two days
            (``2026-10-01..2026-10-14``).
        place: where; ``None`` only if the viewer sees no place.
    """

    period: str = DEFAULT_PERIOD
    place: Place | None = None
    survey: str | None = None
    channel: str | None = None
    is_filtered: bool = True
    scale: str | None = None

    def params(self) -> dict[str, str]:
        """As the address says it; what is usual is left out."""
        said = {
            "period": "" if self.period == DEFAULT_PERIOD else self.period,
            "place": f"{self.place.kind}:{self.place.code}" if self.place else "",
            "survey": self.survey or "",
            "channel": self.channel or "",
            "votes": "" if self.is_filtered else "raw",
            "scale": self.scale or "",
        }
        return {name: value for name, value in said.items() if value}

    def at(self, place: Place) -> Choices:
        """The same at another place."""
        return replace(self, place=place)

    def asked(self, book: Book) -> Asked:
        """What this asks of the book."""
        return Asked(
            period_of(self.period, book.period.to_on) or Period(*_last(28, book.period.to_on)),
            None if self.place is None else frozenset({self.place}),
            self.survey,
            None,
            self.channel,
            self.scale,
            self.is_filtered,
        )


def read_choices(params: Mapping[str, str], book: Book) -> tuple[Choices, list[str]]:
    """The choices that an address makes, and the names of those that it can't make.

    A place that the viewer may not see is as little there as one that doesn't exist.
    """
    place = _seen_place(params.get("place"), book)
    found: dict[str, str | None] = {
        "period": _known(
            params.get("period"), lambda code: period_of(code, book.period.to_on) is not None
        ),
        "survey": _known(params.get("survey"), book.known_surveys().__contains__),
        "channel": _known(params.get("channel"), book.channels().__contains__),
        "votes": _known(params.get("votes"), {"raw", "filtered"}.__contains__),
        "scale": _known(params.get("scale"), SCALES.__contains__),
    }
    refused = [
        name
        for name in NAMES
        if name in params and (place if name == "place" else found[name]) is None
    ]
    chosen = Choices(
        found["period"] or DEFAULT_PERIOD,
        place or _first_place(book),
        found["survey"],
        found["channel"],
        found["votes"] != "raw",
        found["scale"],
    )
    return chosen, refused


def _known(said: str | None, is_known: Callable[[str], bool]) -> str | None:
    return said if said is not None and is_known(said) else None


def _seen_place(said: str | None, book: Book) -> Place | None:
    kind, _, code = (said or "").partition(":")
    place = Place(kind, code)
    return place if kind in KINDS and book.place(place) else None


def period_of(code: str, to_on: date) -> Period | None:
    """The days of a code, up to ``to_on`` (yesterday); ``None`` if it is none or lies after it."""
    if code in SPANS:
        return Period(*_last(SPANS[code], to_on))
    try:
        days = _days(code)
        period = None if days is None else asked_period(*days)
    except ValueError:
        return None
    if period is None or period.from_on > period.to_on or period.from_on > to_on:
        return None
    return Period(period.from_on, min(period.to_on, to_on))


def _days(code: str) -> Period | None:
    if match := _RANGE.fullmatch(code):
        return Period(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    if match := _MONTH.fullmatch(code):
        return next(Period(date(int(match[1]), int(match[2]), 1), date.max).steps("month"))
    if match := _YEAR.fullmatch(code):
        return Period(date(int(match[1]), 1, 1), date(int(match[1]), 12, 31))
    return None


def months(book: Book, most: int = 13) -> list[str]:
    """Codes of the months that the book knows, the newest first."""
    steps = [f"{each.from_on:%Y-%m}" for each in book.period.steps("month")]
    return steps[::-1][:most]


def years(book: Book) -> list[str]:
    """Codes of the years that the book knows, the newest first."""
    return [str(year) for year in range(book.period.to_on.year, book.period.from_on.year - 1, -1)]


def _last(days: int, to_on: date) -> tuple[date, date]:
    return to_on - timedelta(days - 1), to_on


def _first_place(book: Book) -> Place | None:
    """Where a viewer begins: the site with most touchpoints."""
    sites = sorted(
        (each for each in book.places if each.depth == 0), key=lambda each: -len(each.touchpoints)
    )
    return sites[0].place if sites else None
