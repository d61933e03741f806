"""What was last heard of each device. Written apart from events: seldom, and it may be lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.registered import read_all
from broker.store.statements import put, write_rows
from broker.store.streams import StreamRows
from broker.store.tables import DeviceStatus, table_of
from broker.wire.errors import readable
from broker.wire.events import MAX_INTEGER
from broker.wire.messages import Availability, Heartbeat

HEARTBEAT_LIMIT: Final = timedelta(seconds=150)
"""Two heartbeats and a half: a killed broker loses the last will, so ``online`` is but a hint."""


class Who(NamedTuple):
    """A device as its topic names it; registered or a stranger."""

    site: str
    device: str


@dataclass(slots=True)
class Heard:
    """What was heard since it was last written, each with its time.

    Attributes:
        seen: any sign of life.
        availability: what the broker says; a hint only.
        heartbeats: what the device says.
    """

    seen: dict[Who, datetime] = field(default_factory=dict)
    availability: dict[Who, tuple[Availability, datetime]] = field(default_factory=dict)
    heartbeats: dict[Who, tuple[Heartbeat, datetime]] = field(default_factory=dict)

    def update(self, newer: Heard) -> None:
        """Take over what was heard since."""
        for who, at in newer.seen.items():
            self.see(who, at)
        self.availability |= newer.availability
        self.heartbeats |= newer.heartbeats

    def see(self, who: Who, at: datetime) -> None:
        """There was a sign of life; a heartbeat delivered late tells of an earlier one."""
        known = self.seen.get(who)
        self.seen[who] = at if known is None or known < at else known

    def __bool__(self) -> bool:
        return bool(self.seen or self.availability or self.heartbeats)


_KEY: Final = ("site", "device")
_SEEN: Final = (*_KEY, "last_seen_at")
_AVAILABILITY: Final = (*_KEY, "availability", "availability_at")
_HEARTBEAT: Final = (
    *(*_KEY, "heartbeat_at", "clock", "boot", "uptime_ms", "stream", "last_seq", "waiting"),
    *("version", "configuration", "faults", "refusal", "oldest_waiting_s", "clock_offset_ms"),
    *("temperature_c", "throttling", "disk_free_bytes", "disk_total_bytes", "signal_dbm"),
    "certificate_expires_at",
)


def is_online(availability: str | None, heartbeat_at: datetime | None, now: datetime) -> bool:
    """Whether a device says so *and* its heartbeat is fresh: a killed broker loses last wills."""
    is_fresh = heartbeat_at is not None and now - heartbeat_at <= HEARTBEAT_LIMIT
    return availability == "online" and is_fresh


class StatusWriter:
    """Writes status; made once a database, since it holds the statements as text."""

    def __init__(self, database: Database) -> None:
        """Prepare the statements."""
        table = table_of(DeviceStatus)
        self._database: Final = database
        self._streams: Final = StreamRows(database.dialect)
        self._seen, self._availability, self._heartbeat = (
            put(table, columns, database.dialect) for columns in (_SEEN, _AVAILABILITY, _HEARTBEAT)
        )

    def write(self, heard: Heard) -> None:
        """Write what was heard, in a transaction of its own.

        Raises:
            UnavailableError: the database does not answer; nothing was written.
        """
        seen = [(*who, to_ms(at)) for who, at in sorted(heard.seen.items())]
        hints = [(*who, word, to_ms(at)) for who, (word, at) in sorted(heard.availability.items())]
        beats = sorted(_row(who, beat, at) for who, (beat, at) in heard.heartbeats.items())
        with self._database.transaction() as connection:
            for sql, rows in (
                (self._seen, seen),
                (self._availability, hints),
                (self._heartbeat, beats),
            ):
                write_rows(connection, sql, rows)
            self._hear_numbers(connection, {who: b for who, (b, _) in heard.heartbeats.items()})

    def _hear_numbers(self, connection: Connection, beats: Mapping[Who, Heartbeat]) -> None:
        """Raise the greatest number of each stream, of which completeness is reckoned.

        Whoever is registered may speak for a stream, within limits, since a card may be moved and
        then goes on numbering in another device, whose events are taken too. A stranger has no
        streams.
        """
        homes = read_all(connection).devices
        heeded = [
            (who.device, beat) for who, beat in beats.items() if homes.get(who.device) == who.site
        ]
        owners: dict[str, str] = {}
        for device, beat in heeded:
            owners.setdefault(beat.stream, device)
        states = self._streams.open(connection, owners)
        for device, beat in heeded:
            states[beat.stream].hear_from(device, beat.last_seq)
        self._streams.save(connection, list(states.values()))


def _row(who: Who, beat: Heartbeat, at: datetime) -> tuple[object, ...]:
    """The row of a heartbeat, in the order of ``_HEARTBEAT``."""
    return (
        *who,
        to_ms(at),
        beat.clock,
        beat.boot,
        beat.uptime_ms,
        beat.stream,
        min(beat.last_seq, MAX_INTEGER),
        min(beat.waiting, MAX_INTEGER),
        readable(beat.version),
        min(beat.configuration, MAX_INTEGER),
        json.dumps(beat.faults),
        readable(beat.refusal),
        _within(beat.oldest_waiting_s),
        _within(beat.clock_offset_ms),
        beat.temperature_c,
        json.dumps(beat.throttling),
        _within(beat.disk_free_bytes),
        _within(beat.disk_total_bytes),
        beat.signal_dbm,
        None if beat.certificate_expires_at is None else to_ms(beat.certificate_expires_at),
    )


def _within(number: int | None) -> int | None:
    """What a database can keep of a number that a device made up."""
    return None if number is None else max(-MAX_INTEGER, min(number, MAX_INTEGER))
