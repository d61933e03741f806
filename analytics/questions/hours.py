"""Votes by hour and weekday."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection

from analytics.measures.shares import DISSATISFIED_TO
from analytics.period import Period
from analytics.questions.asked import Choice, Spans
from analytics.questions.raw_votes import read_votes
from analytics.questions.reading import read, read_all
from analytics.questions.statements import by_hour, by_hour_of_all
from broker.store.history import slot_of
from broker.store.local_time import BLOCK_DAYS, Slot
from broker.store.places import Place
from broker.store.registered import read_calendars
from broker.store.scales import SCALES

HOURS: Final = 168
WHOLE_BLOCKS_FROM_DAYS: Final = 182
"""So long a period is made of whole blocks of 28 days: at most 27 days at either end are left out
rather than read vote by vote."""

_EPOCH: Final = date(1970, 1, 1)
_DAY: Final = timedelta(days=1)
_ZONES: Final = timedelta(hours=15)
"""No local time is farther from UTC."""

_Cells: TypeAlias = dict[tuple[int, str], list[int]]
"""Hour of the week, scale → votes, satisfied, dissatisfied."""


@dataclass(frozen=True, slots=True)
class HourGrid:
    """A place's votes on one scale, hour by hour of the week.

    Attributes:
        period: the days that are in it.
        votes: 168 numbers, from Monday 00–01 to Sunday 23–24, local time. In the week in which
            an hour comes twice it counts for both.
        satisfied: how many of them are satisfied.
        dissatisfied: how many are dissatisfied.
    """

    place: Place
    scale: str
    period: Period
    votes: list[int]
    satisfied: list[int]
    dissatisfied: list[int]


def hour_grids(connection: Connection, choice: Choice, period: Period) -> list[HourGrid]:
    """Each place's votes by the hour of the week, one grid a scale; none for no votes.

    Votes of which only the day is known, or whose clock was not trusted, are in no hour. Half a
    year and more is made of whole blocks of 28 days, which ``HourGrid.period`` tells; what is
    shorter is exact. The minima (``analytics.measures.minima`` and ``suppression``) are the
    caller's to apply: most cells of a desk have fewer than five votes.

    Args:
        connection: of the feedback database.
        choice: what is asked.
        period: lies in that of the scope.
    """
    blocks = _whole_blocks(period)
    is_long = blocks is not None and period.length >= WHOLE_BLOCKS_FROM_DAYS
    covered = blocks if is_long and blocks is not None else period
    grids = []
    for number, place in enumerate(choice.scope.places):
        cells: _Cells = {}
        if blocks is not None:
            _add(cells, _in_blocks(connection, choice, number, blocks))
        if not is_long:
            for edge in _without(period, blocks):
                _add(cells, _raw(connection, choice, choice.scope.of(number, edge)))
        grids += list(_grids(place, covered, cells))
    return grids


def _in_blocks(connection: Connection, choice: Choice, number: int, blocks: Period) -> _Cells:
    """Of whole blocks: the place's touchpoints, or all but the others if these are fewer."""
    others = choice.scope.others(number, blocks)
    if choice.channel is not None or others is None:
        return _of_touchpoints(connection, choice, choice.scope.of(number, blocks))
    cells: _Cells = {}
    total = read_all(connection, by_hour_of_all, choice, blocks)
    _add(cells, {(hour, scale): votes for hour, scale, *votes in total})
    _add(cells, _of_touchpoints(connection, choice, others), sign=-1)
    return cells


def _of_touchpoints(connection: Connection, choice: Choice, spans: Spans) -> _Cells:
    """By the rollup, and vote by vote on those days of a block on which something moved."""
    cells: _Cells = {}
    for days, codes in spans.items():
        blocks = _whole_blocks(days)
        if blocks is not None:
            for hour, scale, *votes in read(connection, by_hour, choice, {blocks: codes}):
                _add(cells, {(hour, scale): votes})
        for edge in _without(days, blocks):
            _add(cells, _raw(connection, choice, {edge: codes}))
    return cells


def _raw(connection: Connection, choice: Choice, spans: Spans) -> _Cells:
    """Vote by vote."""
    calendars = read_calendars(connection) if spans else {}
    cells: _Cells = defaultdict(lambda: [0, 0, 0])
    for days, codes in spans.items():
        first, last = (datetime.combine(day, datetime.min.time(), UTC) for day in days)
        ends = first - _ZONES, last + _DAY + _ZONES
        for _, site, scale, value, *timing in read_votes(connection, choice, codes, *ends):
            slot = slot_of(calendars[site], *timing)
            if slot.hour_of_week is not None and _is_in(slot, days):
                cell = cells[slot.hour_of_week, scale]
                cell[0] += 1
                cell[1] += value >= SCALES[scale].satisfied_from
                cell[2] += value <= DISSATISFIED_TO[SCALES[scale]]
    return cells


def _is_in(slot: Slot, days: Period) -> bool:
    return days.from_on.isoformat() <= slot.day <= days.to_on.isoformat()


def _grids(place: Place, period: Period, cells: _Cells) -> Iterator[HourGrid]:
    for scale in sorted({scale for _, scale in cells}):
        lists = [
            [cells.get((hour, scale), _NOTHING)[which] for hour in range(HOURS)]
            for which in range(len(_NOTHING))
        ]
        if any(lists[0]):
            yield HourGrid(place, scale, period, *lists)


_NOTHING: Final = (0, 0, 0)


def _add(cells: _Cells, more: _Cells, *, sign: int = 1) -> None:
    for key, votes in more.items():
        before = cells.get(key, _NOTHING)
        cells[key] = [n + sign * added for n, added in zip(before, votes, strict=True)]


def _whole_blocks(days: Period) -> Period | None:
    """The days of those blocks that lie in ``days`` whole."""
    start = days.from_on + -(days.from_on - _EPOCH).days % BLOCK_DAYS * _DAY
    blocks = ((days.to_on - start).days + 1) // BLOCK_DAYS
    return Period(start, start + (blocks * BLOCK_DAYS - 1) * _DAY) if blocks > 0 else None


def _without(days: Period, blocks: Period | None) -> Iterable[Period]:
    """What is left of ``days`` at either end."""
    if blocks is None:
        return [days]
    ends = [
        Period(days.from_on, blocks.from_on - _DAY),
        Period(blocks.to_on + _DAY, days.to_on),
    ]
    return [each for each in ends if each.length > 0]
