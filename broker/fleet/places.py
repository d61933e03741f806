"""Places: adding, naming, moving and retiring them. Each verb is one transaction.

Codes never change, since ratings refer to them; names may. A move is dated: figures of the days
before keep the place of those days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, update

from broker.fleet.consequences import refuse_broken_tree, refuse_new_faults
from broker.fleet.errors import FleetError
from broker.fleet.retirement import check_empty, check_unused, check_without_votes
from broker.fleet.seen import Seen
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.places import (
    KINDS,
    Entry,
    Place,
    Tree,
    devices_at,
    find,
    local_day,
    location_of,
    put_placement,
    read_tree,
    table_for,
)
from broker.store.registry import check_code, raise_revision

MAX_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a place stands now.

    Attributes:
        was: the location before, ``None`` directly under the site.
        location: likewise, from ``from_on`` on.
    """

    place: Place
    was: str | None
    location: str | None
    from_on: date


@dataclass(frozen=True, slots=True)
class Grounds:
    """All places as they stand on a day, and the devices at them.

    Attributes:
        devices: touchpoint → names.
    """

    tree: Tree
    devices: dict[str, list[str]]


def find_place(connection: Connection, code: str, kind: str | None = None) -> Entry:
    """The place of that code.

    Raises:
        FleetError: there is none, or there are several and ``kind`` does not say which.
    """
    if kind is not None and kind not in KINDS:
        raise FleetError(f"{kind!r} is no kind of place: use {', '.join(KINDS)}")
    kinds = KINDS if kind is None else (kind,)
    found = [entry for each in kinds if (entry := find(connection, Place(each, code)))]
    if not found:
        raise FleetError(
            f"there is no {kind or 'place'} {code!r}: 'otziv place tree' shows what there is"
        )
    if len(found) > 1:
        raise FleetError(
            f"{' and '.join(str(each.place) for each in found)} have one code: say which with "
            f"--kind {'|'.join(each.place.kind for each in found)}"
        )
    return found[0]


def add_location(  # noqa: PLR0913  each says one thing about it, by its name
    database: Database,
    code: str,
    *,
    site: str,
    now: datetime,
    name: str | None = None,
    location: str | None = None,
    from_on: date | None = None,
) -> bool:
    """Add a location. ``False`` when exactly that is there already.

    Args:
        database: where.
        code: unique among locations; never changes.
        site: that it belongs to.
        now: when it is entered.
        name: for people; else the code.
        location: that it stands in; ``None``: directly under the site.
        from_on: since when it is there; else today.

    Raises:
        FleetError: a bad code, an unknown site or location, or another one of that code.
    """
    place = Place("location", code)
    try:
        check_code("location", code)
    except RegistryError as error:
        raise FleetError(str(error)) from error
    with database.transaction() as connection:
        raise_revision(connection)
        find_place(connection, site, "site")
        first_on = from_on or local_day(connection, site, now)
        there = find(connection, place)
        if there is not None:
            given = Entry(place, site, name or there.name)
            _check_agreement(there, given, location, location_of(connection, place, first_on))
            return False
        row = {"code": code, "site": site, "name": _checked_name(name or code), "added_at": now}
        connection.execute(insert(table_for(place.kind)).values(row))
        _put(connection, given=Entry(place, site, code), location=location, from_on=first_on)
    return True


def rename(
    database: Database, kind: str, code: str, name: str, *, seen: Seen | None = None
) -> None:
    """Give a place another name; its code stays.

    Raises:
        FleetError: there is no such place, or the name is none.
        ChangedError: its name is not the one that was ``seen``.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        entry = find_place(connection, code, kind)
        if seen is not None:
            seen.check(f"the name of {entry.place}", entry.name)
        _write(connection, entry.place, name=_checked_name(name))


def move(  # noqa: PLR0913  # what, where to, when, and what was seen before
    database: Database,
    kind: str,
    code: str,
    location: str | None,
    *,
    now: datetime,
    from_on: date | None = None,
    seen: Seen | None = None,
) -> Moved:
    """Put a location or a touchpoint into another location of its site.

    Args:
        database: where.
        kind: ``location`` or ``touchpoint``.
        code: of what moves.
        location: into which; ``None``: directly under the site.
        now: when it is entered.
        from_on: the first day there; else today. An earlier one mends what was entered late.
        seen: the location where it stands today, as somebody saw it.

    Raises:
        FleetError: unknown, retired, of another site, or under itself; or a kiosk could not show
            what it would get there.
        ChangedError: it stands somewhere else than was ``seen``.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        entry = find_place(connection, code, kind)
        today = local_day(connection, entry.site, now)
        day = from_on or today
        _check_there(entry, day)
        was = location_of(connection, entry.place, day)
        if seen is not None:
            seen.check(f"the place of {entry.place}", location_of(connection, entry.place, today))
        _put(connection, given=entry, location=location, from_on=day)
        refuse_new_faults(database, connection, [entry.place], max(day, today))
    return Moved(entry.place, was, location, day)


def retire(
    database: Database, kind: str, code: str, *, now: datetime, on: date | None = None
) -> date:
    """Retire a location or a touchpoint; its figures stay, its code is never used again.

    Args:
        database: where.
        kind: ``location`` or ``touchpoint``.
        code: of what goes.
        now: when it is entered.
        on: the first day on which it is no more; else today.

    Returns:
        That day.

    Raises:
        FleetError: unknown, retired already, something stands in it, or it has votes of a later
            day, up to today.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        entry = find_place(connection, code, kind)
        if entry.place.kind == "site":
            raise FleetError("a site can't be retired: its figures are all there is")
        day = on or local_day(connection, entry.site, now)
        _check_there(entry, day)
        check_empty(connection, entry.place, local_day(connection, entry.site, now))
        check_unused(connection, entry, day, now)
        _write(connection, entry.place, retired_on=day)
        refuse_broken_tree(connection, day)
    return day


def set_test_mode(database: Database, touchpoint: str, *, is_test: bool) -> bool:
    """Switch a touchpoint's test mode; whether it was the other way round before.

    In test mode its ratings are in no figure but its own, and there they are told one by one; so
    it is switched only while there are none.

    Raises:
        FleetError: there is no such touchpoint, or it has votes.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        entry = find_place(connection, touchpoint, "touchpoint")
        if entry.is_test != is_test:
            check_without_votes(connection, entry)
            _write(connection, entry.place, is_test=is_test)
    return entry.is_test != is_test


def show_places(database: Database, on: date) -> Grounds:
    """All places as they stand on a day of their site, and the devices at them."""
    with database.reading() as connection:
        return Grounds(read_tree(connection, on), devices_at(connection, on))


def _put(connection: Connection, *, given: Entry, location: str | None, from_on: date) -> None:
    """Place it, and see that the tree still is one, on that day and on all later ones."""
    if given.place.kind == "site":
        raise FleetError("a site stands in nothing: name a location or a touchpoint")
    if location is not None:
        into = find_place(connection, location, "location")
        if into.site != given.site:
            raise FleetError(
                f"{into.place} is of {into.site}, {given.place} of {given.site}: a place stays in "
                "its site, since its days are counted in that site's time zone"
            )
    put_placement(connection, given.place, from_on, location)
    refuse_broken_tree(connection, from_on)


def _check_there(entry: Entry, on: date) -> None:
    if not entry.is_there(on):
        raise FleetError(f"{entry.place} is retired from {entry.retired_on} on; its code stays so")


def _check_agreement(
    there: Entry, given: Entry, location: str | None, stands_in: str | None
) -> None:
    is_same = (there.site, there.name) == (given.site, given.name)
    if not is_same or location not in (None, stands_in) or there.retired_on is not None:
        where = stands_in or f"site {there.site}"
        until = f", retired from {there.retired_on} on" if there.retired_on else ""
        raise FleetError(
            f"{there.place} is there already: {there.name!r} in {where}{until}; "
            "rename or move that one, or use another code"
        )


def _checked_name(name: str) -> str:
    stripped = name.strip()
    if not stripped or len(stripped) > MAX_NAME or not stripped.isprintable():
        raise FleetError(f"{name!r} is no name: use 1 to {MAX_NAME} characters on one line")
    return stripped


def _write(connection: Connection, place: Place, **values: Any) -> None:  # noqa: ANN401  columns
    table = table_for(place.kind)
    connection.execute(update(table).where(table.c.code == place.code).values(**values))
