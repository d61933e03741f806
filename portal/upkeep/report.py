"""``otziv privacy report``: what is kept of whom, why, how long, and how much of it is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, MetaData, Table, func, select

from broker.store import fleet_tables, place_tables
from broker.store.database import Database
from broker.store.tables import FeedbackTable
from portal.store.tables import PortalTable
from portal.upkeep.feedback_tables import FEEDBACK
from portal.upkeep.keeping import Keeping, Store, Times
from portal.upkeep.portal_tables import PORTAL
from portal.upkeep.purging import table_named

assert fleet_tables.Notice.metadata is place_tables.Location.metadata  # noqa: S101  # all loaded


@dataclass(frozen=True, slots=True)
class Line:
    """One table.

    Attributes:
        rows: how many there are.
        oldest: the day of the oldest, where rows tell; else empty.
        due: how many are past their time and go with the next upkeep.
    """

    store: Store
    table: str
    rows: int
    oldest: str
    due: int
    personal: str
    purpose: str
    ground: str
    how_long: str
    erased_by: str


def report(portal: Database, feedback: Database, times: Times) -> list[Line]:
    """All tables of both databases, those with somebody's data first."""
    lines = [*_lines("portal", portal, times), *_lines("feedback", feedback, times)]
    return sorted(lines, key=lambda line: (not line.personal, line.store != "portal", line.table))


def undeclared() -> list[str]:
    """Tables that the register doesn't know, and names in it that are no tables; none, we hope."""
    there: list[tuple[MetaData, dict[str, Keeping]]] = [
        (PortalTable.metadata, PORTAL),
        (FeedbackTable.metadata, FEEDBACK),
    ]
    return sorted(name for metadata, known in there for name in set(metadata.tables) ^ set(known))


def _lines(store: Store, database: Database, times: Times) -> Iterator[Line]:
    register = PORTAL if store == "portal" else FEEDBACK
    with database.reading() as connection:
        for name, keeping in register.items():
            table = table_named(name) if store == "portal" else FeedbackTable.metadata.tables[name]
            number, oldest = _count(connection, table, keeping)
            due = 0
            if keeping.due is not None:
                condition = keeping.due(table, times)
                query = select(func.count()).select_from(table).where(condition)
                due = int(connection.execute(query).scalar_one())
            yield Line(
                store,
                name,
                number,
                oldest,
                due,
                keeping.personal,
                keeping.purpose,
                keeping.ground,
                keeping.how_long,
                keeping.by,
            )


def _count(connection: Connection, table: Table, keeping: Keeping) -> tuple[int, str]:
    oldest = func.min(table.c[keeping.age]) if keeping.age else None
    if oldest is None:
        number = connection.execute(select(func.count()).select_from(table)).scalar_one()
        return int(number), ""
    number, first = connection.execute(select(func.count(), oldest).select_from(table)).one()
    if isinstance(first, datetime | date):
        return int(number), f"{first:%Y-%m-%d}"
    return int(number), ""
