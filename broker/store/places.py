"""The tree of places, day by day: site → locations in any depth → touchpoints.

Where a place stands is dated, so that last year's figures keep last year's place. Before its
first row in ``placement`` a place stands directly under its site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from broker.store.errors import RegistryError
from broker.store.fleet_tables import DevicePlacement
from broker.store.place_tables import Location, Placement
from broker.store.tables import Device, FeedbackTable, Site, Touchpoint, table_of


class Place(NamedTuple):
    """A node of the tree. One code may name a site, a location and a touchpoint."""

    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


_MODELS: Final[Mapping[str, type[FeedbackTable]]] = {
    "site": Site,
    "location": Location,
    "touchpoint": Touchpoint,
}
KINDS: Final = tuple(_MODELS)
_MILLISECOND: Final = timedelta(milliseconds=1)

_site, _location, _touchpoint, _device, _placement, _device_placement = (
    table_of(model) for model in (Site, Location, Touchpoint, Device, Placement, DevicePlacement)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is registered of one place.

    Attributes:
        site: that it belongs to; of a site, itself.
        name: for people.
        retired_on: the first day on which it is no more.
        is_test: a touchpoint in test mode.
    """

    place: Place
    site: str
    name: str
    retired_on: date | None = None
    is_test: bool = False

    def is_there(self, on: date) -> bool:
        """Whether it is not retired yet on that day."""
        return self.retired_on is None or on < self.retired_on


@dataclass(frozen=True, slots=True)
class Tree:
    """All places that are there on a day.

    Attributes:
        entries: by place, in the order of codes; what is retired is left out, and locations of
            a later day. Touchpoints are there from ever on: older ratings may be imported.
        above: place → the one it stands in; sites have none.
        below: place → those that stand directly in it; only places that hold some.
    """

    on: date
    entries: dict[Place, Entry]
    above: dict[Place, Place]
    below: dict[Place, list[Place]]

    def path(self, place: Place) -> list[Place]:
        """``place`` and all above it, the site last."""
        path = [place]
        while (above := self.above.get(path[-1])) is not None and above not in path:
            path.append(above)
        return path

    def under(self, place: Place) -> Iterator[Place]:
        """``place`` and all that stand in it, each before those in it."""
        waiting = [place]
        while waiting:
            found = waiting.pop()
            yield found
            waiting.extend(reversed(self.below.get(found, ())))


def table_for(kind: str) -> Table:
    """The table in which places of a kind are registered."""
    return table_of(_MODELS[kind])


def find(connection: Connection, place: Place) -> Entry | None:
    """What is registered of ``place``, retired or not."""
    table = table_for(place.kind)
    row = connection.execute(select(table).where(table.c.code == place.code)).mappings().first()
    return None if row is None else _entry(place.kind, row)


def get(connection: Connection, place: Place) -> Entry:
    """What is registered of ``place``.

    Raises:
        RegistryError: it is not there.
    """
    found = find(connection, place)
    if found is None:
        raise RegistryError(f"there is no {place}; 'otziv place tree' shows what there is")
    return found


def local_day(connection: Connection, site: str, at: datetime) -> date:
    """The day that it is in ``site`` at an instant; all dates of places are such days."""
    zone = connection.execute(select(_site.c.timezone).where(_site.c.code == site)).scalar_one()
    return at.astimezone(ZoneInfo(zone)).date()


def path_of(connection: Connection, touchpoint: str, on: date) -> list[tuple[str, str]]:
    """Where a touchpoint stands on a day: itself, its locations upward, the site.

    Raises:
        RegistryError: there is no such touchpoint.
    """
    return list(path_of_place(connection, Place("touchpoint", touchpoint), on))


def path_of_place(connection: Connection, place: Place, on: date) -> list[Place]:
    """The same of any place.

    Raises:
        RegistryError: it is not there.
    """
    site = get(connection, place).site
    if place.kind == "site":
        return [place]
    path = [place]
    while (above := location_of(connection, path[-1], on)) is not None:
        path.append(Place("location", above))
    return [*path, Place("site", site)]


def location_of(connection: Connection, place: Place, on: date) -> str | None:
    """The location in which a place stands on a day; ``None`` directly under the site."""
    query = (
        select(_placement.c.location)
        .where(_placement.c.kind == place.kind, _placement.c.code == place.code)
        .where(_placement.c.from_on <= on)
        .order_by(_placement.c.from_on.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def first_day(connection: Connection, location: str) -> date | None:
    """Since when there is a location."""
    query = select(func.min(_placement.c.from_on)).filter_by(kind="location", code=location)
    found: date | None = connection.execute(query).scalar_one()
    return found


def touchpoints_under(connection: Connection, kind: str, code: str, on: date) -> list[str]:
    """The touchpoints that stand in a place on a day, in any depth; itself where it is one.

    Those retired by that day are left out.
    """
    tree = read_tree(connection, on)
    under = tree.under(Place(kind, code))
    return sorted(each.code for each in under if each.kind == "touchpoint" and each in tree.entries)


def read_tree(connection: Connection, on: date) -> Tree:
    """All places as they stand on a day."""
    placed = _placed(connection, on)
    entries = {
        each.place: each
        for each in _entries(connection)
        if each.is_there(on) and (each.place.kind != "location" or each.place in placed)
    }
    above: dict[Place, Place] = {}
    below: dict[Place, list[Place]] = defaultdict(list)
    for place, entry in entries.items():
        if place.kind != "site":
            location = placed.get(place)
            over = Place("location", location) if location else Place("site", entry.site)
            above[place] = over
            below[over].append(place)
    return Tree(on, entries, above, dict(below))


def days_of_moves(connection: Connection, after: date) -> list[date]:
    """Days after ``after`` on which something moves, or is no more."""
    days = set(
        connection.execute(select(_placement.c.from_on).where(_placement.c.from_on > after))
        .scalars()
        .all()
    )
    for table in (_location, _touchpoint):
        query = select(table.c.retired_on).where(table.c.retired_on > after)
        days.update(connection.execute(query).scalars())
    return sorted(days)


def devices_at(connection: Connection, on: date) -> dict[str, list[str]]:
    """Touchpoint → the devices that stood there at the end of a day, by name.

    A device without a row of its own stood since ever where it stands now.
    """
    query = (
        select(_device.c.name, _device.c.touchpoint, _site.c.timezone)
        .join(_site, _site.c.code == _device.c.site)
        .order_by(_device.c.name)
    )
    moves = _moves_of_devices(connection)
    found: dict[str, list[str]] = defaultdict(list)
    for name, touchpoint, zone in connection.execute(query):
        end = datetime.combine(on + timedelta(days=1), time(), ZoneInfo(zone))
        past = [stood for from_at, stood in moves.get(name, ()) if from_at < end]
        stood = past[-1] if past else None if name in moves else touchpoint
        if stood is not None:
            found[stood].append(name)
    return dict(found)


def put_placement(
    connection: Connection, place: Place, from_on: date, location: str | None
) -> None:
    """From ``from_on`` on, until its next row, ``place`` stands in ``location``."""
    key = {"kind": place.kind, "code": place.code, "from_on": from_on}
    connection.execute(
        delete(_placement).where(*(_placement.c[name] == value for name, value in key.items()))
    )
    connection.execute(insert(_placement).values(**key, location=location))


def put_device(connection: Connection, device: str, touchpoint: str | None, at: datetime) -> None:
    """From ``at`` on a device stands at ``touchpoint``; ``None``: in a drawer.

    The last word holds, even where the clock went back since the one before.
    """
    query = select(func.max(_device_placement.c.from_at)).filter_by(device=device)
    last_at = connection.execute(query).scalar_one()
    if last_at is not None:
        at = max(at, last_at + _MILLISECOND)
    connection.execute(
        insert(_device_placement).values(device=device, from_at=at, touchpoint=touchpoint)
    )
    connection.execute(
        update(_device).where(_device.c.name == device).values(touchpoint=touchpoint)
    )


def _entries(connection: Connection) -> Iterator[Entry]:
    for kind in KINDS:
        query = select(table_for(kind)).order_by("code")
        for row in connection.execute(query).mappings():
            yield _entry(kind, row)


def _entry(kind: str, row: Mapping[Any, Any]) -> Entry:
    return Entry(
        Place(kind, row["code"]),
        row["code"] if kind == "site" else row["site"],
        row["name"],
        row.get("retired_on"),
        bool(row.get("is_test")),
    )


def _moves_of_devices(connection: Connection) -> dict[str, list[tuple[datetime, str | None]]]:
    """Device → since when it stood where, oldest first."""
    moves: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
    for row in connection.execute(select(_device_placement).order_by("from_at")):
        moves[row.device].append((row.from_at, row.touchpoint))
    return moves


def _placed(connection: Connection, on: date) -> dict[Place, str | None]:
    """Place → its location, of all that have a row by then."""
    query = select(_placement).where(_placement.c.from_on <= on).order_by(_placement.c.from_on)
    return {Place(row.kind, row.code): row.location for row in connection.execute(query)}
