"""Files that only we may read, written whole or not at all; writers of a folder wait in line."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from broker.files import write_whole

FOLDER_MODE: Final = 0o700


def make_folder(folder: Path) -> None:
    """Make ``folder`` where it is missing, and shut it to everyone else.

    Raises:
        OSError: it can't be made, or is not ours.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only writer of ``folder``; others, of any process, wait.

    The kernel lets go of the lock when its holder dies, so nothing is left to clear away.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_private(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, all or nothing, for our eyes only; under :func:`locked`."""
    write_whole(path, content)
