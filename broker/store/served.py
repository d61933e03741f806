"""How many people were served, and how many of them rated: the response rate.

Of several sources for one hour of one place one is chosen, never the sum: they count the same
people. A place that counts itself is taken as it counts; one that does not is the sum of those in
it that do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Connection, func, select, type_coerce

from broker.store.columns import to_ms
from broker.store.flag_reasons import PROVENANCE
from broker.store.local_time import QUARTER_MS
from broker.store.place_tables import Served
from broker.store.places import Place, Tree, days_of_moves, get, read_tree
from broker.store.tables import Event, Flag, Site, table_of

SOURCES: Final = ("queue", "register", "hand")
"""Which source is believed first: a queue system, the register of services, a person who counted;
then all others, by name."""

HOUR: Final = timedelta(hours=1)

_served, _event, _flag, _site = (table_of(model) for model in (Served, Event, Flag, Site))


@dataclass(frozen=True, slots=True)
class ServedHour:
    """People served at one place in one hour, as the chosen source says."""

    place: Place
    hour_at: datetime
    people: int
    source: str


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """Who rated, of those who were served, in the hours of which both are known.

    Attributes:
        hours: place-hours of which the people are known; in all others nothing is counted.
        people: served in them.
        raw: visits that rated there in them, as pressed.
        filtered: the same without those that a rule against misuse flagged.
    """

    hours: int
    people: int
    raw: int
    filtered: int

    @property
    def share(self) -> float | None:
        """``filtered`` of ``people``; above 1 where people rate who were not counted."""
        return self.filtered / self.people if self.people else None


class _Slot(NamedTuple):
    touchpoint: str
    quarter: int


def served_between(
    connection: Connection, kind: str, code: str, from_at: datetime, until_at: datetime
) -> list[ServedHour]:
    """People served at a place, hour by hour, from ``from_at`` until before ``until_at``.

    Where the place did not count in an hour, the places in it stand for it, as far as they did;
    places are taken as they stood on that local day.

    Raises:
        RegistryError: there is no such place.
    """
    return [hour for hour, _ in _covered(connection, Place(kind, code), from_at, until_at)]


def response_rate(
    connection: Connection, kind: str, code: str, from_at: datetime, until_at: datetime
) -> ResponseRate:
    """Ratings of a place over the people served there, in the same hours.

    One visit is one person. Left out are touchpoints in test mode, unless it is asked for one of
    them, and visits of which the hour is not known.

    Raises:
        RegistryError: there is no such place.
    """
    covered = list(_covered(connection, Place(kind, code), from_at, until_at))
    touchpoints = sorted({each for _, below in covered for each in below})
    raw, filtered = (
        _visits(connection, touchpoints, from_at, until_at, is_filtered=is_filtered)
        for is_filtered in (False, True)
    )
    return ResponseRate(
        hours=len(covered),
        people=sum(hour.people for hour, _ in covered),
        raw=sum(raw.get(slot, 0) for slot in _slots(covered)),
        filtered=sum(filtered.get(slot, 0) for slot in _slots(covered)),
    )


def _covered(
    connection: Connection, place: Place, from_at: datetime, until_at: datetime
) -> Iterator[tuple[ServedHour, Sequence[str]]]:
    """Each hour that counts, with the touchpoints of its place."""
    chosen = _choose(connection, from_at, until_at)
    zone = _zone(connection, get(connection, place).site)
    first_on = from_at.astimezone(zone).date()
    moves = days_of_moves(connection, first_on)
    trees: dict[int, Tree] = {}
    inside: dict[tuple[int, Place], list[str]] = {}
    for hour_at in sorted(chosen):
        day = hour_at.astimezone(zone).date()
        era = bisect_right(moves, day)  # between two moves the tree stays as it is
        if era not in trees:
            trees[era] = read_tree(connection, day)
        for hour in _topmost(trees[era], place, chosen[hour_at]):
            key = era, hour.place
            if key not in inside:
                inside[key] = _touchpoints(trees[era], hour.place, place)
            yield hour, inside[key]


def _choose(
    connection: Connection, from_at: datetime, until_at: datetime
) -> dict[datetime, dict[Place, ServedHour]]:
    """Hour → place → what the source says that is believed first."""
    query = select(_served).where(_served.c.hour_at >= from_at, _served.c.hour_at < until_at)
    rows = sorted(connection.execute(query), key=lambda row: _rank(row.source), reverse=True)
    chosen: dict[datetime, dict[Place, ServedHour]] = defaultdict(dict)
    for row in rows:
        place = Place(row.kind, row.code)
        chosen[row.hour_at][place] = ServedHour(place, row.hour_at, row.people, row.source)
    return chosen


def _rank(source: str) -> tuple[int, str]:
    return (SOURCES.index(source) if source in SOURCES else len(SOURCES), source)


def _topmost(tree: Tree, place: Place, counted: dict[Place, ServedHour]) -> Iterator[ServedHour]:
    """``place`` itself where it counted, else the highest below it that did."""
    waiting = [place]
    while waiting:
        each = waiting.pop()
        if each in counted:
            yield counted[each]
        else:
            waiting.extend(reversed(tree.below.get(each, ())))


def _touchpoints(tree: Tree, counted: Place, asked: Place) -> list[str]:
    """The touchpoints whose visits belong to what was counted."""
    return [
        each.code
        for each in tree.under(counted)
        if each.kind == "touchpoint"
        and each in tree.entries
        and (each == asked or not tree.entries[each].is_test)
    ]


def _slots(covered: Sequence[tuple[ServedHour, Sequence[str]]]) -> Iterator[_Slot]:
    """The quarters of all hours that count: an hour of some zones begins at half past."""
    for hour, touchpoints in covered:
        first = to_ms(hour.hour_at) // QUARTER_MS
        for touchpoint in touchpoints:
            for quarter in range(first, first + HOUR // timedelta(milliseconds=QUARTER_MS)):
                yield _Slot(touchpoint, quarter)


def _visits(
    connection: Connection,
    touchpoints: Sequence[str],
    from_at: datetime,
    until_at: datetime,
    *,
    is_filtered: bool,
) -> dict[_Slot, int]:
    """Visits that rated, a touchpoint and quarter of an hour; each at its first rating."""
    at_ms = type_coerce(_event.c.answered_at, BigInteger)
    visits = (
        select(_event.c.touchpoint, func.min(at_ms).label("first_ms"))
        .where(_event.c.touchpoint.in_(touchpoints), _event.c.kind == "rating")
        .where(_event.c.answered_at >= from_at, _event.c.answered_at < until_at + HOUR)
        .where(_event.c.precision != "day", _event.c.clock != "unknown")
        .group_by(_event.c.touchpoint, _event.c.visit)
    )
    if is_filtered:
        visits = visits.where(~_is_doubted())
    each = visits.subquery()
    quarter = (each.c.first_ms // QUARTER_MS).label("quarter")
    query = select(each.c.touchpoint, quarter, func.count()).group_by(each.c.touchpoint, "quarter")
    return {_Slot(row[0], row[1]): row[2] for row in connection.execute(query)}


def _is_doubted() -> ColumnElement[bool]:
    """A rule against misuse flagged the event."""
    doubts = select(_flag.c.event_id).where(_flag.c.event_id == _event.c.id)
    return doubts.where(_flag.c.reason.not_in(PROVENANCE)).exists()


def _zone(connection: Connection, site: str) -> ZoneInfo:
    query = select(_site.c.timezone).where(_site.c.code == site)
    return ZoneInfo(connection.execute(query).scalar_one())
