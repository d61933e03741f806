"""The archive inside of the encryption: entries in a row, compressed (tar and gzip)."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final

from otziv.backup.errors import BackupError
from otziv.backup.sealing import SealedReader, SealedWriter

_LEVEL: Final = 5
"""Of zlib: 6 and more cost twice the time for a few per cent."""


class Packer:
    """Adds entries, and notes their digests."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self.digests: dict[str, str] = {}

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add what is in memory."""
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self._archive.addfile(entry, io.BytesIO(content))
        self.digests[name] = hashlib.sha256(content).hexdigest()

    def add_still(self, name: str, path: Path) -> None:
        """Add a file that nobody changes meanwhile, of any size."""
        entry = tarfile.TarInfo(name)
        entry.size = path.stat().st_size
        with path.open("rb") as file:
            self.digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            self._archive.addfile(entry, file)


@contextmanager
def packing(file: IO[bytes], passphrase: str) -> Iterator[Packer]:
    """An archive to be written to ``file``; it is whole when the context is left in peace."""
    sealed = SealedWriter(file, passphrase)
    with (
        gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=_LEVEL, mtime=0) as pressed,
        tarfile.open(fileobj=pressed, mode="w|") as archive,
    ):
        yield Packer(archive)
    sealed.close()


def unpack(path: Path, passphrase: str, folder: Path) -> dict[str, str]:
    """Unpack all entries below ``folder``; entry → SHA-256.

    Raises:
        BackupError: damaged, cut off, another passphrase, or no room.
    """
    digests: dict[str, str] = {}
    with SealedReader(path, passphrase) as sealed:
        try:
            with (
                gzip.GzipFile(fileobj=sealed, mode="rb") as pressed,  # type: ignore[call-overload]
                tarfile.open(fileobj=pressed, mode="r|") as archive,
            ):
                for entry in archive:
                    content = archive.extractfile(entry)
                    if content is not None:
                        digests[entry.name] = _write(_goal(folder, entry.name), content)
            while sealed.read(1024 * 1024):
                pass  # the last piece proves that nothing is cut off
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BackupError(f"{path} is damaged inside: {error}") from error
        except OSError as error:
            raise BackupError(f"{path} can't be unpacked into {folder}: {error}") from error
    return digests


def _goal(folder: Path, name: str) -> Path:
    """Where an entry goes: below the folder, whatever it calls itself."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise BackupError(f"the backup has an entry {name!r}, which leads out of its folder")
    return folder.joinpath(*parts)


def _write(goal: Path, content: IO[bytes]) -> str:
    goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(goal, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
