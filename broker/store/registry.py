"""What the store knows by name: sites, touchpoints, devices.

Codes are entered once and never change, since ratings refer to them. Each change raises the
registry's revision, so that a running intake sees it with its next transaction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Column, Connection, Select, insert, select, update

from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.local_time import Calendar, calendar_of
from broker.store.statements import fetch
from broker.store.tables import Device, Meta, Site, Touchpoint, table_of
from broker.wire.texts import CODE
from broker.wire.topics import NAME_PATTERN, is_name

DEFAULT_TIMEZONE: Final = "Europe/Sofia"
_REVISION: Final = "registry"
_READ_REVISION: Final = "SELECT value FROM meta WHERE key = 'registry'"
_CODE: Final = re.compile(CODE + r"\Z")

Model = TypeVar("Model", Site, Touchpoint, Device)


@dataclass(frozen=True, slots=True)
class Registered:
    """All that is registered, as of one ``revision``.

    Attributes:
        revision: rises with each change.
        timezones: site → its time zone.
        touchpoints: touchpoint → its site.
        devices: device → its site.
    """

    revision: int
    timezones: dict[str, str]
    touchpoints: dict[str, str]
    devices: dict[str, str]


def add_site(
    database: Database, code: str, *, name: str | None = None, timezone: str = DEFAULT_TIMEZONE
) -> bool:
    """Register a municipality. ``False`` when exactly that is there already.

    Raises:
        RegistryError: bad code, unknown time zone, or a different site of that code.
    """
    _check_name("site", code)
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RegistryError(
            f"unknown time zone {timezone!r}: use a name such as {DEFAULT_TIMEZONE}"
        ) from error
    return _add(database, Site(code=code, name=name or code, timezone=timezone))


def add_touchpoint(
    database: Database, code: str, *, site: str, name: str | None = None, is_test: bool = False
) -> bool:
    """Register a touchpoint. ``False`` when exactly that is there already.

    Raises:
        RegistryError: bad code, unknown site, or a different touchpoint of that code.
    """
    if not _CODE.match(code):
        raise RegistryError(
            f"touchpoint {code!r}: use 1 to 63 small Latin letters, digits and hyphens"
        )
    added = Touchpoint(
        code=code, site=site, name=name or code, is_test=is_test, added_at=datetime.now(UTC)
    )
    return _add(database, added)


def add_device(database: Database, name: str, *, touchpoint: str) -> bool:
    """Register a device that stands at ``touchpoint``; its site is the touchpoint's.

    ``False`` when exactly that is there already.

    Raises:
        RegistryError: bad name, unknown touchpoint, or the device stands elsewhere.
    """
    _check_name("device", name)
    places = {place.code: place for place in list_touchpoints(database)}
    if touchpoint not in places:
        raise RegistryError(
            f"unknown touchpoint {touchpoint!r}: add it first, with "
            f"'otziv touchpoint add {touchpoint}'"
        )
    added = Device(
        name=name, site=places[touchpoint].site, touchpoint=touchpoint, added_at=datetime.now(UTC)
    )
    return _add(database, added)


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


def revision(connection: Connection) -> int:
    """How often the registry was changed; inside a transaction."""
    ((found,),) = fetch(connection, _READ_REVISION)
    return int(found)


def read_all(connection: Connection) -> Registered:
    """Everything that is registered; inside a transaction."""
    site, touchpoint, device = (table_of(model) for model in (Site, Touchpoint, Device))
    return Registered(
        revision(connection),
        _map(connection, site.c.code, site.c.timezone),
        _map(connection, touchpoint.c.code, touchpoint.c.site),
        _map(connection, device.c.name, device.c.site),
    )


def read_calendars(connection: Connection) -> dict[str, Calendar]:
    """The calendar of each site; inside a transaction."""
    site = table_of(Site)
    zones = _map(connection, site.c.code, site.c.timezone)
    return {code: calendar_of(zone) for code, zone in zones.items()}


def _add(database: Database, added: Site | Touchpoint | Device) -> bool:
    """Insert ``added``, unless the same is there; and raise the revision."""
    table = table_of(type(added))
    key = next(iter(table.primary_key.columns))
    values = added.model_dump()
    with database.transaction() as connection:
        _lock(connection)
        if isinstance(added, Touchpoint):
            _check_site(connection, added.site)
        found = connection.execute(select(table).where(key == values[key.name])).mappings().first()
        if found is None:
            connection.execute(insert(table).values(values))
            return True
    differing = [name for name in values if name != "added_at" and values[name] != found[name]]
    if differing:
        there = ", ".join(f"{name} {found[name]!r}" for name in differing)
        raise RegistryError(f"{table.name} {values[key.name]!r} is there already, with {there}")
    return False


def _lock(connection: Connection) -> None:
    """Raise the revision; its row also makes writers of the registry wait for each other."""
    meta = table_of(Meta)
    raised = update(meta).where(meta.c.key == _REVISION).values(value=meta.c.value + 1)
    connection.execute(raised)


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


def _map(connection: Connection, key: Column[Any], value: Column[Any]) -> dict[str, str]:
    return dict(connection.execute(select(key, value)).all())
