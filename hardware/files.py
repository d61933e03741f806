"""Files that a power cut leaves whole."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file so that after a power cut there is the old one or the new one.

    Args:
        path: of the file; its folder is there.
        content: all of it.
        mode: who may read and write it, from its first byte on.

    Raises:
        OSError: it can't be written; the old one stays.
    """
    fresh = path.with_name(f"{path.name}.otziv-new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123 it is a descriptor
        os.fchmod(descriptor, mode)  # the umask may have taken some of it away
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else the new name may be gone with the power
    finally:
        os.close(folder)
