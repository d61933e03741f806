"""Files written whole or not at all, whatever ends the writer."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put ``content`` at ``path``, all or nothing, and bring it to the disk.

    It is written beside its place and renamed: whoever is killed in between leaves what was there
    before, and a ``.new`` file that the next writer takes over. Two who may write the same file
    at once need a lock. It has ``mode`` from its first byte on, whatever was there before.

    Raises:
        OSError: it can't be written.
    """
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)  # whatever the umask says
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Bring a renaming to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
