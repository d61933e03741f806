"""What a report is about, and how it is told: texts with their figures in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from analytics import charts, figures, measures, reports
from analytics.charts.look import colours
from analytics.charts.view import View
from analytics.charts.writing import Writing
from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.closed.standing import Named
from analytics.measures.saying import parts
from analytics.measures.wording import Wording
from analytics.period import Period
from analytics.reports.content.facts import Facts
from analytics.reports.document import Chart, Figure, Piece, Run, Table, Text, plain, write
from analytics.reports.marks import cells
from broker.store.places import Place

CATALOGUES: Final = tuple(
    Path(str(package.__file__)).with_name("messages")
    for package in (reports, figures, measures, charts)
)
NONE: Final = "–"


@dataclass(frozen=True)
class Telling:
    """One report to be written.

    Attributes:
        whole: the book as far as the reader may see it.
        wanted: the days that are asked for; those of them that are over are told of.
        unit: code; empty: the whole municipality. ``place``: ``None``: all of the unit's.
        made_on: the day on which it is written.
        is_for_outside: whether people outside the administration read it: of whole units only.
        municipality: who speaks; empty: as the sites of the book are called.
    """

    whole: Book
    wanted: Period
    language: str
    made_on: date
    unit: str = ""
    place: Place | None = None
    municipality: str = ""
    is_for_outside: bool = False
    facts: Facts = field(default_factory=Facts)

    @cached_property
    def writing(self) -> Writing:
        """Numbers, days and words."""
        return Writing(self.language, CATALOGUES)

    @cached_property
    def palette(self) -> Mapping[str, str]:
        """Paper is light."""
        return colours("light")

    @cached_property
    def book(self) -> Book:
        """The book, of the unit alone where it is about one."""
        return self.whole.only({self.unit} if self.unit else frozenset())

    @property
    def period(self) -> Period:
        """The days that are told of: those asked for, as far as they are over."""
        if self.wanted.from_on > self.book.period.to_on:
            return self.wanted
        return Period(self.wanted.from_on, min(self.wanted.to_on, self.book.period.to_on))

    @property
    def asked(self) -> Asked:
        """What is asked of the book."""
        places = None if self.place is None else frozenset({self.place})
        return Asked(self.period, places)

    @cached_property
    def places(self) -> list[Named]:
        """The places that it is about, each before those in it."""
        found: list[Named] = []
        for named in self.book.places:
            inside = {each.place for each in found}
            if self.place is None or named.place == self.place or named.above in inside:
                found.append(named)
        return found

    @property
    def units(self) -> list[Named]:
        """Those of the places that are on the level of a unit, or above: others stay inside."""
        return [each for each in self.places if self.is_of_unit(each)]

    def is_of_unit(self, named: Named) -> bool:
        """Whether a place is a whole unit or more, so that its figures may go outside."""
        above = self.book.place(named.above) if named.above is not None else None
        if above is None or named.unit is None:
            return above is None or named.place.kind != "touchpoint"
        return above.unit != named.unit

    @property
    def speaker(self) -> str:
        """The municipality by its name."""
        if self.municipality:
            return self.municipality
        return ", ".join(each.name for each in self.whole.places if each.place in self._sites)

    @property
    def site(self) -> Place | None:
        """The municipality's, where the places are of one; ``None``: of several, or of none."""
        return next(iter(self._sites)) if len(self._sites) == 1 else None

    @cached_property
    def _sites(self) -> frozenset[Place]:
        """Those that the places lie in."""
        found = set()
        for named in self.places:
            outer: Named | None = named
            while outer is not None and outer.above is not None:
                outer = self.book.place(outer.above)
            if outer is not None:
                found.add(outer.place)
        return frozenset(found)

    @property
    def about(self) -> str:
        """The place or unit by its name; empty for the whole municipality."""
        if self.place is not None:
            named = self.book.place(self.place)
            name = named.name if named is not None else self.place.code
            return "" if name == self.speaker else name
        if not self.unit:
            return ""
        outer = [each for each in self.places if each.unit == self.unit]
        inner = {each.place for each in outer}
        return ", ".join(each.name for each in outer if each.above not in inner) or self.unit

    def name_of(self, place: Place) -> str:
        """A place by its name, or by that of the one with which it is shown."""
        named = self.book.nearest(place)
        return named.name if named is not None else place.code

    def text(self, message: str, **values: str) -> str:
        """``message`` in the report's language."""
        return self.writing.text(message, **values)

    def tell(self, message: str, **values: str | Piece) -> Text:
        """The same as a text with figures in it."""
        template = self.writing.text(message, **{name: f"{{{name}}}" for name in values})
        return write(template, **values)

    def said(self, wording: Wording, of: str) -> Text:
        """What a measure means, as a sentence; its figures are of ``of``."""
        pieces = [
            Figure(f"{of}.{name}", text) if name else Run(text)
            for name, text in parts(wording, self.language)
        ]
        return (*pieces, Run("."))

    def count(self, of: str, number: int) -> Figure:
        """A whole number."""
        return Figure(of, self.writing.number(number))

    def share(self, of: str, share: float) -> Figure:
        """A share in per cent."""
        return Figure(of, self.writing.percent(share))

    def days(self, period: Period) -> str:
        """``22.11.2025 – 21.11.2026``."""
        first, last = self.writing.short_day(period.from_on), self.writing.short_day(period.to_on)
        return first if first == last else f"{first} – {last}"

    def chart(self, caption: str, view: View) -> Chart:
        """A chart of the dashboard's as a report has it."""
        table = Table(caption, view.columns, cells(view.rows))
        return Chart(caption, view.spec(), view.alternative, table)


def words(text: str) -> Text:
    """Plain words as a text."""
    return (Run(text),)


def together(*several: Text) -> Text:
    """Sentences one after another."""
    pieces: list[Piece] = []
    for text in several:
        if plain(text):
            pieces += [Run(" "), *text] if pieces else text
    return tuple(pieces)
