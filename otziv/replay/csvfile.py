"""Rows of a CSV file as it was exported: every one is given out, whole or with what is wrong.

``csv`` reads a quote that is never closed as one endless cell, and swallows the rows after it.
So a row over several lines is believed only if its quotes add up; else its first line alone is
broken, and reading goes on with the next.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otziv.replay.errors import FileError

MAX_LINES: Final = 200
"""Lines of one row: more are a quote that is not closed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``line`` is where it starts in the file, counted from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row."""

    line: int
    reason: str


class _Lines:
    """Lines of a file, which can be taken back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.first = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) == MAX_LINES:
            raise csv.Error("too many lines")
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        return line

    def accept(self) -> None:
        """All that was taken is done with."""
        self.first += len(self.taken)
        self.taken.clear()

    def accept_one(self) -> None:
        """Only the first line is done with; the others will come again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.first += 1
        self.taken.clear()


def read_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row | Broken]:
    """Rows in order; lines without any text are left out, since nothing is said there."""
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or (len(source.taken) > 1 and not _adds_up(source.taken, delimiter)):
            yield Broken(source.first, "a quote in this line is not closed, or stands astray")
            source.accept_one()
            # The old reader has met the end of the lines, or remembers half a row.
            reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True)
            continue
        if any(cell.strip() for cell in cells):
            yield Row(source.first, cells)
        source.accept()


def _adds_up(lines: list[str], delimiter: str) -> bool:
    """Whether ``lines`` are one row by the strict rule: quotes around whole cells, all closed."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return False
    return len(rows) == 1


@contextmanager
def open_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Iterator[Row | Broken]]:
    """Open ``path``. Bytes that are not of ``encoding`` are kept as lone surrogates.

    Raises:
        FileError: the file can't be read.
    """
    try:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as lines:
            yield read_rows(lines, delimiter)
    except OSError as error:
        raise FileError(f"{path} can't be read: {error.strerror or error}") from error
    except UnicodeError as error:
        raise FileError(f"{path} is not {encoding}: {error}; set encoding in the map") from error


def count_lines(path: Path) -> int:
    """How many lines there are, roughly the rows: for the progress bar."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
