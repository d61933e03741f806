"""What an outbox's two files look like while they are whole: cheap enough for every press.

SQLite keeps pages in memory, so a file that somebody or the card spoils under it may go unnoticed
for hours, while commits go on into what no restart can read. What is looked at here can't change
in a whole outbox: the beginnings of both files, and that neither becomes shorter.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.database import OutboxError, header, reported

MARK: Final = ".damaged"
"""What the name of a file ends in that tells the next start: this outbox is to be salvaged."""

_FIXED: Final = 24
"""So many bytes at the beginning of an outbox are the same in all of them."""

_LOG_HEADER: Final = 32
_LOG_FIXED: Final = tuple(
    magic.to_bytes(4, "big") + (3_007_000).to_bytes(4, "big") for magic in (0x377F0682, 0x377F0683)
)
"""How a write-ahead log begins: https://www.sqlite.org/fileformat2.html#walformat."""


class Files:
    """The files of an outbox in use.

    To be closed after all connections: whoever closes a file gives up all locks that the process
    has on it, SQLite's as well.

    Raises:
        OutboxError: they can't be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._paths = (path, log_of(path))
        with reported(path):
            self._inodes, self._sizes = self._look_up()
            self._file = path.open("rb", buffering=0)
            self._beginning = self._begin()

    def check(self) -> None:
        """See whether they are the files they were, and whole as far as that is quickly seen.

        Raises:
            OutboxError: what is written into them now would be lost.
        """
        with reported(self._path):
            inodes, sizes = self._look_up()
            if inodes != self._inodes:
                raise OutboxError(f"the outbox {self._path} was replaced: restart the kiosk")
            is_shorter = any(now < before for now, before in zip(sizes, self._sizes, strict=True))
            is_spoilt = self._begin() != self._beginning
            if is_shorter or is_spoilt or is_log_spoilt(self._path):
                raise OutboxError(f"the outbox {self._path} is damaged", is_damaged=True)
            self._sizes = sizes

    def note(self) -> None:
        """Remember what was just committed: so long the files have to be from now on."""
        with suppress(OSError):  # the next check finds out
            self._sizes = self._look_up()[1]

    def _begin(self) -> bytes:
        return os.pread(self._file.fileno(), _FIXED, 0)

    def _look_up(self) -> tuple[list[int], list[int]]:
        """Numbers and sizes of both files."""
        found = [path.stat() for path in self._paths]
        return [each.st_ino for each in found], [each.st_size for each in found]

    def close(self) -> None:
        """Release the file."""
        self._file.close()


def log_of(path: Path) -> Path:
    """The write-ahead log of the outbox at ``path``."""
    return path.with_name(f"{path.name}-wal")


def mark_of(path: Path) -> Path:
    """What stands beside a damaged outbox until it is salvaged."""
    return path.with_name(path.name + MARK)


def has_header(content: bytes) -> bool:
    """Whether ``content`` begins as an outbox does."""
    return content[:_FIXED] == header()[:_FIXED]


def is_emptied(path: Path) -> bool:
    """Whether the outbox is empty and its log is not: SQLite would delete the log, unread."""
    return path.stat().st_size == 0 and _size(log_of(path)) > 0


def is_log_spoilt(path: Path) -> bool:
    """Whether the log of the outbox at ``path`` begins as none does; SQLite would take it as empty.

    Zeros are no damage: a power cut leaves them where nothing was committed yet.
    """
    log = log_of(path)
    if _size(log) < _LOG_HEADER:
        return False
    with log.open("rb") as file:
        beginning = file.read(_LOG_HEADER)
    return any(beginning) and not beginning.startswith(_LOG_FIXED)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
