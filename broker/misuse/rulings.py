"""What people rule about votes: these are genuine whatever the rules say, or these are none.

A ruling names a place and some hours of it, never a vote or a person, and it is kept: votes that
come late from a kiosk without connection are judged by it, too. It goes over the rules of every
version, and is taken back as a whole. Ratings stay as they are; the raw figures never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from broker.misuse.reading import PlaceDay
from broker.misuse.visits import Doubts, Visit
from broker.store.columns import from_ms
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.flag_reasons import JUDGED, RULED_OUT
from broker.store.place_tables import MisuseRuling
from broker.store.tables import Site, Touchpoint, table_of

CAUSES: Final = ("tried-out", "children", "damage", "event", "known-crowd", "other")
"""Why people ruled so."""
MOST: Final = timedelta(days=31)
"""Of one ruling; more than a month is a matter of the place, for test mode."""

_table: Final = table_of(MisuseRuling)


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ruling.

    Attributes:
        reason: of a rule, which does not doubt those votes; empty: none does; ``ruled-out``: they
            are doubted.
        from_at, until_at: of visits that began in between, the end left out.
        cause: of :data:`CAUSES`.
    """

    touchpoint: str
    reason: str
    from_at: datetime
    until_at: datetime
    cause: str

    @property
    def is_doubt(self) -> bool:
        """Whether the votes are doubted; else they are genuine."""
        return self.reason == RULED_OUT

    def is_about(self, visit: Visit) -> bool:
        """Whether the visit began in its hours."""
        return self.from_at <= from_ms(visit.at_ms) < self.until_at


def put_ruling(database: Database, ruling: Ruling, now: datetime) -> list[PlaceDay]:
    """Keep a ruling; the local days to judge anew by it. One of the same begin is replaced.

    Raises:
        StoreError: an unknown touchpoint, reason or cause, or hours that can't be.
    """
    _check(ruling, now)
    with database.transaction() as connection:
        timezone = _timezone(connection, ruling.touchpoint)
        before = _find(connection, ruling)
        _delete(connection, ruling)
        row = {name: getattr(ruling, name) for name in Ruling.__dataclass_fields__}
        connection.execute(insert(_table).values(**row, entered_at=now))
    days = set(_days(ruling, timezone)) | (set(_days(before, timezone)) if before else set())
    return sorted(days, key=lambda day: day.on)


def take_back(
    database: Database, touchpoint: str, reason: str, from_at: datetime
) -> list[PlaceDay]:
    """Forget a ruling; the local days to judge anew without it.

    Raises:
        StoreError: there is none such.
    """
    asked = Ruling(touchpoint, reason, from_at, from_at, "")
    with database.transaction() as connection:
        found = _find(connection, asked)
        if found is None:
            raise StoreError("there is no such ruling: somebody has taken it back already")
        _delete(connection, found)
        return list(_days(found, _timezone(connection, touchpoint)))


def list_rulings(connection: Connection, since_at: datetime) -> list[MisuseRuling]:
    """All that hold for any time after ``since_at``, the newest first; inside a transaction."""
    query = select(_table).where(_table.c.until_at > since_at).order_by(_table.c.from_at.desc())
    return [MisuseRuling(**row) for row in connection.execute(query).mappings()]


def read_rulings(connection: Connection, day: PlaceDay) -> list[Ruling]:
    """Those about a local day at a touchpoint; inside a transaction."""
    first, last = from_ms(day.from_ms), from_ms(day.until_ms)
    query = select(_table).where(
        _table.c.touchpoint == day.touchpoint, _table.c.from_at < last, _table.c.until_at > first
    )
    return [_ruling(row) for row in connection.execute(query)]


def apply_rulings(rulings: Sequence[Ruling], visits: Sequence[Visit], doubts: Doubts) -> None:
    """Take out of ``doubts`` what is ruled to be genuine, then put in what is not."""
    for ruling in sorted(rulings, key=lambda each: each.is_doubt):
        for visit in visits:
            if not ruling.is_about(visit):
                continue
            if ruling.is_doubt:
                doubts[visit.id].add(RULED_OUT)
            elif visit.id in doubts:
                doubts[visit.id] -= {ruling.reason} if ruling.reason else doubts[visit.id].copy()


def _check(ruling: Ruling, now: datetime) -> None:
    if ruling.reason and ruling.reason not in JUDGED:
        raise StoreError(f"{ruling.reason!r} is no reason that can be ruled about")
    if ruling.cause not in CAUSES:
        raise StoreError(f"{ruling.cause!r} is no cause: use {', '.join(CAUSES)}")
    if not ruling.from_at < ruling.until_at <= ruling.from_at + MOST:
        raise StoreError(f"a ruling is about some hours, of {MOST.days} days at the most")
    if ruling.from_at > now:
        raise StoreError("a ruling is about votes that were given, and these hours are to come")


def _find(connection: Connection, ruling: Ruling) -> Ruling | None:
    row = connection.execute(select(_table).where(*_key(ruling))).first()
    return None if row is None else _ruling(row)


def _delete(connection: Connection, ruling: Ruling) -> None:
    connection.execute(delete(_table).where(*_key(ruling)))


def _key(ruling: Ruling) -> list[ColumnElement[bool]]:
    names = ("touchpoint", "reason", "from_at")
    return [_table.c[name] == getattr(ruling, name) for name in names]


def _ruling(row: object) -> Ruling:
    return Ruling(*(getattr(row, name) for name in Ruling.__dataclass_fields__))


def _days(ruling: Ruling, timezone: str) -> list[PlaceDay]:
    zone = ZoneInfo(timezone)
    on: date = ruling.from_at.astimezone(zone).date()
    last_on = (ruling.until_at - timedelta(milliseconds=1)).astimezone(zone).date()
    days = []
    while on <= last_on:
        days.append(PlaceDay(ruling.touchpoint, on, timezone))
        on += timedelta(days=1)
    return days


def _timezone(connection: Connection, touchpoint: str) -> str:
    site, point = table_of(Site), table_of(Touchpoint)
    query = select(site.c.timezone).join(point, point.c.site == site.c.code)
    found = connection.execute(query.where(point.c.code == touchpoint)).scalar()
    if found is None:
        raise StoreError(f"there is no touchpoint {touchpoint!r}")
    return str(found)
