"""What touches the store runs on both databases."""

from __future__ import annotations

from tests.fixtures.databases import _migrated_file, database, database_url, postgres_server

__all__ = ["_migrated_file", "database", "database_url", "postgres_server"]
