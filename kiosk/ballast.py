"""The ballast: a file that is there to be thrown overboard when the disk is full.

Deleting from a database writes, too: on a full disk not even the events that have their receipt
could be deleted (measured). The ballast's room makes that possible.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from pathlib import Path
from typing import Final

BALLAST_BYTES: Final = 4 * 1024 * 1024
"""Room for some thousand deletions, and as many presses."""

_RESERVE: Final = 4
"""Taken up again only when this many times its size is free: not at once, to be freed again."""

_log: Final = logging.getLogger(__name__)


class Ballast:
    """A file of ``size_bytes`` at ``path``, with its blocks really allocated."""

    def __init__(self, path: Path, size_bytes: int = BALLAST_BYTES) -> None:
        self._path = path
        self._size_bytes = size_bytes

    @property
    def is_there(self) -> bool:
        """Whether there is something to free."""
        return self._path.exists()

    def fill(self) -> None:
        """Take the room up, unless it is taken or the disk has little."""
        free_bytes = shutil.disk_usage(self._path.parent).free
        if self.is_there or free_bytes < _RESERVE * self._size_bytes:
            return
        try:
            with self._path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._size_bytes)
        except OSError as error:
            _log.warning("no ballast: %s", error)
            self.free()

    def free(self) -> bool:
        """Give the room back; returns whether there was any."""
        with contextlib.suppress(OSError):
            self._path.unlink()
            _log.warning("the disk is full: freed the ballast")
            return True
        return False
