"""Votes by hour and weekday, as they may be shown: of the last whole year of blocks of 28 days.

The window is the same for everyone, and an hour that was seen changes by five votes or not at all,
so no two times can be subtracted. What can be subtracted is places: so an hour of a place is shown
only if the hidden small hours of the places in it are none, or five votes or more together. How
many votes an hour has is for nobody's eyes: a place's hidden hours would follow from its total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from analytics.closed.standing import Days, Named
from analytics.measures.minima import MIN_VOTES
from analytics.period import Period
from analytics.questions.asked import Choice, read_scope
from analytics.questions.hours import HOURS, hour_grids
from broker.store.local_time import BLOCK_DAYS
from broker.store.places import Place

BLOCKS: Final = 13
"""364 days: whole weeks, and all seasons."""

_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of the week."""

    votes: int
    satisfied: int


Grid = Mapping[int, Cell]
"""Hour of the week (0: Monday 00–01) → its votes; hours that are not shown are left out."""


@dataclass(frozen=True, slots=True)
class Hours:
    """What may be shown of the hours of the week.

    Attributes:
        period: the days that are in it.
        grids: place, scale → hours; places where none is shown are left out.
    """

    period: Period
    grids: Mapping[tuple[Place, str], Grid]

    def of(self, place: Place) -> dict[str, Grid]:
        """A place's hours by scale."""
        return {scale: grid for (where, scale), grid in self.grids.items() if where == place}


def window(to_on: date) -> Period:
    """The last 13 whole blocks up to ``to_on``."""
    age = (to_on - _EPOCH).days + 1
    end = to_on - timedelta(age % BLOCK_DAYS)
    return Period(end - timedelta(BLOCKS * BLOCK_DAYS - 1), end)


def read_hours(
    connection: Connection, standings: Sequence[Days], before: Hours | None = None
) -> Hours:
    """The hours of all named places, as filtered.

    Args:
        connection: of a transaction on the feedback database.
        standings: where votes counted.
        before: what people have seen; an hour of it changes by five votes or not at all.
    """
    period = window(standings[-1].to_on)
    within = [days for days in standings if days.to_on >= period.from_on]
    places = [Place("touchpoint", code) for code in within[-1].standings]
    choice = Choice(read_scope(connection, period, places))
    cells: dict[str, dict[Place, dict[int, Cell]]] = defaultdict(dict)
    for grid in hour_grids(connection, choice, period):
        place = _smallest(grid.place.code, within)
        if place is not None:
            there = cells[grid.scale].setdefault(place, {})
            for hour in range(HOURS):
                old = there.get(hour, Cell(0, 0))
                there[hour] = Cell(
                    old.votes + grid.votes[hour], old.satisfied + grid.satisfied[hour]
                )
    found = {
        (place, scale): grid
        for scale, of_places in cells.items()
        for place, grid in _shown(within[-1].named, of_places)
    }
    seen = {} if before is None else before.grids
    return Hours(period, {key: _renewed(seen.get(key, {}), grid) for key, grid in found.items()})


def _renewed(before: Grid, now: Grid) -> Grid:
    """Each hour as it was seen, unless five votes differ."""
    return {
        hour: before[hour] if hour in before and _is_much_the_same(before[hour], cell) else cell
        for hour, cell in now.items()
    }


def _is_much_the_same(one: Cell, other: Cell) -> bool:
    changes = (
        other.satisfied - one.satisfied,
        (other.votes - other.satisfied) - (one.votes - one.satisfied),
    )
    more, fewer = sum(n for n in changes if n > 0), -sum(n for n in changes if n < 0)
    return max(more, fewer) < MIN_VOTES


def _smallest(touchpoint: str, within: Iterable[Days]) -> Place | None:
    """The smallest place for which a touchpoint's votes counted all the time."""
    paths = [days.standings[touchpoint].path for days in within if touchpoint in days.standings]
    return next((place for place in paths[-1] if all(place in path for path in paths)), None)


def _shown(
    named: Sequence[Named], own: Mapping[Place, Mapping[int, Cell]]
) -> Iterator[tuple[Place, Grid]]:
    """The hours that may be shown, place by place."""
    below: dict[Place | None, list[Place]] = defaultdict(list)
    for each in named:
        below[each.above].append(each.place)
    grids: dict[Place, dict[int, Cell]] = defaultdict(dict)
    for site in below[None]:
        for hour in range(HOURS):
            _judge(site, hour, below, own, grids)
    yield from grids.items()


def _judge(
    place: Place,
    hour: int,
    below: Mapping[Place | None, Sequence[Place]],
    own: Mapping[Place, Mapping[int, Cell]],
    grids: Mapping[Place, dict[int, Cell]],
) -> tuple[Cell, int]:
    """Put an hour of a place, and of those in it, into ``grids`` where it may be shown.

    Returns:
        The place's votes, and how many of them would follow by subtraction if it were shown.
    """
    parts = [_judge(part, hour, below, own, grids) for part in below.get(place, ())]
    rest = own.get(place, {}).get(hour, Cell(0, 0))
    whole = Cell(
        rest.votes + sum(cell.votes for cell, _ in parts),
        rest.satisfied + sum(cell.satisfied for cell, _ in parts),
    )
    hidden = sum(left for _, left in parts) + (rest.votes if parts or rest.votes < MIN_VOTES else 0)
    if whole.votes < MIN_VOTES or 0 < hidden < MIN_VOTES:
        return whole, hidden
    grids[place][hour] = whole
    return whole, 0
