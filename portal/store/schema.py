"""The portal's schema, and opening its database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from broker.store.database import Database
from broker.store.migrate import Schema, open_database

VERSION_TABLE: Final = "portal_version"

PORTAL: Final = Schema(
    "portal", "0011", VERSION_TABLE, Path(__file__).parent / "migrations", 0x07216F77
)


def open_portal(url: str) -> Database:
    """Open the portal's database at ``url``, making or updating it where needed.

    Raises:
        OpenError: wrong address, not a database, or made by a newer program.
        UnavailableError: locked for too long, or no such server.
    """
    database = open_database(url, PORTAL)
    if database.dialect == "sqlite":
        event.listen(database.engine, "connect", _overwrite_what_goes)
        database.engine.dispose()  # connections made before don't do so
    return database


def _overwrite_what_goes(connection: DBAPIConnection, _record: object) -> None:
    """Have SQLite write zeros over what is deleted or changed, instead of leaving it in place."""
    connection.cursor().execute("PRAGMA secure_delete=ON")
