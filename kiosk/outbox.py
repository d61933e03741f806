"""The outbox, as the visitor's side sees it: what is in it survives, and only then is thanked for.

SQLite in WAL mode with ``synchronous=FULL``: when :meth:`Outbox.add` returns, the events are on
the disk. (Measured with a disk that loses unflushed sectors: NORMAL lost hundreds of
acknowledged commits a power cut, FULL none.) The relay empties it through
:class:`kiosk.backlog.Backlog`, a connection of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kiosk.clock import Reading
from kiosk.database import Counts, OutboxError, connect, counts, reported, transaction
from kiosk.drafts import AnyDraft, write_draft
from kiosk.opening import prepare


class Entry(NamedTuple):
    """A draft, and a reading of the clock: of any moment of the same boot as the press."""

    draft: AnyDraft
    reading: Reading


class Outbox:
    """Adds events. To be used by one thread.

    Attributes:
        stream: the outbox's own id, made with its file.
        set_aside: where a broken file was put when this one was made, else ``None``.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the outbox at ``path``.

        Raises:
            OutboxError: the outbox is of a newer program, or the folder can't be written.
        """
        self.set_aside = prepare(path)
        with reported(path):
            self._connection = connect(path, "FULL")
        # The log is folded into the file by the relay's connection, not while a visitor waits.
        self._connection.execute("PRAGMA wal_autocheckpoint = 0")
        (self.stream,) = self._connection.execute("SELECT id FROM stream").fetchone()
        self._files = (path, path.with_name(f"{path.name}-wal"))
        self._inodes = self._look_up()

    def add(self, entries: Iterable[Entry]) -> list[int]:
        """Commit events, all or none; returns the numbers of those that are new.

        An event whose id is here already is kept already, and adding it again changes nothing.

        Raises:
            OutboxError: nothing was committed (the disk is full, or read-only, or broken), so
                nobody may be thanked.
        """
        rows = [_row(entry) for entry in entries]
        self._check_files()
        with transaction(self._connection) as connection:
            return [seq for row in rows for (seq,) in connection.execute(_INSERT, row)]

    def probe(self) -> None:
        """Find out whether the outbox can commit, by committing what is no event.

        Raises:
            OutboxError: it can't.
        """
        self._check_files()
        with transaction(self._connection) as connection:
            connection.execute("UPDATE stream SET probes = probes + 1")

    def counts(self) -> Counts:
        """How much there is.

        Raises:
            OutboxError: it can't be read.
        """
        return counts(self._connection)

    def _look_up(self) -> list[int]:
        with reported():
            return [file.stat().st_ino for file in self._files]

    def _check_files(self) -> None:
        """What is written into a file that was deleted is lost with this process.

        Raises:
            OutboxError: a file is gone, or another one stands in its place.
        """
        if self._look_up() != self._inodes:
            raise OutboxError(f"the outbox {self._files[0]} was replaced: restart the kiosk")

    def close(self) -> None:
        """Release the file."""
        self._connection.close()


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
