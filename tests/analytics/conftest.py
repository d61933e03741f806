"""A feedback store to look at, of each kind: presses go in by the intake, as in life."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.analytics.feedback import Feedback
from tests.fixtures.databases import _migrated_file, database_url, postgres_server

__all__ = ["_migrated_file", "database_url", "postgres_server"]


@pytest.fixture
def feedback(database_url: str) -> Iterator[Feedback]:
    """An empty store of one municipality, once on SQLite and once on PostgreSQL."""
    feedback = Feedback(database_url)
    yield feedback
    feedback.close()
