"""Every test here runs on both databases."""

from __future__ import annotations

import pytest

from broker.store.database import Database
from tests.collector.hall import Hall
from tests.fixtures.databases import (
    _migrated_file,
    database,
    database_url,
    new_database_url,
    postgres_server,
)
from tests.intake.making import register

__all__ = ["_migrated_file", "database", "database_url", "new_database_url", "postgres_server"]


@pytest.fixture
def hall(database: Database) -> Hall:
    """A running collector over a registered database."""
    register(database)
    return Hall(database)
