"""The dashboard's way into the store: the database itself refuses to be written to."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from broker.store.database import Database

CACHE_KIB: Final = 8 * 1024
"""Of pages that SQLite keeps for a connection. The 64 MiB of a writer are spent on each of the
dashboard's, which read a year once and rollups then."""


def open_read_only(url: str) -> Database:
    """Open the feedback database at ``url``, for reading only; whoever wrote it keeps it current.

    Raises:
        OpenError: ``url`` is not the address of a database.
    """
    database = Database(url)
    event.listen(database.engine, "connect", _refuse_writes)
    spare_memory(database)
    return database


def spare_memory(database: Database) -> None:
    """Let new connections keep fewer pages; those that are idle end."""
    event.listen(database.engine, "connect", _keep_little)
    database.engine.dispose()


def _refuse_writes(connection: DBAPIConnection, _record: object) -> None:
    """Make a new connection read-only, as SQLite and PostgreSQL each have it."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.read_only = True


def _keep_little(connection: DBAPIConnection, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
