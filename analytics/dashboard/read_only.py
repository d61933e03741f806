"""The dashboard's way into the store: the database itself refuses to be written to."""

from __future__ import annotations

import sqlite3

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from broker.store.database import Database


def open_read_only(url: str) -> Database:
    """Open the feedback database at ``url``, for reading only; whoever wrote it keeps it current.

    Raises:
        OpenError: ``url`` is not the address of a database.
    """
    database = Database(url)
    event.listen(database.engine, "connect", _refuse_writes)
    return database


def _refuse_writes(connection: DBAPIConnection, _record: object) -> None:
    """Make a new connection read-only, as SQLite and PostgreSQL each have it."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.read_only = True
