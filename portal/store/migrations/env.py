"""Alembic's entry: runs inside the transaction that ``broker.store.migrate`` has begun."""

from __future__ import annotations

from alembic import context

from portal.store import every_table  # noqa: F401  # its tables join the metadata
from portal.store.schema import VERSION_TABLE
from portal.store.tables import PortalTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=PortalTable.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
