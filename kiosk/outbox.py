"""The outbox, as the visitor's side sees it: what is in it survives, and only then is thanked for.

SQLite in WAL mode with ``synchronous=FULL``: when :meth:`Outbox.add` returns, the events are on
the disk. (Measured with a disk that loses unflushed sectors: NORMAL lost hundreds of
acknowledged commits a power cut, FULL none.) The relay empties it through
:class:`kiosk.backlog.Backlog`, a connection of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from kiosk.ballast import Ballast
from kiosk.clock import Reading
from kiosk.damage import Files, mark_of
from kiosk.database import Counts, OutboxError, connect, counts, reported, transaction
from kiosk.drafts import AnyDraft, write_draft
from kiosk.opening import prepare

_log: Final = logging.getLogger(__name__)


class Entry(NamedTuple):
    """A draft, and a reading of the clock: of any moment of the same boot as the press."""

    draft: AnyDraft
    reading: Reading


class Outbox:
    """Adds events. To be used by one thread, but for :meth:`condemn`.

    Args:
        path: where it is, or is to be made.
        ballast: freed when the disk is too full to commit.

    Attributes:
        stream: the outbox's own id, made with its file.
        set_aside: where a broken file was put when this one was made, else ``None``.
        is_damaged: whether nothing is taken any more, since it would be lost: the process is to
            end, and the next one salvages what there is.
    """

    def __init__(self, path: Path, ballast: Ballast | None = None) -> None:
        """Open or make the outbox at ``path``.

        Raises:
            OutboxError: the outbox is of a newer program, or the folder can't be written.
        """
        self.set_aside = prepare(path)
        self.is_damaged = False
        self._path, self._ballast = path, ballast
        with reported(path):
            self._connection = connect(path, "FULL")
        # The log is folded into the file by the relay's connection, not while a visitor waits.
        self._connection.execute("PRAGMA wal_autocheckpoint = 0")
        (self.stream,) = self._connection.execute("SELECT id FROM stream").fetchone()
        self._files = Files(path)

    def add(self, entries: Iterable[Entry]) -> list[int]:
        """Commit events, all or none; returns the numbers of those that are new.

        An event whose id is here already is kept already, and adding it again changes nothing.

        Raises:
            OutboxError: nothing was committed (the disk is full, or read-only, or broken), so
                nobody may be thanked.
        """
        return self._write(_INSERT, [_row(entry) for entry in entries])

    def probe(self) -> None:
        """Find out whether the outbox can commit, by committing what is no event.

        Raises:
            OutboxError: it can't.
        """
        self._write("UPDATE stream SET probes = probes + 1", [()])

    def counts(self) -> Counts:
        """How much there is.

        Raises:
            OutboxError: it can't be read.
        """
        return counts(self._connection)

    def condemn(self) -> None:
        """Take nothing any more, and have the next start salvage what there is. From any thread."""
        if not self.is_damaged:
            self.is_damaged = True
            _log.critical("the outbox %s is damaged: nothing is taken any more", self._path)
            with suppress(OSError):
                mark_of(self._path).touch()

    def close(self) -> None:
        """Release the files."""
        self._connection.close()
        self._files.close()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> list[int]:
        """Commit a statement; where the disk is full, once more without ballast."""
        try:
            return self._try_to_write(statement, rows)
        except OutboxError as error:
            if error.is_damaged:
                self.condemn()
            if self._ballast is None or not (error.is_full and self._ballast.free()):
                raise
        return self._try_to_write(statement, rows)

    def _try_to_write(self, statement: str, rows: list[tuple[Any, ...]]) -> list[int]:
        if self.is_damaged:
            raise OutboxError(f"the outbox {self._path} is damaged", is_damaged=True)
        self._files.check()  # what is written into a file that was deleted is lost with us
        with transaction(self._connection) as connection:
            numbers = [seq for row in rows for (seq,) in connection.execute(statement, row)]
        self._files.note()
        return numbers


# Not "ON CONFLICT DO NOTHING": that uses up a number, and numbers have no gaps.
_INSERT = (
    "INSERT INTO event (id, body, boot, uptime_ms, wall_ms, is_synced)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = ?1)"
    " RETURNING seq"
)


def _row(entry: Entry) -> tuple[str, bytes, str, int, int, bool]:
    """An entry's row: the clock's reading is turned back to the moment of the press."""
    draft, pressed = entry.draft, entry.reading.at(entry.draft.uptime_ms)
    return (
        draft.id,
        write_draft(draft),
        pressed.boot,
        pressed.uptime_ms,
        pressed.wall_ms,
        pressed.is_synced,
    )
