"""Making a backup: databases, files and keys in one encrypted file, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from broker.store.database import parse_url
from otziv.backup.archive import Packer, packing
from otziv.backup.databases import copy_database, count_rows
from otziv.backup.errors import BackupError
from otziv.backup.folder import PART, alone_in, erasures_in, name_of
from otziv.backup.known_folders import folders_to_tell, forget, remember
from otziv.backup.manifest import NAME, VERSION, Manifest
from otziv.backup.restoring import KEY_CHECK, Restored, restore
from otziv.installation import Installation
from portal.audit.heads import FILE as HEADS
from portal.keys import KeyFileError, read_keys
from portal.upkeep.erasure import FILE as ERASURES
from portal.web.opening import KEY_FILE

_LEFT_OUT: Final = frozenset({"broker", "demo", "logs", "running.json", "running.lock"})
"""Of the data folder: what kiosks send again, what is invented, what was said, who runs now."""
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""A database of SQLite, and its companions."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made.

    Attributes:
        size_bytes: of the file.
        proof: what restoring it showed; ``None`` where that was not wanted.
    """

    path: Path
    size_bytes: int
    manifest: Manifest
    proof: Restored | None


def make_backup(
    installation: Installation,
    folder: Path,
    passphrase: str,
    *,
    now: datetime,
    is_proved: bool = True,
) -> Made:
    """Make a backup of a running or resting installation.

    Args:
        installation: of which.
        folder: where to; made where it is missing.
        passphrase: with which it is encrypted.
        now: for its name.
        is_proved: restore it into a folder beside it, and look whether all is there.

    Raises:
        BackupError: it could not be made; nothing is left behind.
    """
    with alone_in(folder):
        final = folder / name_of(installation.settings.site, now)
        work, part = folder / f"{final.stem}{PART}", folder / f"{final.name}{PART}"
        is_new = False
        try:
            work.mkdir(mode=0o700)
            is_new = remember(installation, folder)  # first, so that the backup knows it, too
            manifest = _pack(installation, folder, work, part, passphrase)
            proof = restore(part, passphrase, work / "proof") if is_proved else None
            part.replace(final)
            _sync(folder)
            carry_erasures(installation, folder)
        except OSError as error:
            raise BackupError(f"no backup in {folder}: {error}") from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
            part.unlink(missing_ok=True)
            if is_new and not final.exists():
                forget(installation, folder)
    return Made(final, final.stat().st_size, manifest, proof)


def carry_erasures(installation: Installation, folder: Path) -> None:
    """Put the list of erased people beside the backups: whoever restores one needs it.

    An empty one says that nobody was erased. What stands there already stays: an installation that
    was restored without the list does not know of everybody.
    """
    beside = erasures_in(folder, installation.settings.site)
    lines = (_read(beside) or b"").splitlines()
    lines += (_read(installation.portal_files / ERASURES) or b"").splitlines()
    # Not a PART: whoever makes a backup at the same time clears those away.
    fresh = beside.with_name(f"{beside.name}.{os.getpid()}")
    fresh.write_bytes(b"".join(line + b"\n" for line in dict.fromkeys(lines)))
    fresh.replace(beside)
    _sync(folder)


def carry_everywhere(installation: Installation) -> list[Path]:
    """Put the list beside all backups that were ever made; folders that it could not be put in."""
    here, away = folders_to_tell(installation)
    for folder in here:
        try:
            carry_erasures(installation, folder)
        except OSError:
            away.append(folder)
    return away


def _pack(
    installation: Installation, folder: Path, work: Path, part: Path, passphrase: str
) -> Manifest:
    """Copy the databases, then put all of it into the encrypted file."""
    # Heads first: one of an entry behind the copy would say that the log was cut off.
    heads = _read(installation.portal_files / HEADS)
    made_at = datetime.now(UTC)
    copies = _copy_databases(installation, work)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, packing(file, passphrase) as packer:
        for copy in copies:
            packer.add_still(f"databases/{copy.name}", copy)
        _add_files(packer, installation, folder, heads)
        manifest = Manifest(
            version=VERSION,
            otziv=version("otziv"),
            site=installation.settings.site,
            made_at=made_at,
            key_check=_key_check(installation),
            digests=dict(packer.digests),
            places={name: _place(installation, url) for name, url in _databases(installation)},
            rows={copy.stem: count_rows(copy) for copy in copies},
        )
        packer.add_bytes(NAME, manifest.written())
    return manifest


def _databases(installation: Installation) -> list[tuple[str, str]]:
    """Name and address, in the order in which they are copied.

    The portal first: an answer whose one-time link looks unspent is known by its id when it comes
    again; the other way round it would be lost.
    """
    return [
        ("portal", installation.portal_database_url),
        ("feedback", installation.database_url),
    ]


def _copy_databases(installation: Installation, work: Path) -> list[Path]:
    copies = [
        copy_database(url, work, name) for name, url in _databases(installation) if _is_there(url)
    ]
    if not copies:
        raise BackupError(f"{installation.data} has no database: there is nothing to back up")
    return copies


def _is_there(url: str) -> bool:
    """Whether there is such a database; one of PostgreSQL that is not is an error."""
    parsed = parse_url(url)
    return parsed.drivername != "sqlite" or Path(str(parsed.database)).exists()


def _add_files(
    packer: Packer, installation: Installation, folder: Path, heads: bytes | None
) -> None:
    heads_path = installation.portal_files / HEADS
    for path in _files(installation, folder):
        content = heads if path == heads_path else _read(path)
        if content is not None:  # else it was erased meanwhile
            packer.add_bytes(f"data/{path.relative_to(installation.data).as_posix()}", content)


def _files(installation: Installation, folder: Path) -> Iterator[Path]:
    """What else belongs to the installation: settings, secrets, keys, uploads."""
    databases = {Path(str(parse_url(url).database)) for _, url in _databases(installation)}
    beside = {path.with_name(path.name + end) for path in databases for end in _BESIDE}
    for path in sorted(installation.data.rglob("*")):
        first = path.relative_to(installation.data).parts[0]
        is_wanted = first not in _LEFT_OUT and path not in beside and path.suffix != ".new"
        if is_wanted and path.is_file() and folder.absolute() not in path.parents:
            yield path


def _key_check(installation: Installation) -> str:
    path = installation.portal_files / KEY_FILE
    if not path.exists():
        return ""
    try:
        return read_keys(path).sign(KEY_CHECK, installation.settings.site)
    except KeyFileError as error:
        raise BackupError(str(error)) from error


def _place(installation: Installation, url: str) -> str:
    """Where a database of SQLite stands in the data folder; empty: elsewhere."""
    parsed = parse_url(url)
    path = Path(str(parsed.database))
    if parsed.drivername != "sqlite" or not path.is_relative_to(installation.data):
        return ""
    return path.relative_to(installation.data).as_posix()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _sync(folder: Path) -> None:
    """Bring a renaming to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
