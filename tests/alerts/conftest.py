"""A feedback database with a small town in it."""

from __future__ import annotations

import pytest

from broker.store.database import Database
from tests.fixtures.databases import _migrated_file, database, database_url, postgres_server
from tests.questions.town import build

__all__ = ["_migrated_file", "database", "database_url", "postgres_server", "town"]


@pytest.fixture
def town(database: Database) -> Database:
    """Without votes."""
    build(database)
    return database
