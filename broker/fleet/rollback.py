"""Holding a device to an earlier configuration, and letting go of it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, update

from broker.fleet.differences import Difference, differences
from broker.fleet.errors import FleetError
from broker.fleet.revisions import (
    Revision,
    add_revisions,
    devices_outdated,
    get_revision,
    revisions_of,
)
from broker.fleet.wanted import (
    Standing,
    draft_for,
    find_standing,
    is_same,
    kept_at,
    look,
    standing_place,
)
from broker.store.database import Database
from broker.store.registry import raise_revision
from broker.store.tables import Device, table_of
from broker.wire.configuration import Configuration
from broker.wire.presentable import faults_of

_device: Final = table_of(Device)


@dataclass(frozen=True, slots=True)
class Turned:
    """What became of a device's configuration.

    Attributes:
        to: the earlier revision that it is held to; ``None``: it follows its place.
        made: its new revision; ``None``: what it has is that already.
        changed: what is different for it.
        faults: why it can't get what is set for its place.
    """

    device: str
    to: int | None
    made: int | None
    changed: tuple[Difference, ...]
    faults: tuple[str, ...] = ()


def roll_back(database: Database, device: str, now: datetime, to: int | None = None) -> Turned:
    """Hold a device to what an earlier revision said, until :func:`follow`.

    It gets that under a new number, since kiosks take only higher ones, and with the touchpoint
    where it stands now.

    Args:
        database: where.
        device: its name.
        now: when it is made.
        to: one of its revisions; ``None``: the newest before what it has that says something else
            for where it stands now.

    Raises:
        FleetError: no such device or revision, or that can't be used any more.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        standing = find_standing(connection, device, now)
        target = _target(connection, standing, to)
        return _turn(connection, standing, target.revision, now)


def follow(database: Database, device: str, now: datetime) -> Turned:
    """Let a device that was held to a revision follow its place again.

    Raises:
        FleetError: there is no such device.
    """
    with database.transaction() as connection:
        raise_revision(connection)
        return _turn(connection, find_standing(connection, device, now), None, now)


def _turn(connection: Connection, standing: Standing, to: int | None, now: datetime) -> Turned:
    """Pin or unpin, and make what follows from it, in the caller's transaction."""
    device = standing.name
    connection.execute(update(_device).where(_device.c.name == device).values(pinned=to))
    standing, wanted, latest = look(connection, device, now)
    is_outdated = device in devices_outdated(connection)
    draft = draft_for(standing, wanted, latest, is_outdated=is_outdated)
    made = {} if draft is None else add_revisions(connection, [draft], now)
    had = None if latest is None else latest.read()
    changed = differences(had, wanted.configuration) if made else []
    return Turned(device, to, made.get(device), tuple(changed), wanted.faults)


def _target(connection: Connection, standing: Standing, to: int | None) -> Revision:
    """The revision to go back to, which a kiosk can still use where ``standing`` is."""
    touchpoint = standing_place(standing)
    if to is None:
        found = _one_before(connection, standing, touchpoint)
    else:
        found = get_revision(connection, standing.name, to)
    faults = _faults_of(found.read())
    if faults:
        raise FleetError(
            f"revision {found.revision} can't be used at {touchpoint} any more: "
            f"{'; '.join(faults)}; name another one"
        )
    return found


def _faults_of(content: Configuration | None) -> list[str]:
    """Why nothing can be held to it."""
    if content is None:
        return ["this program can't read it"]
    if content.is_resting:
        return ["it is of a time when the device stood nowhere, and asks nobody"]
    return faults_of(content)


def _one_before(connection: Connection, standing: Standing, touchpoint: str) -> Revision:
    """The newest before what it has by which something would change at ``touchpoint``."""
    made = revisions_of(connection, standing.name)
    number = standing.pinned or max((each.revision for each in made), default=0)
    had = next((_seen_at(each, touchpoint) for each in made if each.revision == number), None)
    for each in made:
        is_other = not is_same(_seen_at(each, touchpoint), had)
        if each.revision < number and is_other and not _is_resting(each):
            return each
    raise FleetError(
        f"device {standing.name!r} had no other configuration before; "
        "'otziv device config history' lists what it had"
    )


def _seen_at(revision: Revision, touchpoint: str) -> Configuration | None:
    """What a revision would say to the device where it stands now."""
    content = revision.read()
    return None if content is None else kept_at(content, touchpoint)


def _is_resting(revision: Revision) -> bool:
    content = revision.read()
    return content is not None and content.is_resting
