"""What the store knows by name: sites, touchpoints, devices.

Codes are entered once and never change, since ratings refer to them. Each change raises the
registry's revision, so that a running intake sees it with its next transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Column, Connection, Select, Table, insert, select, update

from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.places import Place, find, local_day, location_of, put_device, put_placement
from broker.store.tables import Device, Meta, Site, Touchpoint, table_of
from broker.wire.texts import CODE
from broker.wire.topics import NAME_PATTERN, is_name

DEFAULT_TIMEZONE: Final = "Europe/Sofia"
_REVISION: Final = "registry"
_CODE: Final = re.compile(CODE + r"\Z")

Model = TypeVar("Model", Site, Touchpoint, Device)


def add_site(
    database: Database, code: str, *, name: str | None = None, timezone: str | None = None
) -> bool:
    """Register a municipality. ``False`` when it is there already, and what is given agrees.

    Args:
        database: where.
        code: as in topics.
        name: for people; the code where it is new and none is given.
        timezone: likewise ``DEFAULT_TIMEZONE``.

    Raises:
        RegistryError: bad code, unknown time zone, or a different site of that code.
    """
    _check_name("site", code)
    zone = timezone or DEFAULT_TIMEZONE
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RegistryError(
            f"unknown time zone {zone!r}: use a name such as {DEFAULT_TIMEZONE}"
        ) from error
    added = Site(code=code, name=name or code, timezone=zone)
    return _add(database, added, {"name": name, "timezone": timezone})


def add_touchpoint(
    database: Database,
    code: str,
    *,
    site: str,
    name: str | None = None,
    is_test: bool | None = None,
    location: str | None = None,
) -> bool:
    """Register a touchpoint. ``False`` when it is there already, and what is given agrees.

    Args:
        database: where.
        code: unique in the installation.
        site: that it belongs to.
        name: for people; the code where it is new and none is given.
        is_test: whether it is in test mode; likewise not.
        location: where it stands from today on; likewise directly under its site.

    Raises:
        RegistryError: bad code, unknown site or location, or a different touchpoint of that code.
    """
    check_code("touchpoint", code)
    added = Touchpoint(
        code=code, site=site, name=name or code, is_test=bool(is_test), added_at=datetime.now(UTC)
    )
    given = {"site": site, "name": name, "is_test": is_test, "location": location}
    return _add(database, added, given, lambda connection: _place(connection, added, location))


def add_device(
    database: Database,
    name: str,
    *,
    touchpoint: str,
    check: Callable[[Connection, str], None] | None = None,
) -> bool:
    """Register a device that stands at ``touchpoint``; its site is the touchpoint's.

    ``False`` when exactly that is there already.

    Args:
        database: where.
        name: as in topics.
        touchpoint: where it stands.
        check: called in the transaction, with the site, once a new one stands there; what it
            raises undoes that.

    Raises:
        RegistryError: bad name, unknown or retired touchpoint, or the device stands elsewhere.
    """
    _check_name("device", name)
    places = {place.code: place for place in list_touchpoints(database)}
    if touchpoint not in places:
        raise RegistryError(
            f"unknown touchpoint {touchpoint!r}: add it first, with "
            f"'otziv touchpoint add {touchpoint}'"
        )
    if places[touchpoint].retired_on is not None:
        raise RegistryError(
            f"touchpoint {touchpoint!r} is retired from {places[touchpoint].retired_on} on: "
            "name one that is in use"
        )
    site = places[touchpoint].site
    added = Device(name=name, site=site, touchpoint=touchpoint, added_at=datetime.now(UTC))

    def settle(connection: Connection) -> None:
        put_device(connection, name, touchpoint, added.added_at)
        if check is not None:
            check(connection, site)

    return _add(database, added, {"site": site, "touchpoint": touchpoint}, settle)


def add_importer(database: Database, name: str, *, site: str) -> bool:
    """Register a device that stands nowhere, to bring in what was said elsewhere.

    Whatever never stood anywhere may speak for each touchpoint and channel of its site. A panel
    is always registered where it stands, and nothing that comes over the wire registers anybody.

    ``False`` when a device of this name and site is there already.

    Raises:
        RegistryError: bad name, unknown site, or the device belongs to another one.
    """
    _check_name("device", name)
    added = Device(name=name, site=site, touchpoint=None, added_at=datetime.now(UTC))
    return _add(database, added, {"site": site})


def list_sites(database: Database) -> list[Site]:
    """All sites, by code."""
    return _list(database, Site, select(table_of(Site)).order_by("code"))


def list_touchpoints(database: Database, site: str | None = None) -> list[Touchpoint]:
    """All touchpoints, or those of one site, by code."""
    table = table_of(Touchpoint)
    query = select(table).order_by("code")
    return _list(database, Touchpoint, query if site is None else query.filter_by(site=site))


def list_devices(database: Database, site: str | None = None) -> list[Device]:
    """All devices, or those of one site, by name."""
    query = select(table_of(Device)).order_by("name")
    return _list(database, Device, query if site is None else query.filter_by(site=site))


def _add(
    database: Database,
    added: Site | Touchpoint | Device,
    given: Mapping[str, object],
    settle: Callable[[Connection], None] | None = None,
) -> bool:
    """Insert ``added``, ``settle`` it, and raise the revision, unless one of its code is there.

    That one must agree with what was ``given``, ``None`` left out. Nothing is written then, so
    that a script that adds the same again keeps no collector waiting.
    """
    with database.reading() as connection:
        found = _find(connection, added)
    if found is None:
        with database.transaction() as connection:
            raise_revision(connection)
            found = _find(connection, added)  # somebody may have been quicker
            if found is None:
                if not isinstance(added, Site):
                    _check_site(connection, added.site)
                connection.execute(insert(table_of(type(added))).values(added.model_dump()))
                if settle is not None:
                    settle(connection)
                return True
    _check_agreement(added, found, given)
    return False


def _place(connection: Connection, added: Touchpoint, location: str | None) -> None:
    """Write where a new touchpoint stands."""
    today = local_day(connection, added.site, added.added_at)
    if location is not None:
        found = find(connection, Place("location", location))
        if found is None or found.site != added.site or not found.is_there(today):
            raise RegistryError(
                f"{added.site} has no location {location!r} today: add it first, with "
                f"'otziv place add {location}'"
            )
    put_placement(connection, Place("touchpoint", added.code), today, location)


def _find(connection: Connection, added: Site | Touchpoint | Device) -> Mapping[str, object] | None:
    """What is there of that code; of a touchpoint also where it stands today."""
    table = table_of(type(added))
    query = select(table).where(_key(table) == getattr(added, _key(table).name))
    row = connection.execute(query).mappings().first()
    found: dict[str, Any] | None = None if row is None else {**row}
    if found is not None and isinstance(added, Touchpoint):
        today = local_day(connection, found["site"], added.added_at)
        found["location"] = location_of(connection, Place("touchpoint", added.code), today)
    return found


def _check_agreement(
    added: Site | Touchpoint | Device, found: Mapping[str, object], given: Mapping[str, object]
) -> None:
    differing = [name for name, value in given.items() if value not in (None, found[name])]
    if differing:
        table = table_of(type(added))
        there = ", ".join(f"{name} {found[name]!r}" for name in differing)
        code = getattr(added, _key(table).name)
        raise RegistryError(f"{table.name} {code!r} is there already, with {there}")


def _key(table: Table) -> Column[Any]:
    """The column of the code."""
    return next(iter(table.primary_key.columns))


def raise_revision(connection: Connection) -> None:
    """Begin a change of the registry; its row makes those who change it wait for each other."""
    meta = table_of(Meta)
    raised = update(meta).where(meta.c.key == _REVISION).values(value=meta.c.value + 1)
    connection.execute(raised)


def check_code(what: str, code: str) -> None:
    """Refuse what is no code.

    Raises:
        RegistryError: with the form of codes.
    """
    if not _CODE.match(code):
        raise RegistryError(f"{what} {code!r}: use 1 to 63 small Latin letters, digits and hyphens")


def _check_name(what: str, name: str) -> None:
    if not is_name(name):
        raise RegistryError(
            f"{what} {name!r}: use 2 to 31 small Latin letters, digits and hyphens ({NAME_PATTERN})"
        )


def _check_site(connection: Connection, code: str) -> None:
    site = table_of(Site)
    if connection.execute(select(site.c.code).where(site.c.code == code)).first() is None:
        raise RegistryError(f"unknown site {code!r}: add it first")


def _list(database: Database, model: type[Model], query: Select[Any]) -> list[Model]:
    with database.reading() as connection:
        return [model(**row) for row in connection.execute(query).mappings()]
