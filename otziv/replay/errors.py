"""What makes a whole replay impossible; a single bad row is refused instead."""

from __future__ import annotations


class ReplayError(Exception):
    """A replay that can't be done; the text says what was wrong, where, and what to do."""


class MapError(ReplayError):
    """A map that can't be used; the text names the file, each key, and what to do."""


class FileError(ReplayError):
    """A file that can't be replayed at all; the text says why."""
