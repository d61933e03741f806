"""What a question is about: days, places as they stood on each of them, and which votes count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool, select

from analytics.period import Period
from broker.store.places import Place, Tree, days_of_moves, read_tree
from broker.store.registered import revision
from broker.store.scales import SCALES
from broker.store.tables import Touchpoint, table_of

_DAY: Final = timedelta(days=1)

Spans = Mapping[Period, Sequence[str]]
"""Days → the touchpoints whose votes of those days are meant."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The touchpoints of some places, day by day; read once for all questions of a page.

    Attributes:
        period: outside of it nothing is known.
        places: that are asked about, in that order; they may lie within each other.
        parts: days → touchpoint → the numbers of the places that it stood in on those days.
            Touchpoints that nothing happened to are all under the whole period.
        by_place: by number of place, days → the touchpoints that stood in it: the same again.
        everyone: the touchpoints of the installation, retired ones and those in test mode too.
    """

    period: Period
    places: tuple[Place, ...]
    parts: Mapping[Period, Mapping[str, tuple[int, ...]]]
    by_place: tuple[Spans, ...]
    everyone: frozenset[str]
    _narrowed: dict[tuple[Place, ...], Scope] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def only(self, places: Iterable[Place]) -> Scope:
        """The same for some of its places: nothing is read again, and the answer is kept."""
        wanted = tuple(places)
        found = self._narrowed.get(wanted)
        if found is None:
            found = self._narrowed[wanted] = self._narrow(wanted)
        return found

    def _narrow(self, places: Iterable[Place]) -> Scope:
        numbers_of = {place: number for number, place in enumerate(self.places)}
        kept = [numbers_of[place] for place in places]
        renamed = {number: new for new, number in enumerate(kept)}
        parts: dict[Period, dict[str, tuple[int, ...]]] = defaultdict(dict)
        for span, touchpoints in self.parts.items():
            for code, numbers in touchpoints.items():
                new = tuple(renamed[number] for number in numbers if number in renamed)
                if new:
                    parts[span][code] = new
        return Scope(
            self.period,
            tuple(self.places[number] for number in kept),
            parts,
            tuple(self.by_place[number] for number in kept),
            self.everyone,
        )

    def of(self, number: int, period: Period) -> Spans:
        """The touchpoints of the place with that number, as far as ``period`` goes."""
        found: dict[Period, list[str]] = defaultdict(list)
        for span, codes in self.by_place[number].items():
            both = span.common(period)
            if both is not None:
                found[both] += codes
        return found

    def others(self, number: int, period: Period) -> Spans | None:
        """All votes in ``period`` that are not of that place; ``None`` if those of it are fewer."""
        spans = self.of(number, period)
        size = sum(days.length * len(codes) for days, codes in spans.items())
        if 2 * size <= period.length * len(self.everyone):
            return None
        always = spans.get(period, ())
        here: dict[str, list[Period]] = defaultdict(list)
        for span, codes in spans.items():
            if span != period:
                for code in codes:
                    here[code].append(span)
        found: dict[Period, list[str]] = defaultdict(list)
        for code in self.everyone.difference(always):
            for gap in _gaps(period, here.get(code, ())):
                found[gap].append(code)
        return found


@dataclass(frozen=True, slots=True)
class Choice:
    """What every question is asked with; ``None`` is all.

    Attributes:
        scope: where; made by :func:`read_scope`.
        survey: code; all versions of it.
        question: code of the question that is rated, or answered.
        scale: votes on this one only: half the time where there are many places. Without it there
            is an answer for each.
        is_filtered: as the rules on corrections and misuse leave it; else as first pressed.
    """

    scope: Scope
    survey: str | None = None
    question: str | None = None
    channel: str | None = None
    is_filtered: bool = True
    scale: str | None = None

    def __post_init__(self) -> None:
        """See that the scale is one: its name stands in statements.

        Raises:
            ValueError: it is none.
        """
        if self.scale is not None and self.scale not in SCALES:
            raise ValueError(f"there is no scale {self.scale!r}")


def read_scope(
    connection: Connection,
    period: Period,
    places: Iterable[Place],
    *,
    visible: AbstractSet[str] | None = None,
    is_test_included: bool = False,
) -> Scope:
    """Which touchpoints stood in ``places`` on each day of ``period``.

    For a comparison with the period before, ``period`` must hold both. The answer is kept until
    the registry changes: to read a thousand touchpoints takes longer than a question about them.

    Args:
        connection: of the feedback database.
        period: local days of the sites.
        places: what is asked about. A place that is not there has no touchpoints.
        visible: codes of the touchpoints that the asker may see; others count nowhere.
        is_test_included: with touchpoints in test mode; else they count only where one of
            ``places`` is the touchpoint itself.
    """
    asked = tuple(places)
    seen = None if visible is None else frozenset(visible)
    if not connection.get_execution_options().get("otziv_reads"):
        return _read(connection, period, asked, seen, is_test_included=is_test_included)
    key = revision(connection), period, asked, seen, is_test_included
    kept = _KEPT.setdefault(connection.engine.pool, {})
    scope = kept.get(key)
    if scope is None:
        scope = _read(connection, period, asked, seen, is_test_included=is_test_included)
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = scope
    return scope


_MOST_KEPT: Final = 32
_KEPT: Final[WeakKeyDictionary[Pool, dict[tuple[Any, ...], Scope]]] = WeakKeyDictionary()
"""By database, and what it was asked at which revision. A database file that was replaced gets
another pool; and what a transaction has not committed yet is not kept."""


def _read(
    connection: Connection,
    period: Period,
    asked: tuple[Place, ...],
    visible: AbstractSet[str] | None,
    *,
    is_test_included: bool,
) -> Scope:
    everyone = frozenset(connection.scalars(select(table_of(Touchpoint).c.code)))
    runs: dict[str, list[tuple[Period, tuple[int, ...]]]] = defaultdict(list)
    for days in _without_moves(connection, period):
        tree = read_tree(connection, days.from_on)
        standing = _standing(tree, asked, is_test_included=is_test_included)
        for code, in_places in standing.items():
            if visible is None or code in visible:
                _lengthen(runs[code], days, tuple(in_places))
    parts: dict[Period, dict[str, tuple[int, ...]]] = defaultdict(dict)
    by_place: tuple[dict[Period, list[str]], ...] = tuple(defaultdict(list) for _ in asked)
    for code, found in sorted(runs.items()):
        for days, numbers in found:
            parts[days][code] = numbers
            for number in numbers:
                by_place[number][days].append(code)
    return Scope(period, asked, parts, by_place, everyone)


def _without_moves(connection: Connection, period: Period) -> Iterator[Period]:
    """``period`` in parts, on each of which everything stood where it did."""
    moves = days_of_moves(connection, period.from_on)
    starts = [period.from_on, *(day for day in moves if day <= period.to_on)]
    ends = [*(day - _DAY for day in starts[1:]), period.to_on]
    yield from map(Period, starts, ends)


def _standing(
    tree: Tree, asked: Sequence[Place], *, is_test_included: bool
) -> dict[str, list[int]]:
    """Touchpoint → the numbers of the places that it stands in."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(asked):
        for each in tree.under(place):
            entry = tree.entries.get(each)
            if entry is None or each.kind != "touchpoint":
                continue
            if is_test_included or not entry.is_test or each == place:
                found[each.code].append(number)
    return found


def _lengthen(
    runs: list[tuple[Period, tuple[int, ...]]], days: Period, numbers: tuple[int, ...]
) -> None:
    """Add ``days`` to the runs of a touchpoint; to the last one if it only goes on."""
    if runs and runs[-1][1] == numbers and runs[-1][0].to_on + _DAY == days.from_on:
        days = Period(runs.pop()[0].from_on, days.to_on)
    runs.append((days, numbers))


def _gaps(period: Period, spans: Iterable[Period]) -> Iterator[Period]:
    """What ``spans`` leave of ``period``."""
    start = period.from_on
    for span in sorted(spans):
        if start < span.from_on:
            yield Period(start, span.from_on - _DAY)
        start = span.to_on + _DAY
    if start <= period.to_on:
        yield Period(start, period.to_on)
