"""The portal's migrations lead to the tables that its classes declare."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from broker.store.database import Database
from portal.store import every_table, schema
from portal.store.tables import PortalTable


def test_the_migrations_lead_to_the_tables(portal_database: Database) -> None:
    """A migrated database has exactly the tables that the classes declare."""
    options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
    with portal_database.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, PortalTable.metadata) == []


def test_head_is_the_newest_revision() -> None:
    """What is known without Alembic is what Alembic says."""
    config = Config()
    config.set_main_option("script_location", str(schema.PORTAL.folder))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.PORTAL.head]


def test_every_area_with_tables_is_known(portal_database: Database) -> None:
    """An area whose tables nobody imports would have none."""
    folder = Path(schema.__file__).parents[1]
    found = {path.parent.name for path in folder.glob("*/tables.py")} - {"store"}
    assert found == set(every_table.AREAS)
    with portal_database.reading() as connection:
        there = set(inspect(connection).get_table_names())
    assert set(PortalTable.metadata.tables) <= there
