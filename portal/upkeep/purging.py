"""Erasing what is past its time, table by table, as the register says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete

from broker.store.database import Database
from portal.comments.inbox import erase_rows
from portal.store.every_table import AREAS
from portal.store.tables import PortalTable
from portal.upkeep.keeping import Times
from portal.upkeep.portal_tables import PORTAL

assert AREAS  # noqa: S101  # importing it puts every table into the metadata

_WITH_MORE: Final[dict[str, Callable[[Connection, ColumnElement[bool]], int]]] = {
    "comment": erase_rows,
}
"""Tables whose rows take others with them."""


def purge(database: Database, times: Times) -> dict[str, int]:
    """Erase what is due, each table in a transaction of its own; table → rows."""
    erased: dict[str, int] = {}
    for name, keeping in PORTAL.items():
        if keeping.due is None:
            continue
        table = table_named(name)
        with database.transaction() as connection:
            number = _erase(connection, table, keeping.due(table, times))
        if number:
            erased[name] = number
    empty_log(database)  # also of what editors masked, and of mails that were taken, today
    return erased


def table_named(name: str) -> Table:
    """A table of the portal's."""
    return PortalTable.metadata.tables[name]


def empty_log(database: Database) -> bool:
    """Have SQLite's write-ahead log hold nothing of it, either; ``False``: somebody still reads."""
    if database.dialect != "sqlite":
        return True
    connection = database.engine.raw_connection()
    try:
        found = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return bool(found[0] == 0)
    finally:
        connection.close()


def _erase(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    with_more = _WITH_MORE.get(table.name)
    if with_more is not None:
        return with_more(connection, condition)
    return connection.execute(delete(table).where(condition)).rowcount
