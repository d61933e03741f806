"""The file's header: which of a row's cells the map means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from otziv.replay.csvfile import Broken, Row, open_rows
from otziv.replay.errors import FileError
from otziv.replay.mapping import Map, tidy


class RowError(ValueError):
    """What is wrong with a row."""


class Header:
    """Where the map's columns are in the file.

    Raises:
        FileError: a column is not there, or is there twice.
    """

    def __init__(self, path: Path, names: list[str], mapping: Map) -> None:
        self.width = len(names)
        tidied = [tidy(name) for name in names]
        columns = mapping.columns
        wanted = [name for _, name in columns if name is not None]
        wrong = [name for name in wanted if tidied.count(name) != 1]
        if wrong:
            raise FileError(
                f"{path}: it must have one column {wrong[0]!r}, as [columns] of the map says; "
                f"it has {', '.join(map(repr, tidied))} (another delimiter or encoding?)"
            )
        self._index = {key: tidied.index(name) for key, name in columns if name is not None}
        self._last = max(self._index.values())

    def pick(self, cells: list[str]) -> dict[str, str]:
        """The cells of the map's columns, tidied, by the map's key.

        Raises:
            RowError: the row is too long or too short, or has bytes of another encoding.
        """
        if any(cell.strip() for cell in cells[self.width :]):
            raise RowError(
                f"has {len(cells)} cells, but the header has {self.width}: a cell with a "
                "delimiter in it must be in quotes"
            )
        if len(cells) <= self._last:
            raise RowError(f"ends after {len(cells)} cells, but the header has {self.width}")
        picked = {key: tidy(cells[index]) for key, index in self._index.items()}
        if any(not text.isascii() and not _is_text(text) for text in picked.values()):
            raise RowError("has bytes that are not of the file's encoding: set it in the map")
        return picked


def read_header(rows: Iterator[Row | Broken], path: Path, mapping: Map) -> Header:
    """The header of the file at ``path``, which is the first of ``rows``.

    Raises:
        FileError: there is none, or it lacks a column of the map.
    """
    first = next(rows, None)
    if not isinstance(first, Row):
        raise FileError(f"{path} has no header: its first line must name the columns")
    return Header(path, first.cells, mapping)


def check_header(path: Path, mapping: Map) -> None:
    """Find out whether the file at ``path`` can be replayed at all.

    Raises:
        FileError: it can't be read, or its header does not do.
    """
    with open_rows(path, mapping.encoding, mapping.delimiter) as rows:
        read_header(rows, path, mapping)


def _is_text(text: str) -> bool:
    """Whether ``text`` has no lone surrogates, which stand for unreadable bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
