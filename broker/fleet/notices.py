"""Notices: something is wrong with a device, or the installation, until it is over.

Verbs for whoever finds or shows trouble, one transaction each. A device has at most one open
notice of a rule. The fleet's process opens them; it closes them, or who bars the device.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.fleet_tables import Notice
from broker.store.status import Who
from broker.store.tables import Device, Site, Touchpoint, table_of

INSTALLATION: Final = Who("", "")
"""Site and device of a notice that is about all of them."""
NO_BACKUP: Final = "no-backup"
"""The notice that backups are wanted and none is made; ``otziv serve`` opens and closes it."""

_notice: Final = table_of(Notice)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice, and where its device stands now.

    Attributes:
        notice: as stored.
        place: name of the touchpoint; empty for none, and for the installation.
        timezone: of its site, for times in texts; ``None`` for the installation.
    """

    notice: Notice
    place: str
    timezone: str | None


def open_notice(
    database: Database, site: str, device: str, rule: str, detail: str, now: datetime
) -> int:
    """Open a notice, or find the one that is open already; its number.

    Args:
        database: where.
        site: of the device; empty for the installation.
        device: whose trouble it is; empty for the installation.
        rule: code of ``RULES``, or another one; with what it is about after a colon.
        detail: facts as a JSON object, which texts put into words, or text to show as it is.
        now: since when.
    """
    with database.transaction() as connection:
        return open_within(connection, Who(site, device), rule, detail, now)


def open_within(connection: Connection, who: Who, rule: str, detail: str, now: datetime) -> int:
    """The same inside a transaction."""
    query = select(_notice.c.number).where(_is_open(*who, rule))
    found = connection.execute(query).scalar()
    if found is not None:
        return int(found)
    opened = Notice(site=who.site, device=who.device, rule=rule, detail=detail, opened_at=now)
    values = opened.model_dump(exclude={"number"})
    made = connection.execute(insert(_notice).values(values).returning(_notice.c.number))
    return int(made.scalar_one())


def close_notice(database: Database, site: str, device: str, rule: str, now: datetime) -> bool:
    """Close the open notice of a rule; ``False`` where there is none."""
    with database.transaction() as connection:
        return close_within(connection, Who(site, device), rule, now)


def close_within(connection: Connection, who: Who, rule: str, now: datetime) -> bool:
    """The same inside a transaction."""
    closing = update(_notice).where(_is_open(*who, rule)).values(closed_at=now)
    return connection.execute(closing).rowcount > 0


def forget_notices(database: Database, before: datetime) -> int:
    """Delete notices that were over ``before``; how many."""
    with database.transaction() as connection:
        return connection.execute(delete(_notice).where(_notice.c.closed_at < before)).rowcount


def list_notices(
    database: Database, *, device: str | None = None, only_open: bool = True, limit: int = 200
) -> list[NoticeView]:
    """Notices, the newest first."""
    wanted: list[ColumnElement[bool]] = []
    if device is not None:
        wanted.append(_notice.c.device == device)
    if only_open:
        wanted.append(_notice.c.closed_at.is_(None))
    with database.reading() as connection:
        return read_views(connection, *wanted, limit=limit)


def show_notice(database: Database, number: int) -> NoticeView:
    """One notice.

    Raises:
        FleetError: there is none of that number.
    """
    with database.reading() as connection:
        found = read_views(connection, _notice.c.number == number)
    if not found:
        raise FleetError(f"no notice {number}: 'otziv notice list --all' shows which there are")
    return found[0]


def read_views(
    connection: Connection, *wanted: ColumnElement[bool], limit: int = 200
) -> list[NoticeView]:
    """Notices with their places, the newest first; inside a transaction."""
    device, touchpoint, site = (table_of(model) for model in (Device, Touchpoint, Site))
    query = (
        select(_notice, touchpoint.c.name.label("place"), site.c.timezone)
        .outerjoin(device, and_(device.c.name == _notice.c.device, device.c.site == _notice.c.site))
        .outerjoin(touchpoint, touchpoint.c.code == device.c.touchpoint)
        .outerjoin(site, site.c.code == _notice.c.site)
        .where(*wanted)
        .order_by(_notice.c.number.desc())
        .limit(limit)
    )
    return [_view(dict(row)) for row in connection.execute(query).mappings()]


def read_open(connection: Connection) -> dict[Who, set[str]]:
    """Rules of the open notices, by site and device; inside a transaction."""
    query = select(_notice.c.site, _notice.c.device, _notice.c.rule)
    found: dict[Who, set[str]] = {}
    for site, device, rule in connection.execute(query.where(_notice.c.closed_at.is_(None))):
        found.setdefault(Who(site, device), set()).add(rule)
    return found


def count_open(connection: Connection) -> dict[Who, int]:
    """How many notices are open, by site and device; inside a transaction."""
    query = (
        select(_notice.c.site, _notice.c.device, func.count())
        .where(_notice.c.closed_at.is_(None))
        .group_by(_notice.c.site, _notice.c.device)
    )
    return {Who(site, device): number for site, device, number in connection.execute(query)}


def _is_open(site: str, device: str, rule: str) -> ColumnElement[bool]:
    return and_(
        _notice.c.site == site,
        _notice.c.device == device,
        _notice.c.rule == rule,
        _notice.c.closed_at.is_(None),
    )


def _view(row: dict[str, Any]) -> NoticeView:
    place, timezone = row.pop("place"), row.pop("timezone")
    return NoticeView(Notice(**row), place or "", timezone)
