"""For which place a touchpoint's votes count, day by day, so that they expose nobody who serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from analytics.measures.minima import MIN_STAFF, named_places
from broker.store.place_settings import SettingsOfDay
from broker.store.place_tables import PlaceSetting
from broker.store.places import Place, days_of_moves
from broker.store.tables import table_of

_DAY: Final = timedelta(days=1)
_DECIDING: Final = ("staff", "unit")


class Standing(NamedTuple):
    """Where votes count.

    Attributes:
        path: the place and those that it stands in, the site last.
        unit: code of the one that serves there, if any is entered.
    """

    path: tuple[Place, ...]
    unit: str | None

    @property
    def place(self) -> Place:
        """The smallest place for which they count."""
        return self.path[0]


@dataclass(frozen=True, slots=True)
class Named:
    """A place that has figures of its own; ``serving`` as entered, if it is.

    Attributes:
        depth: 0 for a site; one more for each named place that it lies in.
        above: the named place that it lies in.
    """

    place: Place
    name: str
    above: Place | None
    depth: int
    unit: str | None
    serving: int | None
    touchpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """A time in which everything stood where it did; both ends are in it.

    Attributes:
        standings: touchpoint → where its votes count; those in test mode are in no figure.
        named: the places that have figures of their own, each before those in it.
        staff: touchpoint → how many serve there, where that is entered.
    """

    from_on: date
    to_on: date
    standings: Mapping[str, Standing]
    named: tuple[Named, ...]
    staff: Mapping[str, int] = field(default_factory=dict)


def read_standings(connection: Connection, from_on: date, to_on: date) -> list[Days]:
    """Where votes counted on each day of a time, in order.

    A place below the level of a unit has figures only where three or more people serve, day by day;
    the others' votes count in the place above. A place at which a unit serves that serves nowhere
    else is on the level of that unit. Where the rest of a place would be fewer than three people,
    the smallest place beside it loses its name too
    (:func:`analytics.measures.minima.named_places`).
    """
    starts = [from_on, *(day for day in _changes(connection, from_on) if day <= to_on)]
    ends = [*(day - _DAY for day in starts[1:]), to_on]
    return [_days(connection, *ends_of) for ends_of in zip(starts, ends, strict=True)]


def _changes(connection: Connection, after: date) -> list[date]:
    table = table_of(PlaceSetting)
    query = select(table.c.from_on).where(table.c.key.in_(_DECIDING), table.c.from_on > after)
    return sorted({*days_of_moves(connection, after), *connection.scalars(query)})


def _days(connection: Connection, from_on: date, to_on: date) -> Days:
    known = _Known(SettingsOfDay(connection, from_on))
    named = frozenset(place for site in known.sites for place in (site, *known.named_under(site)))
    standings = {}
    for place, entry in known.settings.tree.entries.items():
        if place.kind == "touchpoint" and not entry.is_test:
            path = tuple(each for each in known.path(place) if each in named)
            standings[place.code] = Standing(path, known.unit(path[0]))
    staff = {place.code: n for place, n in known.staff.items() if place.kind == "touchpoint"}
    return Days(from_on, to_on, standings, tuple(_listed(known, named, standings)), staff)


class _Known:
    """What is entered of places on a day."""

    def __init__(self, settings: SettingsOfDay) -> None:
        self.settings: Final = settings
        tree = settings.tree
        self.sites: Final = [place for place in tree.entries if place.kind == "site"]
        self._of: Final = {place: settings.of(place) for place in tree.entries}
        self.staff: Final = {
            place: int(found["staff"].value)
            for place, found in self._of.items()
            if found["staff"].value is not None
        }

        self._served_by: Final[dict[str, set[Place]]] = defaultdict(set)
        for place, entry in tree.entries.items():
            unit = self.unit(place)
            if place.kind == "touchpoint" and not entry.is_test and unit is not None:
                self._served_by[unit].add(place)

    def path(self, place: Place) -> list[Place]:
        """The place and those above it."""
        return self.settings.tree.path(place)

    def unit(self, place: Place) -> str | None:
        """Code of the unit that serves there."""
        found = self._of[place]["unit"].value
        return None if found is None else str(found)

    def named_under(self, site: Place) -> frozenset[Place]:
        """The places of a site that have figures of their own."""
        tree, counts = self.settings.tree, dict(self.staff)
        below = {
            place: [part for part in parts if not tree.entries[part].is_test]
            for place, parts in tree.below.items()
        }
        for place in tree.under(site):
            if place != site and self._is_whole_unit(place):
                counts[place] = max(counts.get(place, 0), MIN_STAFF)
        return named_places(site, below, counts)

    def _is_whole_unit(self, place: Place) -> bool:
        """Whether a unit serves here and nowhere else: then this is the level of the unit."""
        unit = self.unit(place)
        above = self.settings.tree.above.get(place)
        if unit is None or (above is not None and self.unit(above) == unit):
            return False
        here = {each for each in self.settings.tree.under(place) if each.kind == "touchpoint"}
        return self._served_by[unit] <= here


def _listed(
    known: _Known, named: frozenset[Place], standings: Mapping[str, Standing]
) -> Iterator[Named]:
    tree = known.settings.tree
    for site in known.sites:
        for place in tree.under(site):
            if place in named and place in tree.entries:
                above = [each for each in known.path(place)[1:] if each in named]
                yield Named(
                    place,
                    tree.entries[place].name,
                    above[0] if above else None,
                    len(above),
                    known.unit(place),
                    known.staff.get(place),
                    tuple(code for code, found in standings.items() if place in found.path),
                )
