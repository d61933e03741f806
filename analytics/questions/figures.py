"""Key figures by place, alone or beside those of the period before."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from analytics.period import Period
from analytics.questions.asked import Choice, Spans
from analytics.questions.reading import read
from analytics.questions.statements import by_scale, by_touchpoint
from broker.store.places import Place
from broker.store.scales import SCALES


class KeyFigures(NamedTuple):
    """A place's votes on one scale; ``counts`` has every value of the scale, worst first."""

    place: Place
    scale: str
    counts: Mapping[int, int]

    @property
    def n(self) -> int:
        """All votes."""
        return sum(self.counts.values())

    @property
    def satisfied(self) -> int:
        """How many of them are satisfied."""
        least = SCALES[self.scale].satisfied_from
        return sum(count for value, count in self.counts.items() if value >= least)


class Compared(NamedTuple):
    """A place's votes on one scale, and those of the period before; one of them may be none."""

    now: KeyFigures
    before: KeyFigures


Sums = Mapping[tuple[int, str], Sequence[int]]
"""Number of a place, scale → votes by value, worst first."""


def key_figures(connection: Connection, choice: Choice, period: Period) -> list[KeyFigures]:
    """The votes of each place of ``choice``, in its order, one figure a scale; none for no votes.

    Shares, index and intervals are made of them by ``analytics.measures``; its minima are the
    caller's to apply (``minima``, ``suppression``).

    Args:
        connection: of the feedback database.
        choice: what is asked.
        period: lies in that of the scope.
    """
    sums = _sums(connection, choice, period)
    return [_figure(choice, sums, number, scale) for number, scale in sorted(sums)]


def compared(connection: Connection, choice: Choice, period: Period) -> list[Compared]:
    """The same of ``period`` and of as many days before it: what a ranking stands on.

    The scope must hold both periods. Whoever has votes in one of them has a figure in both. The
    minima are the caller's to apply, as with :func:`key_figures`.
    """
    now, before = (_sums(connection, choice, each) for each in (period, period.before))
    return [
        Compared(*(_figure(choice, sums, number, scale) for sums in (now, before)))
        for number, scale in sorted(now.keys() | before.keys())
    ]


def _sums(connection: Connection, choice: Choice, period: Period) -> Sums:
    """Votes by place, scale and value; only where there are some."""
    sums: dict[tuple[int, str], list[int]] = {}
    for span, places_of in choice.scope.parts.items():
        days = span.common(period)
        if days is None:
            continue
        for code, scale, votes in _rows(connection, choice, {days: list(places_of)}):
            for number in places_of[code]:
                before = sums.get((number, scale))
                sums[number, scale] = (
                    votes if before is None else list(map(operator.add, before, votes))
                )
    return {key: votes for key, votes in sums.items() if any(votes)}


def _rows(
    connection: Connection, choice: Choice, spans: Spans
) -> Iterator[tuple[str, str, list[int]]]:
    """Touchpoint, scale and its votes by value; read again where a touchpoint has two scales."""
    if choice.scale is not None:
        for code, *votes in read(connection, by_touchpoint, choice, spans):
            yield code, choice.scale, votes
        return
    mixed: dict[Period, list[str]] = defaultdict(list)
    for days, codes in spans.items():
        for code, *votes, scale, last in read(connection, by_touchpoint, choice, {days: codes}):
            if scale == last:
                yield code, scale, _of_scale(scale, votes)
            else:
                mixed[days].append(code)
    for code, scale, *votes in read(connection, by_scale, choice, mixed):
        yield code, scale, _of_scale(scale, votes)


def _of_scale(scale: str, votes: list[int]) -> list[int]:
    """Of votes by all values that there are, those by the scale's."""
    values = SCALES[scale].values
    return votes[values.start : values.stop]


def _figure(choice: Choice, sums: Sums, number: int, scale: str) -> KeyFigures:
    values = SCALES[scale].values
    votes = sums.get((number, scale)) or [0] * len(values)
    return KeyFigures(choice.scope.places[number], scale, dict(zip(values, votes, strict=True)))
