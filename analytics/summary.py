"""The operator's raw reckoning of ratings: ``otziv feedback summary``.

Every vote counts here, however few there are: what may be shown to others has minima, this has
none. Days and ISO weeks are those of the site's time zone, as the rollup keeps them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, func, select

from analytics.measures.index import SatisfactionIndex, satisfaction_index
from analytics.measures.satisfied import SatisfiedShare, satisfied_share
from broker.store.scales import SCALES, Scale
from broker.store.tables import RatingDay, Touchpoint, table_of

By: TypeAlias = Literal["touchpoint", "channel", "day", "week", "value"]

DECIMALS: Final = 6
"""More would be noise of floating point."""

_ROLLUP: Final = table_of(RatingDay).c
_TOUCHPOINTS: Final = table_of(Touchpoint).c


@dataclass(frozen=True, slots=True)
class Votes:
    """How many votes there are, and the share satisfied; ``None`` for no votes."""

    n: int
    satisfied: SatisfiedShare | None


@dataclass(frozen=True, slots=True)
class Figure:
    """All votes of one ``key``.

    The key is a touchpoint's code, a channel, a day, a week (``2023-W28``) or a value.
    ``counts`` has every value of the scale as a string, those without votes too. What was pressed
    (``raw``) and what the rules leave of it (``filtered``) stand side by side in every figure;
    the others are of the one that was asked for.
    """

    key: str
    n: int
    counts: dict[str, int]
    satisfied: SatisfiedShare
    index: SatisfactionIndex
    raw: Votes
    filtered: Votes


@dataclass(slots=True)
class _Tally:
    """Votes by value."""

    raw: Counter[int] = field(default_factory=Counter)
    filtered: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one scale, sorted by key; votes on different scales are never added up."""

    by: By
    scale: str
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which ratings are reckoned.

    Attributes:
        touchpoint: only this one. Without it, touchpoints in test mode appear by touchpoint
            alone: their ratings are in no figure but their own.
        question: only this one; without it all questions on a scale are added up.
        from_on: first day, included.
        to_on: last day, included.
        is_filtered: count as the rules on corrections and misuse say; else as first pressed.
        is_test_included: add touchpoints in test mode to every figure.
    """

    touchpoint: str | None = None
    question: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    is_filtered: bool = False
    is_test_included: bool = False


EVERYTHING: Final = Selection()


def summarise(connection: Connection, by: By, selection: Selection = EVERYTHING) -> list[Summary]:
    """Reckon the ratings of ``selection``, one :class:`Summary` a scale; empty for no votes."""
    scales: dict[str, dict[str | int, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for scale, key, value, raw, filtered in connection.execute(_query(by, selection)):
        tally = scales[scale][_key(by, key)]
        tally.raw[value] += int(raw)  # PostgreSQL sums to a decimal
        tally.filtered[value] += int(filtered)
    found = []
    for code, tallies in sorted(scales.items()):
        figures = _figures(SCALES[code], tallies, is_filtered=selection.is_filtered)
        found += [Summary(by, code, figures)] if figures else []
    return found


def as_json(summaries: Iterable[Summary]) -> list[object]:
    """The same as plain dictionaries and lists, fractions rounded to six decimals."""
    return [_rounded(asdict(summary)) for summary in summaries]


def _query(by: By, selection: Selection) -> Select[Any]:
    """Scale, key (a day for weeks), value and number of votes."""
    key = _ROLLUP["day" if by == "week" else by]
    raw, filtered = func.sum(_ROLLUP.raw), func.sum(_ROLLUP.filtered)
    query = select(_ROLLUP.scale, key.label("key"), _ROLLUP.value, raw, filtered)
    query = query.where(*_conditions(by, selection))
    return query.group_by(_ROLLUP.scale, key, _ROLLUP.value)


def _conditions(by: By, selection: Selection) -> Iterator[ColumnElement[bool]]:
    """What a row of the rollup must fulfil."""
    if selection.touchpoint is not None:
        yield _ROLLUP.touchpoint == selection.touchpoint
    elif by != "touchpoint" and not selection.is_test_included:
        yield _ROLLUP.touchpoint.not_in(select(_TOUCHPOINTS.code).where(_TOUCHPOINTS.is_test))
    if selection.question is not None:
        yield _ROLLUP.question == selection.question
    if selection.from_on is not None:
        yield _ROLLUP.day >= selection.from_on
    if selection.to_on is not None:
        yield _ROLLUP.day <= selection.to_on


def _key(by: By, found: str | int | date) -> str | int:
    """A key that sorts as people expect: numbers as numbers, days and ISO weeks as text."""
    if not isinstance(found, date):
        return found
    year, week, _ = found.isocalendar()
    return f"{year}-W{week:02}" if by == "week" else found.isoformat()


def _figures(
    scale: Scale, tallies: Mapping[str | int, _Tally], *, is_filtered: bool
) -> list[Figure]:
    """A figure of each key that has votes, sorted by key."""
    found = []
    for key, tally in sorted(tallies.items()):
        counts = tally.filtered if is_filtered else tally.raw
        if counts.total() > 0:
            found.append(_figure(str(key), scale, counts, tally))
    return found


def _figure(key: str, scale: Scale, counts: Counter[int], tally: _Tally) -> Figure:
    return Figure(
        key=key,
        n=counts.total(),
        counts={str(value): counts[value] for value in scale.values},
        satisfied=satisfied_share(counts, scale),
        index=satisfaction_index(counts, scale),
        raw=_votes(tally.raw, scale),
        filtered=_votes(tally.filtered, scale),
    )


def _votes(counts: Counter[int], scale: Scale) -> Votes:
    return Votes(counts.total(), satisfied_share(counts, scale) if counts.total() else None)


def _rounded(node: object) -> object:
    """``node`` with every fraction in it rounded."""
    if isinstance(node, float):
        return round(node, DECIMALS)
    if isinstance(node, dict):
        return {key: _rounded(value) for key, value in node.items()}
    return [_rounded(item) for item in node] if isinstance(node, list) else node
