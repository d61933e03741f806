"""What the dashboard shows of devices: who is there, and whether anything of theirs is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from broker.store.completeness import Completeness, completeness
from broker.store.database import Database
from broker.store.registry import list_devices, list_touchpoints
from broker.store.tables import DeviceStatus, table_of

HEARTBEAT_LIMIT: Final = timedelta(seconds=150)
"""Two heartbeats and a half: a killed broker loses the last will, so ``online`` is but a hint."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What was last heard of a device.

    Attributes:
        is_online: whether it says so, and its last heartbeat is not too old.
        last_seen_at: when anything was heard.
    """

    is_online: bool
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceState:
    """One device: where it is, and what became of the events that it made.

    Attributes:
        name: as registered, or as a stranger calls itself.
        is_registered: whether it is no stranger.
        place: name of the touchpoint where it stands; ``None`` for none.
        contact: ``None`` when nothing was ever heard of it.
        made: all events that it ever numbered.
        stored: of those, in the database.
        quarantined: of those, only in quarantine.
        missing: of those, neither: under way, waiting in the device, or lost.
    """

    name: str
    is_registered: bool
    place: str | None
    contact: Contact | None
    made: int
    stored: int
    quarantined: int
    missing: int


def read_devices(database: Database, now: datetime) -> list[DeviceState]:
    """All devices by name, strangers included; ``now`` is an aware time."""
    places = {place.code: place.name for place in list_touchpoints(database)}
    registered = {device.name: device.touchpoint for device in list_devices(database)}
    contacts = _contacts(database, now)
    accounts = completeness(database)
    names = {*registered, *contacts, *(account.device for account in accounts)}
    return [
        _state(
            name,
            is_registered=name in registered,
            place=places.get(registered.get(name) or ""),
            contact=contacts.get(name),
            accounts=[account for account in accounts if account.device == name],
        )
        for name in sorted(names, key=_with_numbers)
    ]


def _state(
    name: str,
    *,
    is_registered: bool,
    place: str | None,
    contact: Contact | None,
    accounts: Sequence[Completeness],
) -> DeviceState:
    """One device; ``accounts`` are those of its streams."""
    return DeviceState(
        name,
        is_registered,
        place,
        contact,
        made=sum(account.made for account in accounts),
        stored=sum(account.stored for account in accounts),
        quarantined=sum(account.quarantined for account in accounts),
        missing=sum(account.missing for account in accounts),
    )


def _contacts(database: Database, now: datetime) -> dict[str, Contact]:
    """Device → what was last heard of it."""
    with database.reading() as connection:
        rows = connection.execute(select(table_of(DeviceStatus))).all()
    return {
        row.device: Contact(_is_online(row.availability, row.heartbeat_at, now), row.last_seen_at)
        for row in rows
    }


def _is_online(availability: str | None, heartbeat_at: datetime | None, now: datetime) -> bool:
    """Whether a device is there: it says so, and its last heartbeat is not too old."""
    if availability != "online" or heartbeat_at is None:
        return False
    return now - heartbeat_at <= HEARTBEAT_LIMIT


def _with_numbers(name: str) -> list[tuple[str, int]]:
    """A key that sorts ``kiosk-2`` before ``kiosk-10``."""
    return [(text, int(digits or 0)) for text, digits in re.findall(r"(\D*)(\d*)", name)]
