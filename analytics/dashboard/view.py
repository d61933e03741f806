"""What a page is given: who looks, at what, in which language, and where everything comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import streamlit as st

from analytics import figures, measures
from analytics.alerts.record import AlertRecord
from analytics.charts.look import colours
from analytics.charts.writing import Writing
from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.closed.doubts import Doubts, KeptDoubts
from analytics.closed.library import Library
from analytics.closed.standing import Named
from analytics.dashboard.choices import Choices
from analytics.dashboard.kept_findings import KeptFindings
from analytics.dashboard.kept_live import KeptLive
from analytics.dashboard.language import MESSAGES, Language
from analytics.dashboard.person import Person
from analytics.dashboard.releases import Releases
from analytics.improvement.protocol import Improvement
from broker.store.database import Database
from broker.store.places import Place

CATALOGUES: Final = (
    MESSAGES,
    Path(figures.__file__).with_name("messages"),
    Path(measures.__file__).with_name("messages"),
)

ANALYSTS: Final = frozenset({"administrator", "auditor", "editor"})
"""Roles for which the pages on alerts, data and devices are; others are spared them."""


@dataclass(frozen=True, slots=True)
class Source:
    """What all viewers share.

    Attributes:
        releases: what has been shown of live figures.
        improvement: who keeps targets and actions; ``None`` where there is no portal.
        alerts: where they are kept; likewise.
        look: folder with the municipality's own colours, if there is one.
    """

    database: Database
    releases: Releases
    library: Library
    findings: KeptFindings = field(default_factory=KeptFindings)
    doubts: KeptDoubts = field(default_factory=KeptDoubts)
    live: KeptLive = field(default_factory=KeptLive)
    improvement: Improvement | None = None
    alerts: AlertRecord | None = None
    look: Path | None = None


@dataclass(frozen=True)
class View:
    """One viewer's look at a page.

    Attributes:
        person: ``None`` where there is no gate: then only this machine can look, and sees all.
        whole: the book of everything, for what is reckoned once for all.
        book: as far as he may see it.
    """

    source: Source
    person: Person | None
    language: Language
    whole: Book
    book: Book
    choices: Choices

    @cached_property
    def writing(self) -> Writing:
        """How charts and sentences are written in his language."""
        return Writing(self.language.code, (*CATALOGUES, *Writing(self.language.code).catalogues))

    @property
    def units(self) -> frozenset[str]:
        """Codes of those whose figures he sees; none: all."""
        return frozenset() if self.person is None else self.person.units

    @property
    def asked(self) -> Asked:
        """What his choices ask of the book."""
        return self.choices.asked(self.book)

    @property
    def named(self) -> Named | None:
        """The place that he chose."""
        return None if self.choices.place is None else self.book.place(self.choices.place)

    @property
    def doubts(self) -> Doubts:
        """Flagged and late presses, as far as he may see them."""
        source = self.source
        return source.doubts.of(source.database, self.whole).only(self.units)

    @property
    def is_analyst(self) -> bool:
        """Whether the pages on data and devices are for him."""
        return self.person is None or bool(self.person.roles & ANALYSTS)

    @property
    def palette(self) -> dict[str, str]:
        """The colours of charts in his theme."""
        kind = st.context.theme.type
        return dict(colours("dark" if kind == "dark" else "light", self.source.look))

    def sees_all_of(self, place: Place) -> bool:
        """Whether all who serve at a place are of his units."""
        if not self.units:
            return True
        standings = self.whole.standings[-1].standings
        at = [found for found in standings.values() if place in found.path]
        return bool(at) and all(found.unit in self.units for found in at)

    def title_of(self, named: Named) -> str:
        """A place's name; with what is meant of it where he sees a part of it only."""
        if self.sees_all_of(named.place):
            return named.name
        return self.language.text("{place}: your units").format(place=named.name)

    def params(self, choices: Choices | None = None) -> dict[str, str]:
        """The address's parameters for a page with these choices, or with his."""
        said = (choices or self.choices).params()
        return {"lang": self.language.code, **said}

    def name_of(self, place: Place) -> str:
        """A place by its name, or by that of the one with which it is shown."""
        named = self.book.nearest(place)
        return named.name if named is not None else place.code
