"""Votes as first pressed and as filtered, of exactly the same days: to be compared.

What was pressed is known for fewer days than what is filtered, since it waits until the two differ
by five votes or by none (``analytics.closed.blocks``). Totals of a period would compare different
days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from analytics.closed.asked import Asked
from analytics.closed.blocks import Atom, Closed
from analytics.closed.book import Book
from analytics.closed.series import MOST_VALUES, RatingSeries
from analytics.period import Period
from broker.store.places import Place
from broker.store.scales import SCALES

Counts: TypeAlias = list[int]


def _none() -> Counts:
    return [0] * MOST_VALUES


@dataclass(frozen=True, slots=True)
class Paired:
    """Votes by value, of the same days."""

    raw: Counts = field(default_factory=_none)
    filtered: Counts = field(default_factory=_none)


def paired(book: Book, asked: Asked) -> dict[tuple[Place, str], Paired]:
    """Place, scale → votes of the whole place; ``asked.places`` and ``is_filtered`` don't matter.

    Only whole atoms of what was pressed, and what is filtered of the days of each.
    """
    found: dict[tuple[Place, str], Paired] = defaultdict(Paired)
    for series, atoms in book.ratings.items():
        if _is_asked(book, series, asked):
            for raw, filtered in _pairs(atoms, asked.period):
                for place in series.standing.path:
                    sums = found[place, series.scale]
                    _add(sums.raw, raw.counts)
                    for each in filtered:
                        _add(sums.filtered, each.counts)
    return dict(found)


def satisfied(counts: Sequence[int], scale: str) -> int:
    """How many of them are satisfied (design §3)."""
    return sum(counts[SCALES[scale].satisfied_from :])


def _is_asked(book: Book, series: RatingSeries, asked: Asked) -> bool:
    return (
        asked.survey in (None, series.survey)
        and asked.channel in (None, series.channel)
        and asked.scale in (None, series.scale)
        and (series.question == asked.question if asked.question else _is_first(book, series))
    )


def _is_first(book: Book, series: RatingSeries) -> bool:
    """Whether it is the question that stands for its survey, as in the book's other figures."""
    texts = book.surveys.get(series.survey)
    return texts is None or not texts.rated or texts.rated[0] == series.question


def _pairs(found: Closed, period: Period) -> Iterator[tuple[Atom, Sequence[Atom]]]:
    """Each atom of what was pressed that lies in the period, with those filtered of its days."""
    at: int = 0
    filtered: Final = found.filtered
    for raw in found.raw:
        while at < len(filtered) and filtered[at].first_on < raw.first_on:
            at += 1
        start = at
        while at < len(filtered) and filtered[at].last_on <= raw.last_on:
            at += 1
        if period.from_on <= raw.first_on and raw.last_on <= period.to_on:
            yield raw, filtered[start:at]


def _add(sums: Counts, counts: Sequence[int]) -> None:
    for value, n in enumerate(counts):
        sums[value] += n
