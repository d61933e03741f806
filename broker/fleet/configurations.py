"""The verbs of configurations: make them, show them, compare them, hold a device to one of them.

What a device gets is said by the settings of its place; each configuration made of them is kept
under a number of its own. :mod:`broker.fleet.publishing` tells the devices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from broker.fleet.differences import Difference, differences
from broker.fleet.errors import FleetError
from broker.fleet.revisions import (
    Draft,
    Revision,
    add_revisions,
    devices_outdated,
    get_revision,
    hold_registry,
    latest_numbers,
    revisions_of,
)
from broker.fleet.wanted import Plan, Standing, draft_for, find_standing, look, plan, standing_place
from broker.store.database import Database
from broker.store.tables import DeviceStatus, table_of
from broker.wire.presentable import advice_of

ATTEMPTS: Final = 3
"""To make configurations before the registry changes again; then the next look makes them."""

_status: Final = table_of(DeviceStatus)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh made.

    Attributes:
        made: device → its new revision.
        plan: what it was made of; ``None`` where the registry changed under our hands.
    """

    made: dict[str, int]
    plan: Plan | None


def refresh(database: Database, now: datetime) -> Refreshed:
    """Make a configuration for every device whose latest one is not what is wanted.

    Nothing is written where nothing differs. What has faults is not made: those devices keep what
    they have, and ``plan.faults`` says why. It is composed outside the transaction that writes,
    so that no writer waits for it.

    Raises:
        StoreError: the database does not answer.
    """
    for _ in range(ATTEMPTS):
        with database.reading() as connection:
            found = plan(connection, now)
        if not found.due:
            return Refreshed({}, found)
        with database.transaction() as connection:
            if hold_registry(connection) == found.registry_revision:
                return Refreshed(
                    add_revisions(connection, _still_due(connection, found), now), found
                )
    return Refreshed({}, None)


def _still_due(connection: Connection, found: Plan) -> list[Draft]:
    """What nobody else made since: two programs may refresh at once."""
    latest = latest_numbers(connection)
    return [
        draft
        for device, draft in found.due.items()
        if latest.get(device) == found.latest.get(device)
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """How it stands with a device's configuration.

    Attributes:
        touchpoint: where it stands; ``None``: in a drawer.
        in_use: the revision by its heartbeat; 0: the built-in one; ``None``: none was heard.
        heard_at: when that heartbeat came.
        latest: the newest that was made for it; ``None``: none ever.
        pinned: the revision that it is held to; ``None``: it follows its place.
        is_due: whether what it should have is not made yet.
        refusal: why the device refused one; empty: it did not.
        faults: why what is set for its place can't be used, so that it keeps what it has.
        advice: what could be better in it though nothing is broken.
        says: all that in a line for people.
    """

    device: str
    site: str
    touchpoint: str | None
    in_use: int | None
    heard_at: datetime | None
    latest: Revision | None
    pinned: int | None
    is_due: bool
    refusal: str
    faults: tuple[str, ...]
    advice: tuple[str, ...]
    says: str


def show(database: Database, device: str, now: datetime) -> Shown:
    """What a device uses, what it should have, and what keeps it from that.

    Raises:
        FleetError: there is no such device.
    """
    with database.reading() as connection:
        standing, wanted, latest = look(connection, device, now)
        is_outdated = device in devices_outdated(connection)
        in_use, heard_at, refusal = _heard(connection, standing)
    is_due = draft_for(standing, wanted, latest, is_outdated=is_outdated) is not None
    found = wanted.configuration
    return Shown(
        device=device,
        site=standing.site,
        touchpoint=standing.touchpoint,
        in_use=in_use,
        heard_at=heard_at,
        latest=latest,
        pinned=standing.pinned,
        is_due=is_due,
        refusal=refusal,
        faults=wanted.faults,
        advice=() if found is None else tuple(advice_of(found)),
        says=_say(standing, in_use, latest, refusal, is_due=is_due),
    )


def history(database: Database, device: str, now: datetime) -> list[Revision]:
    """All configurations that were made for a device, the newest first.

    Raises:
        FleetError: there is no such device.
    """
    with database.reading() as connection:
        find_standing(connection, device, now)
        return revisions_of(connection, device)


def diff(
    database: Database, device: str, now: datetime, old: int | None = None, new: int | None = None
) -> list[Difference]:
    """What differs between two configurations of a device.

    Args:
        database: where.
        device: its name.
        now: for what is wanted.
        old: a revision; ``None``: the one in use by the heartbeat. 0 has nothing in it.
        new: a revision; ``None``: what it should have now.

    Raises:
        FleetError: no such device or revision, or it has not said what it uses.
    """
    with database.reading() as connection:
        standing, wanted, latest = look(connection, device, now)
        used = old
        if used is None:
            used, _, _ = _heard(connection, standing)
        if used is None:
            raise FleetError(
                f"device {device!r} was not heard yet, so nobody knows what it uses; "
                "name two revisions ('otziv device config history' lists them)"
            )
        before = None if used == 0 else get_revision(connection, device, used).read()
        if new is not None:
            after = get_revision(connection, device, new).read()
        else:
            after = wanted.configuration or (latest.read() if latest else None)
    return differences(before, after)


def touchpoint_of(database: Database, device: str, now: datetime) -> str:
    """Where a device stands: what is set for it is set there, so that its successor has it too.

    Raises:
        FleetError: there is no such device, or it is in a drawer.
    """
    with database.reading() as connection:
        return standing_place(find_standing(connection, device, now))


def _heard(connection: Connection, standing: Standing) -> tuple[int | None, datetime | None, str]:
    """The revision in use by the last heartbeat, when that came, and what was refused."""
    query = select(_status.c.configuration, _status.c.heartbeat_at, _status.c.refusal).where(
        _status.c.site == standing.site, _status.c.device == standing.name
    )
    row = connection.execute(query).first()
    return (None, None, "") if row is None else (row[0], row[1], row[2] or "")


def _say(
    standing: Standing, in_use: int | None, latest: Revision | None, refusal: str, *, is_due: bool
) -> str:
    """In a line, how it stands: the first that holds.

    One that stands nowhere asks nobody from when it uses that; one that never got any is no kiosk.
    """
    number = None if latest is None else latest.revision
    is_heeded = latest is None or in_use == number
    states = (
        (is_due, "the fleet's process will make a new one and publish it"),
        (standing.is_retired and is_heeded, "retired: it asks nobody"),
        (standing.touchpoint is None and is_heeded, "in a drawer: it asks nobody"),
        (latest is None, "none could be made: what is set for its place has faults"),
        (bool(refusal), "refused; the last good one stays in use"),
        (in_use == number, "in use"),
        (latest is not None and latest.published_at is None, "made; to be published"),
    )
    return next((says for holds, says in states if holds), "published; not in use yet")
