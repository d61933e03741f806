"""A municipality with a centre and two halls in it; every test runs on both databases."""

from __future__ import annotations

import pytest

from broker.fleet.places import add_location
from broker.store.database import Database
from broker.store.registry import add_device, add_site, add_touchpoint
from tests.fixtures.databases import (
    _migrated_file,
    database,
    database_url,
    new_database_url,
    postgres_server,
)
from tests.places.town import LONG_AGO, NOW, SITE

__all__ = ["_migrated_file", "database", "database_url", "new_database_url", "postgres_server"]


@pytest.fixture
def town(database: Database) -> Database:
    """``centre`` holds ``hall-1`` with ``desk-1`` and its ``kiosk-1``, and ``hall-2`` likewise."""
    add_site(database, SITE)
    add_location(database, "centre", site=SITE, now=NOW, name="Център", from_on=LONG_AGO)
    for number in (1, 2):
        hall, desk = f"hall-{number}", f"desk-{number}"
        add_location(database, hall, site=SITE, now=NOW, location="centre", from_on=LONG_AGO)
        add_touchpoint(database, desk, site=SITE, location=hall)
        add_device(database, f"kiosk-{number}", touchpoint=desk)
    return database
