"""Where devices stand: moving them, putting them into the drawer, retiring them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, select, update

from broker.fleet.consequences import refuse_new_faults
from broker.fleet.errors import FleetError
from broker.fleet.places import find_place
from broker.fleet.placing import put_in_service
from broker.fleet.seen import Seen
from broker.store.database import Database
from broker.store.places import local_day, put_device
from broker.store.registry import raise_revision
from broker.store.tables import Device, table_of


def move_device(
    database: Database,
    name: str,
    touchpoint: str | None,
    *,
    now: datetime,
    seen: Seen | None = None,
) -> None:
    """From now on ``name`` stands at ``touchpoint``; ``None``: in the drawer.

    Ratings keep the touchpoint at which they were given. One that was replaced and is in service
    again is not barred for that any more.

    Raises:
        FleetError: an unknown or retired device or touchpoint, another site's, or one whose
            settings no kiosk could show.
        ChangedError: it stands somewhere else than was ``seen``.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        device = _find_device(connection, name)
        if seen is not None:
            seen.check(f"the place of device {name}", device.touchpoint)
        today = local_day(connection, device.site, now)
        if touchpoint is None:
            put_device(connection, name, None, now)
            return
        _check_touchpoint(connection, device, touchpoint, today)
        put_in_service(connection, device, touchpoint, now)
        place = find_place(connection, touchpoint, "touchpoint").place
        refuse_new_faults(database, connection, [place], today)


def retire_device(database: Database, name: str, *, now: datetime) -> date:
    """Retire a device for good; its name is never used again.

    What its outbox still holds is taken if it comes. Its certificates are barred apart from this.

    Returns:
        The first day on which it is no more: today.

    Raises:
        FleetError: it is unknown, or retired already.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        device = _find_device(connection, name)
        today = local_day(connection, device.site, now)
        put_device(connection, name, None, now)
        table = table_of(Device)
        connection.execute(
            update(table).where(table.c.name == name).values(retired_on=today, pinned=None)
        )
    return today


def _find_device(connection: Connection, name: str) -> Device:
    table = table_of(Device)
    row = connection.execute(select(table).where(table.c.name == name)).mappings().first()
    if row is None:
        raise FleetError(f"there is no device {name!r}: 'otziv device list' shows what there is")
    if row["retired_on"] is not None:
        raise FleetError(
            f"device {name} is retired since {row['retired_on']}; add it anew under another name"
        )
    return Device(**row)


def _check_touchpoint(connection: Connection, device: Device, code: str, today: date) -> None:
    entry = find_place(connection, code, "touchpoint")
    if not entry.is_there(today):
        raise FleetError(f"{entry.place} is retired from {entry.retired_on} on: name one in use")
    if entry.site != device.site:
        raise FleetError(
            f"{entry.place} is of {entry.site}, and device {device.name} of {device.site}: its "
            "certificate and its topics name the site. Enrol a device of that site instead"
        )
