"""What a change of a setting would do, told before it is made: which devices get what.

The change is made in a transaction and taken back, so that what is told is what would be; whoever
makes it then meets the same rules again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from broker.fleet.composing import Composer
from broker.fleet.differences import Difference, differences
from broker.fleet.place_changes import Change, Entered, enter
from broker.fleet.places import find_place
from broker.store.database import Database
from broker.store.places import local_day, touchpoints_under
from broker.store.tables import Device, table_of
from broker.wire.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Effect:
    """What a device would get.

    Attributes:
        is_held: it is held to an earlier configuration, and takes this up when let go.
        differences: from what is set for its place now.
    """

    device: str
    touchpoint: str
    is_held: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do.

    Attributes:
        effects: on the devices whose configuration would be another.
        unaffected: how many devices stand below, and would keep what they have.
    """

    change: Change
    effects: tuple[Effect, ...]
    unaffected: int


def preview_setting(database: Database, entered: Entered, now: datetime) -> Preview:
    """What it would do to enter a setting; nothing is changed.

    Raises:
        FleetError: it would be refused.
    """
    with database.transaction() as connection:
        undone = connection.begin_nested()
        before = _composed(connection, entered, now)
        change = enter(database, connection, entered, now)
        after = _composed(connection, entered, now)
        undone.rollback()
    effects = [
        Effect(device, touchpoint, is_held, tuple(differences(before[device][2], made)))
        for device, (touchpoint, is_held, made) in after.items()
    ]
    changed = tuple(each for each in effects if each.differences)
    return Preview(change, changed, len(effects) - len(changed))


def _composed(
    connection: Connection, entered: Entered, now: datetime
) -> dict[str, tuple[str, bool, Configuration | None]]:
    """Device at or below the place → touchpoint, whether it is held, what is set for it."""
    entry = find_place(connection, entered.code, entered.kind)
    today = local_day(connection, entry.site, now)
    day: date = max(entered.from_on or today, today)
    below = touchpoints_under(connection, *entry.place, day)
    device, composer = table_of(Device), Composer(connection)
    query = (
        select(device.c.name, device.c.touchpoint, device.c.pinned)
        .where(device.c.touchpoint.in_(below), device.c.retired_on.is_(None))
        .order_by(device.c.name)
    )
    return {
        name: (at, pinned is not None, composer.compose(at, day).configuration)
        for name, at, pinned in connection.execute(query)
    }
