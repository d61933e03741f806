"""The file behind the outbox: its tables, how it is opened, and what its errors mean."""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from hardware.errors import ReadableError

OUTBOX_NAME: Final = "outbox.db"
"""The file's name in the kiosk's data folder."""

SCHEMA_VERSION: Final = 1
PAGE_BYTES: Final = 4096
"""SQLite's own choice, at which all outboxes were made."""

BUSY_TIMEOUT_S: Final = 10.0
"""How long one connection waits for the other; each holds the lock for one short transaction."""

_NO_ROOM: Final = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
)
"""What a full disk looks like, and a quota that is used up."""

_NO_ROOM_FOR_FILES: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_SCHEMA: Final = """
CREATE TABLE stream (
    id TEXT NOT NULL,
    probes INTEGER NOT NULL DEFAULT 0      -- changed to see whether a commit goes through
) STRICT;
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, -- so that no number is used twice, rows left or not
    id TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL,
    boot TEXT NOT NULL,
    uptime_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    is_synced INTEGER NOT NULL,
    is_refused INTEGER NOT NULL DEFAULT 0  -- by our own codec: kept, but not in the way
) STRICT;
CREATE TABLE anchor (boot TEXT PRIMARY KEY, offset_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


class OutboxError(ReadableError):
    """The outbox can't do what was asked; nothing was changed.

    Attributes:
        is_full: whether the reason is, or may be, a full disk.
        is_damaged: whether what the files hold is not what was written: only salvage helps.
    """

    def __init__(self, detail: str, *, is_full: bool = False, is_damaged: bool = False) -> None:
        super().__init__(detail)
        self.is_full = is_full
        self.is_damaged = is_damaged


def connect(path: Path, synchronous: Literal["FULL", "NORMAL"]) -> sqlite3.Connection:
    """Open a connection in WAL mode; transactions are begun and ended by hand.

    Raises:
        sqlite3.Error: it can't be opened.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: committed at the end, rolled back on any error.

    Raises:
        OutboxError: it could not be begun, filled or committed.
    """
    with reported():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def reported(path: Path | None = None) -> Iterator[None]:
    """Turn the errors of SQLite and the file system into :class:`OutboxError`."""
    where = f" ({path})" if path else ""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        raise OutboxError(
            f"the outbox{where} failed: {error}",
            is_full=code in _NO_ROOM,
            is_damaged=code & 0xFF in _DAMAGE or code == sqlite3.SQLITE_IOERR_SHORT_READ,
        ) from error
    except OSError as error:
        is_full = error.errno in _NO_ROOM_FOR_FILES
        raise OutboxError(f"the outbox{where} failed: {error}", is_full=is_full) from error


def create(connection: sqlite3.Connection, stream: str | None = None) -> None:
    """Make the tables and the stream's id, all or nothing, where there are none.

    Args:
        connection: to the outbox.
        stream: its id; a new one if left out.
    """
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute("INSERT INTO stream (id) VALUES (?)", (stream or secrets.token_hex(16),))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")


@cache
def header() -> bytes:
    """How an outbox begins: the first 100 bytes, without what changes with its content.

    Where they say neither the number of pages nor a list of free ones, SQLite takes the file's
    size, and finds all tables: https://www.sqlite.org/fileformat2.html#the_database_header.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        create(connection)
        content = bytearray(connection.serialize()[:100])
    content[18:20] = b"\2\2"  # in WAL mode
    content[28:40] = bytes(12)
    return bytes(content)


def sync_folder(folder: Path) -> None:
    """Make new names in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Counts(NamedTuple):
    """How much there is: the greatest number given out, events kept, those we can't send."""

    last_seq: int
    waiting: int
    refused: int


def counts(connection: sqlite3.Connection) -> Counts:
    """How much is in an outbox.

    Raises:
        OutboxError: it can't be read.
    """
    with reported():
        row = connection.execute(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0),"
            " count(*), coalesce(sum(is_refused), 0) FROM event"
        ).fetchone()
    return Counts(*row)
