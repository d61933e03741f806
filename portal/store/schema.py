"""The portal's schema, and opening its database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from broker.store.database import Database
from broker.store.migrate import Schema, open_database

VERSION_TABLE: Final = "portal_version"

PORTAL: Final = Schema(
    "portal", "0004", VERSION_TABLE, Path(__file__).parent / "migrations", 0x07216F77
)


def open_portal(url: str) -> Database:
    """Open the portal's database at ``url``, making or updating it where needed.

    Raises:
        OpenError: wrong address, not a database, or made by a newer program.
        UnavailableError: locked for too long, or no such server.
    """
    return open_database(url, PORTAL)
