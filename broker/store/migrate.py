"""Making a database and bringing it up to date, safely when two programs open it at once.

There are two databases with a schema each: this store's, and the portal's (``portal.store``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DatabaseError as BadDatabaseError

from broker.store.database import Database
from broker.store.errors import OpenError


class Schema(NamedTuple):
    """What a database is brought up to.

    Attributes:
        what: the database's name for people.
        head: the newest revision in its ``versions`` folder; a test holds it. Known here, so that
            opening a database that is up to date need not load Alembic.
        version_table: where the database says which revision it has.
        folder: of Alembic's scripts.
        lock: PostgreSQL's advisory lock of whoever migrates; any number that nobody else uses.
    """

    what: str
    head: str
    version_table: str
    folder: Path
    lock: int


VERSION_TABLE: Final = "feedback_version"

FEEDBACK: Final = Schema(
    "feedback", "0006", VERSION_TABLE, Path(__file__).parent / "migrations", 0x07216F76
)


def open_database(url: str, schema: Schema = FEEDBACK) -> Database:
    """Open the database at ``url``, making or updating it where needed.

    Raises:
        OpenError: wrong address, not a database, or made by a newer program.
        UnavailableError: locked for too long, or no such server.
    """
    database = Database(url)
    try:
        migrate(database, schema)
        if schema is FEEDBACK:
            _count_rollups(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database, schema: Schema = FEEDBACK) -> None:
    """Bring the schema up to date in one transaction; nothing happens where it is.

    Raises:
        OpenError: not a database of ours, or made by a newer program.
    """
    try:
        with database.reading() as connection:
            if _version(connection, schema) == schema.head:
                return
        with database.transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({schema.lock})")
            _upgrade(connection, str(database), schema)
    except BadDatabaseError as error:
        raise OpenError(
            f"{database} can't be used as a {schema.what} database: {error.orig}"
        ) from error


def _count_rollups(database: Database) -> None:
    """Count the rollups from the rows where a migration brought new ones; once, however often it
    is interrupted. No collector writes before: who opens the database comes by here.
    """
    from broker.store.rebuild import is_due, rebuild  # noqa: PLC0415  # seldom needed

    with database.reading() as connection:
        wanted = is_due(connection)
    if wanted:
        rebuild(database, only_if_due=True)


def _version(connection: Connection, schema: Schema) -> str | None:
    """The schema's revision; ``None`` for a new database."""
    if not inspect(connection).has_table(schema.version_table):
        return None
    found: str | None = connection.exec_driver_sql(
        f"SELECT version_num FROM {schema.version_table}"  # noqa: S608  # a constant of ours
    ).scalar()
    return found


def _upgrade(connection: Connection, name: str, schema: Schema) -> None:
    from alembic import command  # noqa: PLC0415  # 0.2 s, and seldom needed
    from alembic.config import Config  # noqa: PLC0415  # as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(schema.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _version(connection, schema)
    if found is not None and found not in known:
        raise OpenError(
            f"{name} was made by a newer Otziv (schema {found}, this one knows up to "
            f"{schema.head}): install that version or a later one"
        )
    command.upgrade(config, "head")
