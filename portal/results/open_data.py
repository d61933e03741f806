"""Published results as open data: CSV (RFC 4180), described by CSV on the Web.

Source: W3C Recommendations "Model for Tabular Data and Metadata on the Web" and "Metadata
Vocabulary for Tabular Data", 17 December 2015. Columns are stable: new ones come at the end, and a
column's meaning never changes. Numbers have a decimal point in every language.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from io import StringIO
from typing import Any, Final

from analytics.improvement.publications import Publication
from analytics.published.months import first_of
from analytics.published.results import Results, Share
from portal.municipality.signboard import Signboard
from portal.results.columns import MONTHS, REASONS, TITLES, Column
from portal.results.shown import Shelf
from portal.results.units import Names, name_of
from portal.web.portal import Portal

DATA: Final = "data.csv"
REASONS_DATA: Final = "reasons.csv"
TABLES: Final[Mapping[str, Sequence[Column]]] = {DATA: MONTHS, REASONS_DATA: REASONS}

LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
"""CC0: figures without a person in them are for everybody, for anything."""

_PLACES: Final = 4
"""Decimals of shares and points: more would promise more than there is."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns' names."""

    name: str
    rows: Sequence[Sequence[object]]

    def csv(self) -> bytes:
        """UTF-8 without a mark of byte order, lines ended by CRLF, the first is the header."""
        written = StringIO()
        writer = csv.writer(written)
        writer.writerow([column.name for column in TABLES[self.name]])
        writer.writerows([_cell(value) for value in row] for row in self.rows)
        return written.getvalue().encode()


def table(shelf: Shelf, names: Names) -> Table:
    """Ratings of all published months, one row a month, unit and scale; the earliest first."""
    rows = [
        (*_key(kept, names), *figure)
        for kept, results in _published(shelf)
        for figure in _figures(results)
    ]
    return Table(DATA, rows)


def reasons(shelf: Shelf, names: Names) -> Table:
    """What people answered, one row a month, unit, question and answer."""
    rows = [
        (*_key(kept, names), *chosen)
        for kept, results in _published(shelf)
        for chosen in _chosen(results)
    ]
    return Table(REASONS_DATA, rows)


def metadata(portal: Portal, name: str, columns: Sequence[Column]) -> bytes:
    """The CSVW description of a table, JSON."""
    town = portal.part(Signboard).shown(portal)
    base = f"{portal.settings.public_url}/results"
    said: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "bg"}],
        "@type": "Table",
        "url": f"{base}/{name}",
        "dc:title": TITLES[name].described(),
        "dc:publisher": {
            "schema:name": [
                {"@value": text, "@language": code} for code, text in town.name.items() if text
            ],
            "schema:url": {"@id": portal.settings.public_url},
        },
        "dc:license": {"@id": LICENCE},
        "dc:language": "bg",
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "delimiter": ","},
        "tableSchema": {
            "columns": [column.described() for column in columns],
            "primaryKey": [column.name for column in columns if column.is_key],
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode()


def _published(shelf: Shelf) -> Iterator[tuple[Publication, Results]]:
    for month in reversed(shelf.months()):
        yield from shelf.published(month)


def _key(kept: Publication, names: Names) -> tuple[object, ...]:
    name = name_of(names, kept.unit)
    day = kept.published_at.astimezone(UTC).date()
    return (
        f"{first_of(kept.month):%Y-%m}",
        kept.unit or "municipality",
        name.get("bg", ""),
        name.get("en", ""),
        day.isoformat(),
        kept.edition,
    )


def _figures(results: Results) -> Iterator[tuple[object, ...]]:
    for figure in results.figures:
        index = figure.index
        yield figure.scale, *_share(figure.satisfied), index.value, index.low, index.high


def _chosen(results: Results) -> Iterator[tuple[object, ...]]:
    for told in results.told:
        for option in told.options:
            texts = option.texts
            named = (told.survey, told.question, option.code, texts.get("bg"), texts.get("en"))
            yield *named, *_share(option.chosen)


def _share(share: Share) -> tuple[object, ...]:
    return share.n, share.count, share.share, share.low, share.high


def _cell(value: object) -> object:
    """Numbers with a point; nothing where there is nothing."""
    if isinstance(value, float):
        return f"{value:.{_PLACES}f}"
    return "" if value is None else value
