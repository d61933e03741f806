"""Opening the feedback database, and transactions spelled out.

SQLite: write-ahead log with ``synchronous=FULL`` (the only pair that lost nothing in 960 simulated
power cuts), ``BEGIN IMMEDIATE`` so that a writer waits at the start and never fails in the middle.
PostgreSQL: read committed; what needs more takes a lock and says why.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

from broker.store.errors import ContentionError, OpenError, StoreError, UnavailableError

BUSY_TIMEOUT_S: Final = 15.0
"""How long a writer waits for another one."""

_CONTENTION: Final = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for a serialisation failure and a deadlock."""

_CACHE_KIB: Final = 64 * 1024


class Database:
    """A feedback database that is open; make one with :func:`broker.store.migrate.open_database`.

    Attributes:
        engine: SQLAlchemy's engine, for those who read through it.
        dialect: ``sqlite`` or ``postgresql``.
    """

    def __init__(self, url: str) -> None:
        """Prepare to open ``url``; nothing is touched before the first transaction."""
        self.url: Final = parse_url(url)
        self.engine: Final = _make_engine(self.url)
        self.dialect: Final = self.engine.dialect.name
        driver = self.engine.dialect.loaded_dbapi
        # Statements of the hot path go to the driver's cursor, so its errors come as they are.
        self._driver_errors: Final = (driver.OperationalError, driver.InterfaceError)
        self._reader: Final = self.engine.execution_options(otziv_reads=True)

    def __str__(self) -> str:
        """The address, without the password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write: all or nothing. On SQLite one writer at a time.

        Raises:
            ContentionError: another writer was in the way; do it all again.
            UnavailableError: locked for too long, full, or gone.
        """
        with self._translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read, without keeping a writer waiting.

        Raises:
            UnavailableError: gone or unreadable.
        """
        with self._translated(), self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Release all connections."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            raise self._translate(error.orig or error) from error
        except self._driver_errors as error:
            raise self._translate(error) from error

    def _translate(self, error: BaseException) -> StoreError:
        text = str(error).strip()
        if getattr(error, "sqlstate", None) in _CONTENTION:
            return ContentionError(f"database {self}: {text}")
        return UnavailableError(f"database {self}: {text}{_advice(text)}")


def parse_url(text: str) -> URL:
    """The address of a database: ``sqlite:///FILE`` or ``postgresql://…``.

    Raises:
        OpenError: it is neither.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise OpenError(
            f"{text!r} is no address of a database: write sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/NAME"
        ) from error
    kind = url.drivername.split("+")[0]
    if kind in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise OpenError(f"{kind} is not supported: use sqlite or postgresql")
    if not url.database or url.database == ":memory:":
        raise OpenError("the feedback store needs a file: write sqlite:///FILE")
    return url.set(drivername="sqlite")


def _make_engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    folder = Path(url.database or "").resolve().parent
    if not folder.is_dir():
        raise OpenError(f"folder {folder} of the database is not there: make it first")
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set a new connection up: transactions are ours to begin, and commits are durable."""
    connection.isolation_level = None
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")


def _begin_sqlite(connection: Connection) -> None:
    is_reader = connection.get_execution_options().get("otziv_reads", False)
    connection.connection.cursor().execute("BEGIN" if is_reader else "BEGIN IMMEDIATE")


def _advice(text: str) -> str:
    """What to do about the commonest troubles."""
    for sign, advice in _ADVICE.items():
        if sign in text:
            return f" ({advice})"
    return ""


_ADVICE: Final[dict[str, str]] = {
    "database is locked": "another program has been writing for long; end it or wait",
    "disk is full": "make room on the disk; nothing is lost, kiosks keep what has no receipt",
    "unable to open database file": "check that the file can be read and written by this user",
    "readonly database": "check that the file and its folder can be written by this user",
    "file is not a database": "the file is something else, or damaged",
    "onnection refused": "start the PostgreSQL server, or check its address",
    "password authentication failed": "check user and password in the address",
    "does not exist": "create the database first: createdb NAME",
}
