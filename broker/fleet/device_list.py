"""Devices with their certificates and codes, as the administrator sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, select

from broker.fleet.codes import is_alive
from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.fleet_tables import Certificate, Enrolment
from broker.store.tables import Device, table_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A device and how it proves who it is.

    Attributes:
        site, device, touchpoint, retired_on: as registered.
        standing: of its newest certificate; ``none``: it was never enrolled.
        serial, expires_at: of that certificate.
        code_expires_at: until when a code for it can be used; ``None`` where none can.
    """

    site: str
    device: str
    touchpoint: str | None
    retired_on: date | None
    standing: Literal["none", "good", "revoked", "expired"]
    serial: str | None
    expires_at: datetime | None
    code_expires_at: datetime | None


def list_identities(database: Database, now: datetime) -> list[Listed]:
    """All devices, by name."""
    device = table_of(Device)
    with database.reading() as connection:
        newest = _newest(connection)
        codes = _codes(connection, now)
        found = connection.execute(select(device).order_by("name")).mappings().all()
    return [_listed(row, newest, codes, now) for row in found]


def show_identity(database: Database, name: str, now: datetime) -> tuple[Listed, list[Certificate]]:
    """A device, and all certificates that it ever had, oldest first.

    Raises:
        FleetError: there is no such device.
    """
    listed = {each.device: each for each in list_identities(database, now)}
    if name not in listed:
        raise FleetError(f"there is no device {name!r}: 'otziv device list' has them all")
    table = table_of(Certificate)
    mine = table.c.subject == f"{listed[name].site}/{name}"
    with database.reading() as connection:
        rows = connection.execute(select(table).where(mine).order_by("issued_at", "serial"))
        return listed[name], [Certificate(**row) for row in rows.mappings()]


def _newest(connection: Connection) -> dict[str, RowMapping]:
    """Each subject's newest certificate."""
    table = table_of(Certificate)
    columns = (table.c.subject, table.c.serial, table.c.expires_at, table.c.revoked_at)
    query = select(*columns).where(table.c.purpose == "device").order_by("issued_at", "serial")
    return {row["subject"]: row for row in connection.execute(query).mappings()}


def _codes(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Until when each device can be enrolled by a code that is out."""
    table = table_of(Enrolment)
    query = select(table).where(table.c.used_at.is_(None), table.c.ended_at.is_(None))
    rows = connection.execute(query).mappings()
    return {row["device"]: row["expires_at"] for row in rows if is_alive(row, now)}


def _listed(
    row: RowMapping, newest: dict[str, RowMapping], codes: dict[str, datetime], now: datetime
) -> Listed:
    has = newest.get(f"{row['site']}/{row['name']}")
    return Listed(
        site=row["site"],
        device=row["name"],
        touchpoint=row["touchpoint"],
        retired_on=row["retired_on"],
        standing=_standing(has, now),
        serial=has["serial"] if has else None,
        expires_at=has["expires_at"] if has else None,
        code_expires_at=codes.get(row["name"]),
    )


def _standing(
    certificate: RowMapping | None, now: datetime
) -> Literal["none", "good", "revoked", "expired"]:
    if certificate is None:
        return "none"
    if certificate["revoked_at"] is not None:
        return "revoked"
    return "good" if now < certificate["expires_at"] else "expired"
