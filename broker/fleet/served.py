"""People served: entering how many, from a queue system or by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from broker.fleet.errors import FleetError
from broker.fleet.places import find_place
from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.place_tables import Served
from broker.store.places import Entry, first_day
from broker.store.registry import check_code
from broker.store.statements import put, write_rows
from broker.store.tables import Site, table_of

MOST_PEOPLE: Final = 10_000
"""In one hour at one place; more is a slip of the pen."""

YEARS: Final = range(1991, 2100)
"""Of all hours: others are slips of the pen, and at the ends of the calendar there is no moment
that every zone has."""

_MOST_TOLD: Final = 20
_COLUMNS: Final = ("kind", "code", "hour_at", "source", "people", "entered_at")
_KEY: Final = _COLUMNS[:4]


@dataclass(frozen=True, slots=True)
class ServedRow:
    """How many people were served, as somebody reports it.

    Attributes:
        where: of the report this stands, for errors: ``line 7``.
        place: its code.
        hour: when the hour began; without an offset it is local to the place's site.
        source: who counted; see :data:`broker.store.served.SOURCES`.
        kind: of the place, where its code is not the only one.
    """

    where: str
    place: str
    hour: datetime
    people: int
    source: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that makes no :class:`ServedRow`: it is told of among the others that can't be.

    Attributes:
        where: of the report this stands, for errors: ``line 7``.
        fault: why it can't be read.
    """

    where: str
    fault: str


AnyRow: TypeAlias = ServedRow | UnreadRow


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a report.

    Attributes:
        new, changed, same: hours that were not known, known otherwise, and known so.
    """

    new: int = 0
    changed: int = 0
    same: int = 0


class ServedError(FleetError):
    """A report with rows that can't be; nothing of it was recorded.

    Attributes:
        faults: each with where it is.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        """Make the error, which tells the first faults."""
        self.faults = tuple(faults)
        rest = f"\n  and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
        told = "".join(f"\n  {fault}" for fault in faults[:_MOST_TOLD])
        super().__init__(f"nothing was recorded; mend these and report all again:{told}{rest}")


def record_served(
    database: Database, rows: Sequence[AnyRow], now: datetime, *, is_dry_run: bool = False
) -> Recorded:
    """Record all of ``rows``, or none. What a source said before of an hour is replaced.

    Raises:
        ServedError: rows that can't be, those that can't be read among them.
    """
    with database.transaction() as connection:
        checked = _check(connection, rows, now)
        known = _known(connection, list(checked))
        fates = Counter(_fate(known.get(key), people) for key, people in checked.items())
        if not is_dry_run:
            written = [
                (*key[:2], to_ms(key[2]), key[3], people, to_ms(now))
                for key, people in sorted(checked.items())
                if known.get(key) != people
            ]
            write_rows(connection, put(table_of(Served), _COLUMNS, database.dialect), written)
    return Recorded(**fates)


Key: TypeAlias = tuple[str, str, datetime, str]
"""Kind and code of the place, the hour's start, the source."""


def _check(connection: Connection, rows: Sequence[AnyRow], now: datetime) -> dict[Key, int]:
    """What to record.

    Raises:
        ServedError: naming all that can't be.
    """
    places = _Places(connection)
    checked: dict[Key, int] = {}
    first: dict[Key, str] = {}
    faults = []
    for row in rows:
        if isinstance(row, UnreadRow):
            faults.append(f"{row.where}: {row.fault}")
            continue
        try:
            key = _key_of(row, places, now)
        except FleetError as error:
            faults.append(f"{row.where}: {error}")
            continue
        if key in first:
            faults.append(f"{row.where}: tells of the same hour as {first[key]}: keep one")
        first[key], checked[key] = row.where, row.people
    if faults:
        raise ServedError(faults)
    return checked


def _key_of(row: ServedRow, places: _Places, now: datetime) -> Key:
    found = places.find(row.place, row.kind)
    _check_count(row)
    hour_at = _hour(row.hour, found.zone, now)
    _check_there(found, hour_at.astimezone(found.zone).date())
    return (found.entry.place.kind, found.entry.place.code, hour_at, row.source)


class _Found(NamedTuple):
    entry: Entry
    zone: ZoneInfo
    since_on: date | None


class _Places:
    """Places by code, each looked for once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[tuple[str, str | None], _Found] = {}
        site = table_of(Site)
        zones = connection.execute(select(site.c.code, site.c.timezone))
        self._zones: Mapping[str, ZoneInfo] = {code: ZoneInfo(zone) for code, zone in zones}

    def find(self, code: str, kind: str | None) -> _Found:
        """A place, the time zone of its site, and since when it is there."""
        if (code, kind) not in self._found:
            entry = find_place(self._connection, code, kind)
            is_location = entry.place.kind == "location"
            since_on = first_day(self._connection, code) if is_location else None
            self._found[code, kind] = _Found(entry, self._zones[entry.site], since_on)
        return self._found[code, kind]


def _check_there(found: _Found, on: date) -> None:
    """Refuse counts of days on which the place was not there: no figure would ever show them."""
    if found.since_on is not None and on < found.since_on:
        raise FleetError(
            f"{found.entry.place} is there from {found.since_on} on, not yet on {on}: if it was, "
            f"say where, with 'otziv place move {found.entry.place.code} --from {on}'"
        )
    if not found.entry.is_there(on):
        raise FleetError(f"{found.entry.place} is retired from {found.entry.retired_on} on")


def _hour(hour: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """The start of an hour in UTC."""
    if hour.year not in YEARS:
        said = hour.isoformat(" ", "minutes")
        raise FleetError(f"hour is {said!r}: write a year from {YEARS[0]} to {YEARS[-1]}")
    if hour.tzinfo is None:
        hour = _localised(hour, zone)
    local = hour.astimezone(zone)
    if (local.minute, local.second, local.microsecond) != (0, 0, 0):
        raise FleetError(f"{local:%H:%M} is no full hour: write {local:%H}:00")
    if hour > now:
        raise FleetError(f"the hour {local:%Y-%m-%d %H:%M} has not begun yet")
    return hour.astimezone(UTC)


def _localised(hour: datetime, zone: ZoneInfo) -> datetime:
    """A time of a wall clock, where there was exactly one such time that day."""
    first, second = (hour.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != hour:
        raise FleetError(f"there was no {hour:%H:%M} on {hour:%Y-%m-%d}: clocks went forward")
    raise FleetError(
        f"{hour:%H:%M} came twice on {hour:%Y-%m-%d}: write which, as "
        f"{first.isoformat(timespec='minutes')} or {second.isoformat(timespec='minutes')}"
    )


def _check_count(row: ServedRow) -> None:
    if not 0 <= row.people <= MOST_PEOPLE:
        raise FleetError(f"{row.people} people in an hour: use 0 to {MOST_PEOPLE}")
    try:
        check_code("source", row.source)
    except RegistryError as error:
        raise FleetError(str(error)) from error


def _known(connection: Connection, keys: Sequence[Key]) -> dict[Key, int]:
    """What is recorded of the hours between the first and the last of ``keys``."""
    if not keys:
        return {}
    table = table_of(Served)
    hours = [key[2] for key in keys]
    query = select(*(table.c[name] for name in _KEY), table.c.people).where(
        table.c.hour_at.between(min(hours), max(hours))
    )
    return {
        (row.kind, row.code, row.hour_at, row.source): row.people
        for row in connection.execute(query)
    }


def _fate(known: int | None, people: int) -> str:
    if known is None:
        return "new"
    return "same" if known == people else "changed"
