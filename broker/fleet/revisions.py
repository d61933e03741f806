"""The configurations that were made for devices: rows of ``device_configuration``.

Revisions rise over the whole installation, and a kiosk takes only a higher one than it has. After
the database was restored from a backup a kiosk may have one that we know nothing of. So a restore
leaves a gap in the numbers, above which every device gets its configuration anew; and the next
revision is above whatever a heartbeat tells, within reason.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection, Select, and_, delete, func, insert, not_, select, update

from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.fleet_tables import DeviceConfiguration
from broker.store.registry import raise_revision
from broker.store.tables import Device, DeviceStatus, Meta, table_of
from broker.wire.codec import read, write
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError

LEAP: Final = 1_000_000
"""How far above ours a revision in a heartbeat is believed. More than any backup is behind; and a
device that lies can't use up the numbers, which all devices share."""

GAP: Final = 10_000
GAP_PER_MINUTE: Final = 10
"""How many numbers a restore leaves out, and how many more for each minute since the backup: more
than were made meanwhile, and the same backup restored an hour later begins higher. At most half of
what is believed, so that a kiosk of after the restore is heeded by a database of before."""

_FLOOR: Final = "configuration-floor"
"""What ``meta`` calls the number above which revisions are made since the last restore."""

_made: Final = table_of(DeviceConfiguration)
_device: Final = table_of(Device)
_meta: Final = table_of(Meta)
_status: Final = table_of(DeviceStatus)


@dataclass(frozen=True, slots=True)
class Revision:
    """A configuration made for a device.

    Attributes:
        note: what it was made for.
        content: JSON, as it is published.
        published_at: when it was handed to the broker; ``None``: not yet.
    """

    revision: int
    device: str
    note: str
    content: str
    made_at: datetime
    published_at: datetime | None

    def read(self) -> Configuration | None:
        """The configuration; ``None`` where an earlier program wrote what this one can't read."""
        try:
            return read(self.content.encode(), Configuration)
        except WireError:
            return None


@dataclass(frozen=True, slots=True)
class Draft:
    """A configuration that ``device`` shall get, of no number yet."""

    device: str
    content: Configuration
    note: str


def revisions_of(connection: Connection, device: str) -> list[Revision]:
    """All that were made for ``device``, the newest first."""
    query = select(_made).where(_made.c.device == device).order_by(_made.c.revision.desc())
    return [Revision(**row) for row in connection.execute(query).mappings()]


def revision_of(connection: Connection, device: str, number: int) -> Revision | None:
    """That of ``device`` with this number; ``None`` where it never got such a one."""
    query = select(_made).where(_made.c.device == device, _made.c.revision == number)
    row = connection.execute(query).mappings().first()
    return None if row is None else Revision(**row)


def get_revision(connection: Connection, device: str, number: int) -> Revision:
    """The same.

    Raises:
        FleetError: it never got such a one.
    """
    found = revision_of(connection, device, number)
    if found is None:
        raise FleetError(
            f"device {device!r} never got revision {number}; "
            "'otziv device config history' lists what it had"
        )
    return found


def latest_revision(connection: Connection, device: str) -> Revision | None:
    """The newest that was made for ``device``."""
    query = select(_made).where(_made.c.device == device).order_by(_made.c.revision.desc())
    row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else Revision(**row)


def latest_revisions(connection: Connection) -> dict[str, Revision]:
    """Device → the newest that was made for it."""
    newest = select(func.max(_made.c.revision)).group_by(_made.c.device)
    rows = connection.execute(select(_made).where(_made.c.revision.in_(newest))).mappings()
    return {row["device"]: Revision(**row) for row in rows}


def latest_numbers(connection: Connection) -> dict[str, int]:
    """Device → the number of the newest that was made for it."""
    query = select(_made.c.device, func.max(_made.c.revision)).group_by(_made.c.device)
    return dict(connection.execute(query).all())


def contents_of(connection: Connection, revisions: Collection[int]) -> dict[int, bytes]:
    """Revision → its content, as it is published; of a handful of revisions at a time."""
    query = select(_made.c.revision, _made.c.content).where(_made.c.revision.in_(revisions))
    return {number: content.encode() for number, content in connection.execute(query)}


def add_revisions(connection: Connection, made: Sequence[Draft], now: datetime) -> dict[str, int]:
    """Keep ``made`` under the next numbers; the registry must be locked.

    Returns:
        Device → the number.
    """
    first = _next_number(connection)
    rows = [
        {
            "revision": number,
            "device": draft.device,
            "content": write(replace(draft.content, revision=number)).decode(),
            "note": draft.note,
            "made_at": now,
        }
        for number, draft in enumerate(made, first)
    ]
    if rows:
        connection.execute(insert(_made), rows)
    return {draft.device: number for number, draft in enumerate(made, first)}


def note_published(connection: Connection, revisions: Collection[int], now: datetime) -> None:
    """Note when ``revisions`` were handed to the broker for the first time."""
    is_new = and_(_made.c.revision.in_(revisions), _made.c.published_at.is_(None))
    connection.execute(update(_made).where(is_new).values(published_at=now))


def forget_revisions(database: Database, keep: int) -> int:
    """Delete all but the newest ``keep`` of each device, those in use and held to; how many."""
    place = func.row_number().over(partition_by=_made.c.device, order_by=_made.c.revision.desc())
    placed = select(_made.c.revision, place.label("place")).subquery()
    is_old = _made.c.revision.in_(select(placed.c.revision).where(placed.c.place > keep))
    pinned = select(_device.c.pinned).where(_device.c.pinned.is_not(None))
    in_use = select(_status.c.configuration).where(_status.c.configuration.is_not(None))
    is_wanted = _made.c.revision.in_(pinned.union(in_use))
    with database.transaction() as connection:
        return connection.execute(delete(_made).where(is_old, not_(is_wanted))).rowcount


def hold_registry(connection: Connection) -> int:
    """Keep writers of the registry waiting until the transaction ends; its revision."""
    query = select(_meta.c.value).where(_meta.c.key == "registry").with_for_update()
    return int(connection.execute(query).scalar_one())


def devices_ahead(connection: Connection) -> dict[str, int]:
    """Device → the revision in its heartbeat, where that is above all that we made for it.

    Those were made before a backup was restored. Unbelievable ones are left out.
    """
    newest = select(func.max(_made.c.revision)).where(_made.c.device == _device.c.name)
    query = _claims(connection).where(
        _status.c.configuration > func.coalesce(newest.scalar_subquery(), 0)
    )
    return dict(connection.execute(query).all())


def devices_outdated(connection: Connection) -> set[str]:
    """Devices that may have a higher number than the newest that we made for them, or the same
    with another content: who is ahead, and whose newest is from before a restore.
    """
    floor = _floor(connection)
    before = {name for name, number in latest_numbers(connection).items() if number <= floor}
    return before | devices_ahead(connection).keys()


def leave_gap(database: Database, made_at: datetime, now: datetime) -> int:
    """Make no number again that was made between a backup and its restore; the next number.

    Args:
        database: just restored.
        made_at: when the backup was made.
        now: the time.
    """
    minutes = max(now - made_at, timedelta()) // timedelta(minutes=1)
    gap = min(GAP + GAP_PER_MINUTE * minutes, LEAP // 2)
    with database.transaction() as connection:
        raise_revision(connection)
        floor = _greatest(connection) + gap
        connection.execute(delete(_meta).where(_meta.c.key == _FLOOR))
        connection.execute(insert(_meta).values(key=_FLOOR, value=floor))
    return floor + 1


def _next_number(connection: Connection) -> int:
    claimed = (number for _, number in connection.execute(_claims(connection)))
    return max(_greatest(connection), *claimed, 0) + 1


def _claims(connection: Connection) -> Select[str, int]:
    """Registered devices with the revision that each says it uses, where that can be believed."""
    heard = and_(_status.c.site == _device.c.site, _status.c.device == _device.c.name)
    return (
        select(_device.c.name, _status.c.configuration)
        .join(_status, heard)
        .where(_status.c.configuration <= _greatest(connection) + LEAP)
    )


def _greatest(connection: Connection) -> int:
    made = connection.execute(select(func.max(_made.c.revision))).scalar_one() or 0
    return max(made, _floor(connection))


def _floor(connection: Connection) -> int:
    query = select(_meta.c.value).where(_meta.c.key == _FLOOR)
    return connection.execute(query).scalar() or 0
