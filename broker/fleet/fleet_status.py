"""The fleet in a table: one row a device, with all that a list shows. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, and_, delete, select

from broker.fleet.certificates import REPLACED_LASTS, list_certificates
from broker.fleet.codes import is_alive
from broker.fleet.errors import FleetError
from broker.fleet.health_facts import read_published
from broker.fleet.notices import count_open
from broker.store.database import Database
from broker.store.fleet_tables import Certificate, Enrolment
from broker.store.status import Who, is_online
from broker.store.tables import Device, DeviceStatus, Touchpoint, table_of

STRANGERS_STAY: Final = timedelta(days=7)
"""How long a stranger's last word is kept, for somebody to find a device that isn't registered."""

Standing: TypeAlias = Literal["none", "good", "revoked", "expired"]
"""Of a device's newest certificate; ``none``: it was never enrolled."""

_device: Final = table_of(Device)
_status: Final = table_of(DeviceStatus)


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device as lists show it.

    Attributes:
        site, device: who.
        touchpoint: code of where it stands; ``None``: in a drawer.
        place: that place's name; empty for none.
        is_retired: whether it has gone for good.
        is_online: whether it says so, its heartbeat is fresh, and it is not barred.
        last_seen_at: ``None``: never.
        version: of its program.
        waiting: answers in it without a receipt.
        configuration_in_use: revision, as its heartbeat says; 0 for none.
        configuration_wanted: the last published revision.
        open_notices: how many.
        standing, serial, expires_at: of its newest certificate.
        ends_at: when that will be barred, since the device was replaced; ``None``: it was not.
        code_expires_at: until when a code for it can be used; ``None`` where none can.
    """

    site: str
    device: str
    touchpoint: str | None
    place: str
    is_retired: bool
    is_online: bool
    last_seen_at: datetime | None
    version: str | None
    waiting: int | None
    configuration_in_use: int | None
    configuration_wanted: int | None
    open_notices: int
    standing: Standing
    serial: str | None
    expires_at: datetime | None
    ends_at: datetime | None
    code_expires_at: datetime | None


def fleet_status(connection: Connection, now: datetime) -> list[DeviceLine]:
    """All registered devices, by name; inside a transaction."""
    touchpoint = table_of(Touchpoint)
    query = (
        select(_device, touchpoint.c.name.label("place"))
        .add_columns(*(column for column in _status.c if column.name not in {"site", "device"}))
        .outerjoin(touchpoint, touchpoint.c.code == _device.c.touchpoint)
        .outerjoin(
            _status, and_(_status.c.device == _device.c.name, _status.c.site == _device.c.site)
        )
        .order_by(_device.c.name)
    )
    rows = connection.execute(query).mappings().all()
    known = _Known(
        wanted=read_published(connection),
        notices=count_open(connection),
        newest=_read_newest(connection),
        codes=_read_codes(connection, now),
    )
    return [_line(row, known, now) for row in rows]


def show_device(
    database: Database, name: str, now: datetime
) -> tuple[DeviceLine, list[Certificate]]:
    """A device, and all certificates that it ever had, oldest first.

    Raises:
        FleetError: there is no such device.
    """
    with database.reading() as connection:
        found = [each for each in fleet_status(connection, now) if each.device == name]
    if not found:
        raise FleetError(f"there is no device {name!r}: 'otziv device list' has them all")
    return found[0], list_certificates(database, f"{found[0].site}/{name}")


def said_of(last_seen_at: datetime | None) -> str:
    """When a device was last seen, in words."""
    if last_seen_at is None:
        return "it was never seen"
    return f"last seen {last_seen_at:%Y-%m-%d %H:%M:%S} UTC"


def forget_strangers(database: Database, before: datetime) -> int:
    """Delete what was last heard, ``before`` some time, of devices that aren't registered."""
    is_known = (
        select(_device.c.name)
        .where(_device.c.name == _status.c.device, _device.c.site == _status.c.site)
        .exists()
    )
    heard_at = (_status.c.last_seen_at, _status.c.availability_at, _status.c.heartbeat_at)
    is_old = and_(*((at.is_(None)) | (at < before) for at in heard_at))
    with database.transaction() as connection:
        return connection.execute(delete(_status).where(~is_known, is_old)).rowcount


@dataclass(frozen=True, slots=True)
class _Known:
    """What other tables know of devices: by name, by who they are, by subject, by name."""

    wanted: dict[str, int]
    notices: dict[Who, int]
    newest: dict[str, RowMapping]
    codes: dict[str, datetime]


def _line(row: RowMapping, known: _Known, now: datetime) -> DeviceLine:
    who = Who(row["site"], row["name"])
    certificate = known.newest.get("/".join(who))
    # NATS does not say the last will of a client that another one of its name replaced.
    is_out = certificate is not None and certificate["enforced_at"] is not None
    return DeviceLine(
        site=who.site,
        device=who.device,
        touchpoint=row["touchpoint"],
        place=row["place"] or "",
        is_retired=row["retired_on"] is not None,
        is_online=is_online(row["availability"], row["heartbeat_at"], now) and not is_out,
        last_seen_at=row["last_seen_at"],
        version=row["version"],
        waiting=row["waiting"],
        configuration_in_use=row["configuration"],
        configuration_wanted=known.wanted.get(who.device),
        open_notices=known.notices.get(who, 0),
        standing=_standing(certificate, now),
        serial=certificate["serial"] if certificate else None,
        expires_at=certificate["expires_at"] if certificate else None,
        ends_at=_ends_at(certificate),
        code_expires_at=known.codes.get(who.device) if row["retired_on"] is None else None,
    )


def _standing(certificate: RowMapping | None, now: datetime) -> Standing:
    if certificate is None:
        return "none"
    if certificate["revoked_at"] is not None:
        return "revoked"
    return "good" if now < certificate["expires_at"] else "expired"


def _ends_at(certificate: RowMapping | None) -> datetime | None:
    if certificate is None or certificate["revoked_at"] or certificate["replaced_at"] is None:
        return None
    end: datetime = certificate["replaced_at"] + REPLACED_LASTS
    return end


def _read_newest(connection: Connection) -> dict[str, RowMapping]:
    """Each subject's newest certificate."""
    table = table_of(Certificate)
    ends = (table.c.expires_at, table.c.replaced_at, table.c.revoked_at, table.c.enforced_at)
    query = (
        select(table.c.subject, table.c.serial, *ends)
        .where(table.c.purpose == "device")
        .order_by("issued_at", "serial")
    )
    return {row["subject"]: row for row in connection.execute(query).mappings()}


def _read_codes(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Until when each device can be enrolled by a code that is out."""
    table = table_of(Enrolment)
    query = select(table).where(table.c.used_at.is_(None), table.c.ended_at.is_(None))
    rows = connection.execute(query).mappings()
    return {row["device"]: row["expires_at"] for row in rows if is_alive(row, now)}
