"""What can still be read of a broken outbox, in an outbox of its own: same stream, same numbers.

What a visitor was thanked for is not given up for a bad page of the card. Pages hold about ten
events each, so most of a broken outbox can usually be read, around the damage.
"""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from broker.wire.events import MAX_INTEGER
from broker.wire.texts import STREAM
from kiosk.damage import has_header, log_of
from kiosk.database import (
    PAGE_BYTES,
    OutboxError,
    connect,
    create,
    header,
    reported,
    sync_folder,
    transaction,
)

_log: Final = logging.getLogger(__name__)

_CHUNK: Final = 1_000
"""Rows read at once: few enough for memory."""

_MOST_FAILURES: Final = 20_000
"""Readings that may fail before we give up: well below a second, some seconds on a small Pi."""

_is_stream: Final = re.compile(STREAM).fullmatch

_EVENTS: Final = (
    "SELECT seq, id, body, boot, uptime_ms, wall_ms, is_synced FROM event"
    " WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?"
)
_INSERT: Final = (
    "INSERT INTO event (seq, id, body, boot, uptime_ms, wall_ms, is_synced)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def salvage(broken: Path, into: Path) -> int:
    """Copy the events of the outbox ``broken`` that can be read to a new outbox ``into``.

    ``broken`` is only read. ``into`` is there whole or, without any event, not at all. Where it
    can't be written (the disk is full), the log says so, and people still have the broken file.

    Returns:
        How many events were salvaged.
    """
    fresh, mended = (into.with_name(f"{into.name}.{what}") for what in ("new", "mended"))
    _remove(fresh)  # of a salvage that a power cut ended
    count = 0
    try:
        with reported(into), closing(_Wreck(_readable(broken, mended))) as wreck:
            count = _copy(wreck, fresh) if wreck.stream else 0
            if count:
                fresh.replace(into)
                sync_folder(into.parent)
    except OutboxError as error:
        _log.error("nothing was salvaged of the broken outbox: %s", error)
        count = 0
    _remove(fresh)
    _remove(mended)
    _log.warning("salvaged %d events of the broken outbox", count)
    return count


def _readable(broken: Path, mended: Path) -> Path:
    """``broken``; or where its header is none, a copy at ``mended`` that has one, and its log."""
    _remove(mended)
    with broken.open("rb") as file:
        if has_header(file.read(len(header()))):
            return broken
    shutil.copyfile(broken, mended)
    with mended.open("r+b") as file:
        file.write(header())
        file.truncate(max(PAGE_BYTES, broken.stat().st_size))  # less is no page: the log is unread
    if log_of(broken).exists():
        shutil.copyfile(log_of(broken), log_of(mended))
    return mended


def _remove(outbox: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        outbox.with_name(outbox.name + suffix).unlink(missing_ok=True)


def _copy(wreck: _Wreck, fresh: Path) -> int:
    with closing(connect(fresh, "FULL")) as connection:
        create(connection, wreck.stream)
        with transaction(connection):
            _insert(connection, "INSERT INTO anchor VALUES (?, ?)", wreck.anchors())
            return _insert(connection, _INSERT, wreck.events())


def _insert(connection: sqlite3.Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert the rows that make sense; returns how many those are."""
    count = 0
    for row in rows:
        # A damaged row may be anything: an id that is there already, a text instead of a number.
        with suppress(sqlite3.IntegrityError):
            connection.execute(statement, row)
            count += 1
    return count


class _Wreck:
    """A broken outbox, read as far as it goes.

    Attributes:
        stream: its id; empty where even that can't be read.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        self._failures = 0
        stream = self._value("SELECT id FROM stream")
        self.stream = stream if isinstance(stream, str) and _is_stream(stream) else ""

    def anchors(self) -> list[tuple[Any, ...]]:
        """Boots and what dates their presses."""
        return self._read("SELECT boot, offset_ms FROM anchor") or []

    def events(self) -> Iterator[tuple[Any, ...]]:
        """Rows of events, the latest first.

        Where a thousand can't be read, the damage is somewhere in the next thousand numbers. In
        this order what is tried for nothing comes last: numbers of events gone long ago, when the
        damage is where the first event is.
        """
        last = MAX_INTEGER
        while last > 0 and self._failures < _MOST_FAILURES:
            rows = self._read(_EVENTS, 0, last, _CHUNK)
            if rows:
                yield from rows
                last = rows[-1][0] - 1
            elif rows is None:
                last = min(last, self._last_given_out())
                yield from self._between(last - _CHUNK + 1, last)
                last -= _CHUNK
            else:
                return

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _between(self, first: int, last: int) -> Iterator[tuple[Any, ...]]:
        """Rows by number; where they can't be read together, each half by itself."""
        rows = self._read(_EVENTS, first, last, _CHUNK)
        if rows is not None:
            yield from rows
        elif first < last and self._failures < _MOST_FAILURES:
            middle = (first + last) // 2
            yield from self._between(first, middle)
            yield from self._between(middle + 1, last)

    def _last_given_out(self) -> int:
        """The greatest number there ever was; 0 where that can't be read."""
        value = self._value("SELECT seq FROM sqlite_sequence WHERE name = 'event'")
        return value if isinstance(value, int) else 0

    def _value(self, query: str) -> object:
        """One value, if it can be read."""
        rows = self._read(query)
        return rows[0][0] if rows else None

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]] | None:
        """The rows of a query; ``None`` where the damage prevents it."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error:
            self._failures += 1
            return None
