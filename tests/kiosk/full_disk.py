"""A disk without room: for this process, by the limit on the size of files, or a real one."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kiosk.ballast import Ballast


@contextmanager
def no_room() -> Iterator[None]:
    """While this lasts no file can be written to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class LiftingBallast(Ballast):
    """Ballast whose freeing makes room where none was, as on a full disk."""

    def free(self) -> bool:
        """Make room."""
        most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        return super().free()


@contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[Path]:
    """A disk of its own at ``folder``; root may mount one, and so may whoever has sudo."""
    folder.mkdir()
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    mount = [
        *sudo,
        "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={size_bytes},mode=777",
        "none",
        str(folder),
    ]
    subprocess.run(mount, check=True)
    try:
        yield folder
    finally:
        subprocess.run([*sudo, "umount", str(folder)], check=True)


def fill_up(folder: Path) -> Path:
    """Leave no room at all on the disk of ``folder``; returns the file that takes it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)) == 4096:
            pass
    return filler
