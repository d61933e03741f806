"""Opening the feedback database, and transactions spelled out.

SQLite: write-ahead log with ``synchronous=FULL`` (the only pair that lost nothing in 960 simulated
power cuts), ``BEGIN IMMEDIATE`` so that a writer waits at the start and never fails in the middle.
PostgreSQL: read committed; what needs more takes a lock and says why. A commit is on its disk
before it counts, and a server that falls silent is given up within a minute.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from broker.store.discretion import keep_values_out
from broker.store.errors import ContentionError, OpenError, StoreError, UnavailableError

BUSY_TIMEOUT_S: Final = 15.0
"""How long a writer waits for another one."""

_CONTENTION: Final = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for a serialisation failure and a deadlock."""

_IDENTITY: Final = "otziv_file"

_CACHE_KIB: Final = 64 * 1024

CONNECT_TIMEOUT_S: Final = 10
"""How long PostgreSQL may take to answer at first."""

_SILENCE: Final[dict[str, int]] = {
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
"""libpq's settings against a network that swallows packets: without them TCP waits a quarter of
an hour for what was sent, and for ever for an answer. An address may set others."""

_DURABLE: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)
"""A receipt is given for what was committed; ``off`` would lose some of it in a crash. What a
cluster asks of its standbys (``local``, ``remote_apply`` …) is left alone."""


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
        self._file: Final = Path(self.url.database or "") if self.dialect == "sqlite" else None
        driver = self.engine.dialect.loaded_dbapi
        # Statements of the hot path go to the driver's cursor, so its errors come as they are.
        self._driver_errors: Final = (driver.OperationalError, driver.InterfaceError)
        self._reader: Final = self.engine.execution_options(otziv_reads=True)

    def __str__(self) -> str:
        """The address, without the password, wherever it stands."""
        return show_url(self.url)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write: all or nothing. On SQLite one writer at a time.

        Raises:
            ContentionError: another writer was in the way; do it all again.
            UnavailableError: locked for too long, full, or gone.
        """
        with self._translated(), self.engine.begin() as connection:
            yield connection
            self._check_file(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read, without keeping a writer waiting.

        Raises:
            UnavailableError: gone or unreadable.
        """
        with self._translated(), self._reader.begin() as connection:
            yield connection
            self._check_file(connection)

    def _check_file(self, connection: Connection) -> None:
        """See that the file we write to is the one that others find at its path.

        Somebody may have deleted it, or put a backup in its place: what we commit then is gone
        with our last connection, however durable. Costs a system call a transaction.
        """
        if self._file is None or connection.info.get(_IDENTITY) == _identity(self._file):
            return
        connection.invalidate()
        self.engine.dispose()  # the next transaction looks at what is there now
        raise UnavailableError(
            f"database {self}: the file was deleted or replaced while in use; nothing was stored. "
            "Put it back, or leave what is there now"
        )

    def close(self) -> None:
        """Release all connections."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeoutError as error:
            raise UnavailableError(
                f"database {self}: all its connections are in use; the same may work later"
            ) from error
        except (OperationalError, InterfaceError) as error:
            raise self._translate(error.orig or error) from error
        except self._driver_errors as error:
            raise self._translate(error) from error

    def _translate(self, error: BaseException) -> StoreError:
        text = str(error).strip()
        if getattr(error, "sqlstate", None) in _CONTENTION:
            return ContentionError(f"database {self}: {text}")
        return UnavailableError(f"database {self}: {text}{_advice(text)}")


def show_url(url: URL) -> str:
    """A database's address for people to see: without the password, wherever it stands."""
    shown = url.difference_update_query(["password", "sslpassword"])
    return shown.render_as_string(hide_password=True)


def parse_url(text: str) -> URL:
    """The address of a database: ``sqlite:///FILE`` or ``postgresql://…``.

    Raises:
        OpenError: it is neither.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        # Neither quoted nor chained: a password may stand wherever it was mistyped.
        begin = re.split("[:?]", text)[0]
        shown = repr(text) if begin == text else f"{begin + ':…'!r}"
        raise OpenError(
            f"{shown} is no address of a database: write sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST:PORT/NAME, the port a number"
        ) from None
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
        return _make_postgresql(url)
    folder = Path(url.database or "").resolve().parent
    if not folder.is_dir():
        raise OpenError(f"folder {folder} of the database is not there: make it first")
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)
    keep_values_out(engine)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_postgresql(url: URL) -> Engine:
    wanted = {"connect_timeout": CONNECT_TIMEOUT_S, **_SILENCE}
    defaults = {name: value for name, value in wanted.items() if name not in url.query}
    engine = create_engine(url, pool_pre_ping=True, connect_args=defaults, hide_parameters=True)
    keep_values_out(engine)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    """Set a new connection up: commits are durable."""
    connection.cursor().execute(_DURABLE)
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    """Set a new connection up: transactions are ours to begin, and commits are durable."""
    ((_, _, path),) = connection.execute("PRAGMA database_list").fetchall()
    record.info[_IDENTITY] = _identity(Path(path))
    connection.isolation_level = None
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one at the same path; ``None`` where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
