"""One device takes over another one's place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from broker.fleet.certificates import bar, lock_device, mark_replaced
from broker.fleet.codes import end_codes
from broker.fleet.consequences import refuse_faults
from broker.fleet.errors import FleetError
from broker.fleet.placing import put_in_service
from broker.fleet.seen import Seen
from broker.store.database import Database
from broker.store.places import Place, local_day, put_device
from broker.store.registry import raise_revision
from broker.store.tables import Device, table_of
from broker.wire.topics import NAME_PATTERN, is_name


@dataclass(frozen=True, slots=True)
class Replaced:
    """What :func:`replace` did.

    Attributes:
        touchpoint: where the new device stands now.
        revoked: serials of the old one that were revoked: none, unless it was to be barred.
    """

    touchpoint: str
    revoked: tuple[str, ...]


def replace(
    database: Database,
    old: str,
    new: str,
    now: datetime,
    *,
    is_barred: bool = False,
    seen: Seen | None = None,
) -> Replaced:
    """Device ``new`` takes over the touchpoint of ``old``, which goes into the drawer.

    ``new`` is registered where it is unknown; enrol it after that. ``old`` is let in for another
    week, so that its outbox can empty, and is barred then; at once if ``is_barred``, which cuts off
    what it still holds.

    Raises:
        FleetError: ``old`` is unknown or in the drawer; ``new`` stands elsewhere, is retired, of
            another site, or has no name for a device; or no kiosk could show what is set there.
        ChangedError: ``old`` stands somewhere else than was ``seen``.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        lock_device(connection, old)
        leaving = _find(connection, old)
        if leaving is None or leaving.touchpoint is None:
            raise FleetError(f"device {old!r} stands nowhere: 'otziv device list' shows what does")
        if seen is not None:
            seen.check(f"the place of device {old}", leaving.touchpoint)
        coming = _admit(connection, new, leaving, now)
        put_device(connection, old, None, now)
        put_in_service(connection, coming, leaving.touchpoint, now)
        today = local_day(connection, leaving.site, now)
        refuse_faults(connection, Place("touchpoint", leaving.touchpoint), today)
        if is_barred:
            revoked = bar(connection, old, f"replaced by {new}", now)
            return Replaced(leaving.touchpoint, tuple(revoked))
        end_codes(connection, old, now)
        mark_replaced(connection, f"{leaving.site}/{old}", now)
    return Replaced(leaving.touchpoint, ())


def _admit(connection: Connection, new: str, leaving: Device, now: datetime) -> Device:
    """See that ``new`` may stand there, and register it where it is unknown."""
    coming = _find(connection, new)
    if coming is None:
        if not is_name(new):
            raise FleetError(
                f"device {new!r}: use 2 to 31 small Latin letters, digits and hyphens "
                f"({NAME_PATTERN})"
            )
        made = Device(name=new, site=leaving.site, touchpoint=None, added_at=now)
        connection.execute(insert(table_of(Device)).values(made.model_dump()))
        return made
    if coming.retired_on is not None or coming.site != leaving.site:
        raise FleetError(
            f"device {new!r} is retired, or of another site than {leaving.site}: take another"
        )
    if coming.touchpoint not in (None, leaving.touchpoint) or new == leaving.name:
        raise FleetError(
            f"device {new!r} stands at {coming.touchpoint}: put it into the drawer first"
        )
    return coming


def _find(connection: Connection, name: str) -> Device | None:
    table = table_of(Device)
    row = connection.execute(select(table).where(table.c.name == name)).mappings().first()
    return None if row is None else Device(**row)
