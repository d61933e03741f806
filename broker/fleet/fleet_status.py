"""The fleet in a table: one row a device, with all that a list shows. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, delete, func, select

from broker.fleet.health_facts import read_published
from broker.fleet.health_rules import HEARTBEAT_LIMIT
from broker.fleet.notices import count_open
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.status import Who
from broker.store.tables import Device, DeviceStatus, Touchpoint, table_of

STRANGERS_STAY: Final = timedelta(days=7)
"""How long a stranger's last word is kept, for somebody to find a device that isn't registered."""

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
        is_online: whether it says so, and its heartbeat is fresh.
        last_seen_at: ``None``: never.
        version: of its program.
        waiting: answers in it without a receipt.
        configuration_in_use: revision, as its heartbeat says; 0 for none.
        configuration_wanted: the last published revision.
        open_notices: how many.
        certificate_expires_at: of the one in use, as far as is known.
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
    certificate_expires_at: datetime | None


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
    wanted, notices = read_published(connection), count_open(connection)
    expiries = _read_expiries(connection)
    lines = []
    for row in connection.execute(query).mappings():
        who = Who(row["site"], row["name"])
        expires_at = row["certificate_expires_at"] or expiries.get("/".join(who))
        lines.append(_line(row, wanted.get(who.device), notices.get(who, 0), expires_at, now))
    return lines


def is_online(availability: str | None, heartbeat_at: datetime | None, now: datetime) -> bool:
    """Whether a device says so *and* its heartbeat is fresh: a killed broker loses last wills."""
    is_fresh = heartbeat_at is not None and now - heartbeat_at <= HEARTBEAT_LIMIT
    return availability == "online" and is_fresh


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


def _line(
    row: RowMapping,
    wanted: int | None,
    notices: int,
    expires_at: datetime | None,
    now: datetime,
) -> DeviceLine:
    return DeviceLine(
        site=row["site"],
        device=row["name"],
        touchpoint=row["touchpoint"],
        place=row["place"] or "",
        is_retired=row["retired_on"] is not None,
        is_online=is_online(row["availability"], row["heartbeat_at"], now),
        last_seen_at=row["last_seen_at"],
        version=row["version"],
        waiting=row["waiting"],
        configuration_in_use=row["configuration"],
        configuration_wanted=wanted,
        open_notices=notices,
        certificate_expires_at=expires_at,
    )


def _read_expiries(connection: Connection) -> dict[str, datetime]:
    """Until when each device's last certificate that isn't barred holds."""
    certificate = table_of(Certificate)
    query = (
        select(certificate.c.subject, func.max(certificate.c.expires_at))
        .where(certificate.c.purpose == "device", certificate.c.revoked_at.is_(None))
        .group_by(certificate.c.subject)
    )
    return dict(connection.execute(query).all())
