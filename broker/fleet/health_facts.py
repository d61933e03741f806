"""What is known of each device at a moment, read for :mod:`broker.fleet.health_rules`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, and_, func, select

from broker.fleet.health_rules import ALARM_HOLDS, CERTIFICATE_LIFE, Beat
from broker.store.completeness import Completeness
from broker.store.flag_reasons import ALARMS
from broker.store.fleet_tables import Certificate, DeviceConfiguration
from broker.store.status import Who
from broker.store.tables import Device, DeviceStatus, Event, Flag, Touchpoint, table_of
from broker.wire.codec import read
from broker.wire.configuration import Configuration, OpeningHours, WeeklyHours
from broker.wire.errors import WireError
from broker.wire.opening import is_open

SLACK: Final = timedelta(minutes=15)
"""So long after opening a device may still be off: somebody has to switch it on."""

OFFICE_HOURS: Final = OpeningHours(
    weekly=(WeeklyHours(days=(1, 2, 3, 4, 5), opens_at="09:00", closes_at="16:00"),)
)
"""When a device ought to be on where nobody set opening hours: many halls are without power at
night."""

_device: Final = table_of(Device)
_status: Final = table_of(DeviceStatus)
_made: Final = table_of(DeviceConfiguration)
_certificate: Final = table_of(Certificate)


@dataclass(frozen=True, slots=True)
class Hall:
    """When a place is open; ``is_known``: it was said so, not assumed."""

    opening: OpeningHours
    zone: ZoneInfo
    is_known: bool

    def is_open(self, at: datetime) -> bool:
        """Whether it is open."""
        return is_open(self.opening, self.zone, at)

    def needs_device(self, at: datetime) -> bool:
        """Whether it has been open for long enough that its device ought to be on."""
        return self.is_open(at) and self.is_open(at - SLACK)


ASSUMED: Final = Hall(OFFICE_HOURS, ZoneInfo("Europe/Sofia"), is_known=False)


@dataclass(frozen=True, slots=True)
class Unit:
    """A device that stands somewhere, and what is stored of it.

    Attributes:
        who: its site and name.
        touchpoint: where it stands.
        is_test: whether that is in test mode.
        beat: its last heartbeat.
        published: the last published revision of its configuration.
        certificate: when the one in use was issued, and until when it holds.
    """

    who: Who
    touchpoint: str
    is_test: bool
    beat: Beat | None
    published: int | None
    certificate: tuple[datetime, datetime] | None


class Halls:
    """Opening hours by revision of a configuration; each is read once."""

    def __init__(self) -> None:
        self._known: dict[int | None, Hall] = {None: ASSUMED}

    def of(self, connection: Connection, revision: int | None) -> Hall:
        """The hours that a configuration says; inside a transaction."""
        if revision not in self._known:
            query = select(_made.c.content).where(_made.c.revision == revision)
            self._known[revision] = _hall(connection.execute(query).scalar())
        return self._known[revision]

    def keep(self, revisions: Collection[int | None]) -> None:
        """Forget all others."""
        self._known = {each: hall for each, hall in self._known.items() if each in revisions}
        self._known[None] = ASSUMED


def read_units(connection: Connection) -> list[Unit]:
    """All devices that stand somewhere; inside a transaction."""
    touchpoint = table_of(Touchpoint)
    query = (
        select(_device.c.name, _device.c.touchpoint, touchpoint.c.is_test, _status)
        .add_columns(_device.c.site.label("home"))
        .join(touchpoint, touchpoint.c.code == _device.c.touchpoint)
        .outerjoin(
            _status, and_(_status.c.device == _device.c.name, _status.c.site == _device.c.site)
        )
        .where(_device.c.retired_on.is_(None))
        .order_by(_device.c.name)
    )
    published, certificates = read_published(connection), _read_certificates(connection)
    return [
        _unit(row, published.get(row["name"]), certificates)
        for row in connection.execute(query).mappings()
    ]


def read_published(connection: Connection) -> dict[str, int]:
    """The last published revision of each device's configuration; inside a transaction."""
    query = (
        select(_made.c.device, func.max(_made.c.revision))
        .where(_made.c.published_at.is_not(None))
        .group_by(_made.c.device)
    )
    return dict(connection.execute(query).all())


def read_alarms(connection: Connection, now: datetime) -> dict[tuple[str, str], datetime]:
    """When votes last raised an alarm, by device and reason, of late only."""
    flag, event = table_of(Flag), table_of(Event)
    query = (
        select(event.c.device, flag.c.reason, func.max(flag.c.flagged_at))
        .join(event, event.c.id == flag.c.event_id)
        .where(
            flag.c.reason.in_(ALARMS),
            flag.c.flagged_at > now - ALARM_HOLDS,
        )
        .group_by(event.c.device, flag.c.reason)
    )
    return {(device, reason): at for device, reason, at in connection.execute(query)}


def missing_of(unit: Unit, accounts: Collection[Completeness]) -> int:
    """Numbers of a device's streams that are neither here nor waiting in it."""
    beat = unit.beat
    waiting = {beat.stream: beat.waiting} if beat is not None else {}
    return sum(
        max(0, account.missing - waiting.get(account.stream, 0))
        for account in accounts
        if account.device == unit.who.device
    )


def beat_of(row: RowMapping) -> Beat | None:
    """The heartbeat of a row of ``device_status``; ``None`` where there was none."""
    if row["heartbeat_at"] is None:
        return None
    return Beat(
        at=row["heartbeat_at"],
        clock=row["clock"],
        stream=row["stream"],
        last_seq=row["last_seq"],
        waiting=row["waiting"],
        oldest_waiting_s=row["oldest_waiting_s"],
        clock_offset_ms=row["clock_offset_ms"],
        configuration=row["configuration"],
        refusal=row["refusal"] or "",
        faults=tuple(json.loads(row["faults"] or "[]")),
        throttling=tuple(json.loads(row["throttling"] or "[]")),
        temperature_c=row["temperature_c"],
        disk_free_bytes=row["disk_free_bytes"],
        disk_total_bytes=row["disk_total_bytes"],
        certificate_expires_at=row["certificate_expires_at"],
    )


def _unit(
    row: RowMapping,
    published: int | None,
    certificates: Mapping[str, list[tuple[datetime, datetime]]],
) -> Unit:
    beat = beat_of(row)
    subject = f"{row['home']}/{row['name']}"
    return Unit(
        Who(row["home"], row["name"]),
        row["touchpoint"],
        row["is_test"],
        beat,
        published,
        _in_use(beat, certificates.get(subject, [])),
    )


def _read_certificates(connection: Connection) -> dict[str, list[tuple[datetime, datetime]]]:
    """When each device's certificates were issued, and until when they hold; the oldest first."""
    query = (
        select(_certificate.c.subject, _certificate.c.issued_at, _certificate.c.expires_at)
        .where(_certificate.c.purpose == "device", _certificate.c.revoked_at.is_(None))
        .order_by(_certificate.c.issued_at)
    )
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for subject, issued_at, expires_at in connection.execute(query):
        found.setdefault(subject, []).append((issued_at, expires_at))
    return found


def _in_use(
    beat: Beat | None, issued: list[tuple[datetime, datetime]]
) -> tuple[datetime, datetime] | None:
    """The certificate that the device says it uses; where it says none, its newest."""
    said = beat.certificate_expires_at if beat is not None else None
    if said is None:
        return issued[-1] if issued else None
    for issued_at, expires_at in issued:
        if abs(expires_at - said) < timedelta(seconds=2):
            return issued_at, expires_at
    return said - CERTIFICATE_LIFE, said


def _hall(content: str | None) -> Hall:
    """Opening hours of a configuration; assumed ones where it has none."""
    try:
        said = read((content or "").encode(), Configuration)
    except WireError:
        return ASSUMED
    zone = ZoneInfo(said.timezone)
    if said.opening is None:
        return Hall(OFFICE_HOURS, zone, is_known=False)
    return Hall(said.opening, zone, is_known=True)
