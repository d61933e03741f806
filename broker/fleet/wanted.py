"""What configuration each device should have now, and which of them must be made anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping, select

from broker.fleet.composing import Composer
from broker.fleet.errors import FleetError
from broker.fleet.revisions import (
    Draft,
    Revision,
    devices_outdated,
    latest_revision,
    latest_revisions,
    revision_of,
)
from broker.store.fleet_tables import DevicePlacement
from broker.store.registered import revision as registry_revision
from broker.store.tables import Device, Site, table_of
from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION

_device: Final = table_of(Device)
_placement: Final = table_of(DevicePlacement)
_site: Final = table_of(Site)


@dataclass(frozen=True, slots=True)
class Standing:
    """A device and where it stands.

    Attributes:
        touchpoint: ``None``: in a drawer.
        pinned: the revision that it is held to; ``None``: it follows its place.
        today: the day that it is there.
        is_retired: whether it is no more.
    """

    name: str
    site: str
    touchpoint: str | None
    pinned: int | None
    today: date
    is_retired: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a device should have.

    Attributes:
        configuration: of any revision; ``None``: it never had a good one.
        faults: why what is set for its place can't be used, so that it keeps what it has.
        note: what it would be made for.
    """

    configuration: Configuration | None
    note: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made, as of one revision of the registry.

    Attributes:
        due: by device.
        latest: device → the newest revision that this was compared with.
        faults: what keeps configurations from being made, with touchpoints.
    """

    registry_revision: int
    due: dict[str, Draft]
    latest: dict[str, int]
    faults: tuple[str, ...]


def plan(connection: Connection, now: datetime) -> Plan:
    """Compare what each device should have with what was made for it last."""
    seen = registry_revision(connection)
    latest, outdated = latest_revisions(connection), devices_outdated(connection)
    wisher = Wisher(connection)
    due: dict[str, Draft] = {}
    faults: dict[str, None] = {}  # a set that keeps its order
    for standing in list_standings(connection, now):
        last = latest.get(standing.name)
        wanted = wisher.wish(standing, last)
        faults |= dict.fromkeys(f"{standing.touchpoint}: {fault}" for fault in wanted.faults)
        draft = draft_for(standing, wanted, last, is_outdated=standing.name in outdated)
        if draft is not None:
            due[standing.name] = draft
    numbers = {device: each.revision for device, each in latest.items()}
    return Plan(seen, due, numbers, tuple(faults))


class Wisher:
    """Says what devices should have; for one transaction.

    Args:
        connection: of the transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._composer = Composer(connection)

    def wish(self, standing: Standing, latest: Revision | None) -> Wanted:
        """What ``standing`` should have, given the ``latest`` that was made for it.

        A device that is pinned, or whose place has faulty settings, keeps what it has; but what
        it has names the touchpoint where it stands, else its ratings would be another's. One that
        stands nowhere rests: whoever tries it at an office desk votes for no place.
        """
        if standing.touchpoint is None or standing.is_retired:
            return Wanted(self._at_rest(standing, latest), "it stands nowhere: it rests")
        if standing.pinned is not None:
            pinned = revision_of(self._connection, standing.name, standing.pinned)
            return _kept(pinned, standing.touchpoint, f"held to {standing.pinned}")
        composed = self._composer.compose(standing.touchpoint, standing.today)
        if composed.faults:
            return _kept(latest, standing.touchpoint, "moved", composed.faults)
        return Wanted(composed.configuration, "settings of its place")

    def _at_rest(self, standing: Standing, latest: Revision | None) -> Configuration | None:
        """What it had last, but that it asks nobody.

        One that got none while it stood somewhere may be asking its built-in survey: it rests with
        that. One that never stood anywhere is no kiosk.
        """
        found = None if latest is None else latest.read()
        if found is not None:
            return replace(found, is_resting=True)
        stood_at = _last_touchpoint(self._connection, standing.name)
        if stood_at is None:
            return None
        return Configuration(v=VERSION, revision=1, touchpoint=stood_at, is_resting=True)


def draft_for(
    standing: Standing, wanted: Wanted, latest: Revision | None, *, is_outdated: bool
) -> Draft | None:
    """What to make for a device; ``None`` where its latest is what is wanted.

    Args:
        standing: the device.
        wanted: what it should have.
        latest: what it got last.
        is_outdated: whether it may have a higher revision, or another of that number: then it
            would not take the latest, and gets the same under a number above.
    """
    if wanted.configuration is None:
        return None
    if not is_outdated and latest is not None and is_same(latest.read(), wanted.configuration):
        return None
    note = "above what it has: a backup was restored" if is_outdated else wanted.note
    return Draft(standing.name, wanted.configuration, note)


def list_standings(connection: Connection, now: datetime) -> list[Standing]:
    """All devices, by name."""
    query = select(_device, _site.c.timezone).join(_site, _site.c.code == _device.c.site)
    rows = connection.execute(query.order_by(_device.c.name)).mappings()
    return [_standing(row, now) for row in rows]


def find_standing(connection: Connection, device: str, now: datetime) -> Standing:
    """One device.

    Raises:
        FleetError: there is none of that name.
    """
    query = select(_device, _site.c.timezone).join(_site, _site.c.code == _device.c.site)
    row = connection.execute(query.where(_device.c.name == device)).mappings().first()
    if row is None:
        raise FleetError(f"there is no device {device!r}; 'otziv device list' shows what there is")
    return _standing(row, now)


def look(
    connection: Connection, device: str, now: datetime
) -> tuple[Standing, Wanted, Revision | None]:
    """Where a device stands, what it should have, and what was made for it last.

    Raises:
        FleetError: there is no such device.
    """
    standing = find_standing(connection, device, now)
    latest = latest_revision(connection, device)
    return standing, Wisher(connection).wish(standing, latest), latest


def standing_place(standing: Standing) -> str:
    """The touchpoint of a device in use.

    Raises:
        FleetError: it is retired, or in a drawer.
    """
    if standing.touchpoint is None or standing.is_retired:
        where = "is retired" if standing.is_retired else "is in a drawer"
        raise FleetError(f"device {standing.name!r} {where}: place one at a touchpoint first")
    return standing.touchpoint


def is_same(one: Configuration | None, other: Configuration | None) -> bool:
    """Whether a kiosk would do the same with both, whatever their revisions."""
    if one is None or other is None:
        return one is other
    return replace(one, revision=1) == replace(other, revision=1)


def kept_at(configuration: Configuration, touchpoint: str) -> Configuration:
    """An earlier configuration as a device gets it that stands at ``touchpoint`` now."""
    return replace(configuration, touchpoint=touchpoint, is_resting=False)


def _kept(
    revision: Revision | None, touchpoint: str, note: str, faults: tuple[str, ...] = ()
) -> Wanted:
    found = None if revision is None else revision.read()
    if found is None:
        return Wanted(None, note, faults)
    return Wanted(kept_at(found, touchpoint), note, faults)


def _standing(row: RowMapping, now: datetime) -> Standing:
    today = now.astimezone(ZoneInfo(row["timezone"])).date()
    retired_on = row["retired_on"]
    return Standing(
        name=row["name"],
        site=row["site"],
        touchpoint=row["touchpoint"],
        pinned=row["pinned"],
        today=today,
        is_retired=retired_on is not None and retired_on <= today,
    )


def _last_touchpoint(connection: Connection, device: str) -> str | None:
    """Where a device stood last; ``None``: it never stood anywhere."""
    is_somewhere = _placement.c.touchpoint.is_not(None)
    query = select(_placement.c.touchpoint).where(_placement.c.device == device, is_somewhere)
    newest = query.order_by(_placement.c.from_at.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none()
