"""What the dashboard shows of devices: who is there, and whether anything of theirs is missing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from analytics.dashboard.own_places import touchpoints_of
from broker.store.completeness import Completeness, completeness
from broker.store.database import Database
from broker.store.registered import read_all
from broker.store.registry import list_devices, list_touchpoints
from broker.store.status import Who, is_online
from broker.store.tables import Device, DeviceStatus, Touchpoint, table_of


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
        who: site and name as registered, or as a stranger calls itself.
        is_registered: whether it is no stranger.
        place: name of the touchpoint where it stands; ``None`` for none.
        is_test: whether that place is in test mode.
        is_machine: whether it is one; others bring in what was said by forms and in files.
        contact: ``None`` when no sign of life was ever heard of it.
        made: all events that it ever numbered.
        stored: of those, in the database.
        quarantined: of those, only in quarantine.
        missing: of those, neither: under way, waiting in the device, or lost.
        clashes: events that share their number with another one: a copied card.
    """

    who: Who
    is_registered: bool
    place: str | None
    is_test: bool
    is_machine: bool
    contact: Contact | None
    made: int
    stored: int
    quarantined: int
    missing: int
    clashes: int


def read_devices(
    database: Database, now: datetime, units: AbstractSet[str] = frozenset()
) -> list[DeviceState]:
    """All devices by name, strangers after the others; ``now`` is an aware time.

    ``units``: codes of those at whose touchpoints the devices stand that are meant; none: all.

    A name alone does not tell a device: a stranger may call itself like one of ours elsewhere.
    """
    places = {place.code: place for place in list_touchpoints(database)}
    registered = {Who(device.site, device.name): device for device in list_devices(database)}
    contacts = _contacts(database, now)
    accounts = _accounts(database, registered)
    with database.reading() as connection:
        stood = read_all(connection).stood
        own = touchpoints_of(connection, units, now) if units else None
    return [
        _state(
            who,
            is_registered=who in registered,
            is_machine=who not in registered or who.device in stood or who in contacts,
            place=places.get(registered[who].touchpoint or "") if who in registered else None,
            contact=contacts.get(who),
            accounts=accounts.get(who, []),
        )
        for who in sorted(
            _of_places({*registered, *contacts, *accounts}, registered, own),
            key=lambda who: (who not in registered, _with_numbers(who.device), who.site),
        )
    ]


def _of_places(
    known: Iterable[Who], registered: Mapping[Who, Device], own: AbstractSet[str] | None
) -> list[Who]:
    """Those of ``known`` that stand at a touchpoint of ``own``; all without any."""
    if own is None:
        return list(known)
    return [who for who in known if who in registered and registered[who].touchpoint in own]


def _state(
    who: Who,
    *,
    is_registered: bool,
    is_machine: bool,
    place: Touchpoint | None,
    contact: Contact | None,
    accounts: Sequence[Completeness],
) -> DeviceState:
    """One device; ``accounts`` are those of its streams."""
    return DeviceState(
        who,
        is_registered,
        place.name if place is not None else None,
        place is not None and place.is_test,
        is_machine,
        contact,
        made=sum(account.made for account in accounts),
        stored=sum(account.stored for account in accounts),
        quarantined=sum(account.quarantined for account in accounts),
        missing=sum(account.missing for account in accounts),
        clashes=sum(account.clashes for account in accounts),
    )


def _accounts(database: Database, registered: Iterable[Who]) -> dict[Who, list[Completeness]]:
    """Device → the accounts of its streams, which only registered devices have."""
    homes = {who.device: who for who in registered}
    found: dict[Who, list[Completeness]] = defaultdict(list)
    for account in completeness(database):
        found[homes[account.device]].append(account)
    return found


def _contacts(database: Database, now: datetime) -> dict[Who, Contact | None]:
    """Device → its last sign of life.

    What a broker says of a device (``offline``, kept for years perhaps) is none.
    """
    with database.reading() as connection:
        rows = connection.execute(select(table_of(DeviceStatus))).all()
    return {
        Who(row.site, row.device): None
        if row.last_seen_at is None
        else Contact(is_online(row.availability, row.heartbeat_at, now), row.last_seen_at)
        for row in rows
    }


def _with_numbers(name: str) -> list[tuple[str, int]]:
    """A key that sorts ``kiosk-2`` before ``kiosk-10``."""
    return [(text, int(digits or 0)) for text, digits in re.findall(r"(\D*)(\d*)", name)]
