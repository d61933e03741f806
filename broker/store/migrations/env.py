"""Alembic's entry: runs inside the transaction that ``broker.store.migrate`` has begun."""

from __future__ import annotations

from alembic import context

from broker.store import fleet_tables, place_tables  # noqa: F401  # their tables join the metadata
from broker.store.migrate import VERSION_TABLE
from broker.store.tables import FeedbackTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=FeedbackTable.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
