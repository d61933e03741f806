"""Making a database and bringing it up to date, safely when two programs open it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DatabaseError as BadDatabaseError

from broker.store.database import Database
from broker.store.errors import OpenError

HEAD: Final = "0003"
"""The newest revision in ``migrations/versions``; a test holds it. Known here, so that opening a
database that is up to date need not load Alembic."""

VERSION_TABLE: Final = "feedback_version"
_FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x07216F76
"""PostgreSQL's advisory lock of whoever migrates; any number that nobody else uses."""


def open_database(url: str) -> Database:
    """Open the feedback database at ``url``, making or updating it where needed.

    Raises:
        OpenError: wrong address, not a database, or made by a newer program.
        UnavailableError: locked for too long, or no such server.
    """
    database = Database(url)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database) -> None:
    """Bring the schema up to date in one transaction; nothing happens where it is.

    Raises:
        OpenError: not a database of ours, or made by a newer program.
    """
    try:
        with database.reading() as connection:
            if _version(connection) == HEAD:
                return
        with database.transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            _upgrade(connection, str(database))
    except BadDatabaseError as error:
        raise OpenError(f"{database} can't be used as a feedback database: {error.orig}") from error


def _version(connection: Connection) -> str | None:
    """The schema's revision; ``None`` for a new database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.exec_driver_sql(
        f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608  # a constant of ours
    ).scalar()
    return found


def _upgrade(connection: Connection, name: str) -> None:
    from alembic import command  # noqa: PLC0415  # 0.2 s, and seldom needed
    from alembic.config import Config  # noqa: PLC0415  # as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _version(connection)
    if found is not None and found not in known:
        raise OpenError(
            f"{name} was made by a newer Otziv (schema {found}, this one knows up to {HEAD}): "
            "install that version or a later one"
        )
    command.upgrade(config, "head")
