"""What is registered, read whole: for whoever judges many events by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, select

from broker.store.fleet_tables import DevicePlacement
from broker.store.local_time import Calendar, calendar_of
from broker.store.statements import fetch
from broker.store.tables import Device, Site, Touchpoint, table_of

_READ_REVISION: Final = "SELECT value FROM meta WHERE key = 'registry'"


@dataclass(frozen=True, slots=True)
class Registered:
    """All that is registered, as of one ``revision``.

    Attributes:
        revision: rises with each change.
        timezones: site → its time zone.
        touchpoints: touchpoint → its site.
        devices: device → its site.
        stood: device → the touchpoints where it ever stood; without those that never stood
            anywhere (:func:`broker.store.registry.add_importer`).
    """

    revision: int
    timezones: dict[str, str]
    touchpoints: dict[str, str]
    devices: dict[str, str]
    stood: dict[str, set[str]]


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
        _read_stood(connection),
    )


def _read_stood(connection: Connection) -> dict[str, set[str]]:
    """Device → where it ever stood; in a drawer is nowhere, yet it makes it no importer."""
    device, placement = table_of(Device), table_of(DevicePlacement)
    now = select(device.c.name, device.c.touchpoint).where(device.c.touchpoint.is_not(None))
    ever = select(placement.c.device, placement.c.touchpoint)
    stood: dict[str, set[str]] = {}
    for name, touchpoint in connection.execute(now.union(ever)):
        stood.setdefault(name, set()).update([touchpoint] if touchpoint is not None else ())
    return stood


def read_calendars(connection: Connection) -> dict[str, Calendar]:
    """The calendar of each site; inside a transaction."""
    site = table_of(Site)
    zones = _map(connection, site.c.code, site.c.timezone)
    return {code: calendar_of(zone) for code, zone in zones.items()}


def _map(connection: Connection, key: Column[Any], value: Column[Any]) -> dict[str, str]:
    return dict(connection.execute(select(key, value)).all())
