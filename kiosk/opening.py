"""Opening an outbox: a broken one is salvaged as far as it goes, set aside, and a new one begun."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.damage import is_emptied, is_log_spoilt, mark_of
from kiosk.database import (
    SCHEMA_VERSION,
    OutboxError,
    connect,
    create,
    reported,
    sync_folder,
)
from kiosk.salvage import salvage


def prepare(path: Path) -> Path | None:
    """Make sure that a good outbox stands at ``path``: make one, or set a broken one aside.

    Returns:
        Where a broken one was put, else ``None``. A new one is a new stream; what could be read
        of the broken one is in :func:`salvaged_outboxes`.

    Raises:
        OutboxError: the outbox is of a newer program, or the folder can't be written.
    """
    with reported(path):
        mark = mark_of(path)
        is_broken = path.exists() and (_is_broken(path) or mark.exists())
        aside = _set_aside(path) if is_broken else None
        mark.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(connect(path, "FULL")) as connection:
            create(connection)
        sync_folder(path.parent)
        return aside


def look_at(path: Path) -> tuple[str, int]:
    """SQLite's verdict on the outbox at ``path``, ``ok`` for a whole one, and what waits in it."""
    if is_emptied(path):
        return "the file is empty, its log is not", 0
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as found:
            (verdict,) = found.execute("PRAGMA quick_check(1)").fetchone()
            (waiting,) = found.execute("SELECT count(*) FROM event").fetchone()
    except sqlite3.Error as error:
        return str(error), 0
    return str(verdict), int(waiting)


def broken_outboxes(path: Path) -> list[Path]:
    """Broken outboxes that were set aside, and that nobody has looked at and removed yet."""
    return _numbered(path, "broken")


def salvaged_outboxes(path: Path) -> list[Path]:
    """What waits for receipts beside our own: read of broken outboxes, or of a name before."""
    return _numbered(path, "salvaged")


def _numbered(path: Path, what: str) -> list[Path]:
    form = re.compile(rf"{re.escape(path.name)}\.{what}-\d+")
    return sorted(found for found in path.parent.iterdir() if form.fullmatch(found.name))


def _is_broken(path: Path) -> bool:
    """Whether the file is damaged or not an outbox; it is only read.

    Raises:
        OutboxError: it is of a newer program.
    """
    if is_emptied(path) or is_log_spoilt(path):
        return True
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as found:
            (version,) = found.execute("PRAGMA user_version").fetchone()
            (verdict,) = found.execute("PRAGMA quick_check(1)").fetchone()
            (tables,) = found.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # can't be read, which is not broken
            raise
        return True
    if version > SCHEMA_VERSION:
        raise OutboxError(
            f"{path} was made by a newer program (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); install that program again, nothing was changed"
        )
    is_foreign = version == 0 and tables > 0
    return bool(verdict != "ok" or is_foreign)


def _set_aside(path: Path) -> Path:
    """Salvage a broken outbox, and rename it with what belongs to it, for people to look at.

    Salvaged first: a power cut in between leaves the broken one in its place, to begin again.
    """
    number = _free_number(path)
    aside = _aside(path, "broken", number)
    salvage(path, _aside(path, "salvaged", number))
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside


def set_whole_aside(path: Path) -> Path:
    """Rename a good outbox, closed and without a log beside it, to be sent like a salvaged one.

    Raises:
        OutboxError: it can't be renamed, or is broken: then :func:`prepare` salvages it.
    """
    with reported(path):
        if _is_broken(path):
            raise OutboxError(f"{path} is broken")
        aside = _aside(path, "salvaged", _free_number(path))
        for suffix in ("-wal", "-shm"):  # empty: what one outbox leaves is not the next one's
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.rename(aside)
        sync_folder(path.parent)
        return aside


def _free_number(path: Path) -> int:
    number = 1
    while any(_aside(path, what, number).exists() for what in ("broken", "salvaged")):
        number += 1
    return number


def _aside(path: Path, what: str, number: int) -> Path:
    return path.with_name(f"{path.name}.{what}-{number}")
