"""Bringing devices to touchpoints: new ones, and those that were in the drawer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from broker.fleet.consequences import refuse_faults
from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.places import Place, local_day, put_device
from broker.store.registry import add_device
from broker.store.tables import Device, table_of


def register_device(database: Database, name: str, touchpoint: str, now: datetime) -> bool:
    """Register a device that stands at ``touchpoint``; ``False`` when that is there already.

    Raises:
        RegistryError: bad name, unknown or retired touchpoint, or the device stands elsewhere.
        FleetError: it stands nowhere, or is retired; or no kiosk could show what is set there, so
            that a new one would never work.
    """
    with database.reading() as connection:
        _refuse_put_away(connection, name, touchpoint)
    return add_device(
        database,
        name,
        touchpoint=touchpoint,
        check=lambda connection, site: refuse_faults(
            connection, Place("touchpoint", touchpoint), local_day(connection, site, now)
        ),
    )


def put_in_service(connection: Connection, device: Device, touchpoint: str, now: datetime) -> None:
    """From now on ``device`` stands at ``touchpoint``; if it was replaced, it is so no more.

    Its newest certificate would be barred a week after it was put away. Those that a rotation
    replaced end all the same, and what was revoked stays so.
    """
    put_device(connection, device.name, touchpoint, now)
    table = table_of(Certificate)
    newest = (
        select(table.c.serial)
        .where(table.c.subject == f"{device.site}/{device.name}", table.c.purpose == "device")
        .order_by(table.c.issued_at.desc(), table.c.serial.desc())
        .limit(1)
    )
    is_newest = table.c.serial == newest.scalar_subquery()
    connection.execute(
        update(table).where(is_newest, table.c.revoked_at.is_(None)).values(replaced_at=None)
    )


def _refuse_put_away(connection: Connection, name: str, touchpoint: str) -> None:
    table = table_of(Device)
    row = connection.execute(select(table).where(table.c.name == name)).mappings().first()
    if row is None:
        return
    if row["retired_on"] is not None:
        raise FleetError(f"device {name!r} was retired on {row['retired_on']}: take another name")
    if row["touchpoint"] is None:
        raise FleetError(
            f"device {name!r} is in the drawer: put it there first, with "
            f"'otziv device move {name} {touchpoint}'"
        )
