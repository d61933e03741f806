"""Findings of the day, reckoned once for all who see the same places."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from threading import Lock
from typing import Final

from analytics.closed.book import Book
from analytics.figures.findings import Finding, findings


class KeptFindings:
    """What was found in the book as it is now, by the units that are looked at."""

    def __init__(self) -> None:
        """Nothing was looked for yet."""
        self._lock: Final = Lock()
        self._book: Book | None = None
        self._found: dict[frozenset[str], list[Finding]] = {}

    def of(self, book: Book, units: AbstractSet[str]) -> list[Finding]:
        """The findings in the ``book`` of all, for somebody who sees these units; none: all."""
        with self._lock:
            if book is not self._book:
                self._book, self._found = book, {}
            key = frozenset(units)
            if key not in self._found:
                self._found[key] = findings(book.only(key))
            return self._found[key]
