"""The folder where backups lie: names, one writer at a time, how long they are kept."""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from otziv.backup.errors import BackupError
from otziv.backup.manifest import stamp
from portal.upkeep.erasure import FILE as ERASURES

SUFFIX: Final = ".otziv-backup"
PART: Final = ".part"
_NAME: Final = re.compile(
    rf"otziv-(?P<site>[a-z0-9-]+)-(?P<at>\d{{8}}T\d{{6}}Z){re.escape(SUFFIX)}"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies in a folder."""

    path: Path
    made_at: datetime


def name_of(site: str, at: datetime) -> str:
    """What a backup is called."""
    return f"otziv-{site}-{stamp(at)}{SUFFIX}"


def erasures_in(folder: Path, site: str) -> Path:
    """Where the list of a municipality's erased people lies beside its backups."""
    return folder / f"otziv-{site}-{ERASURES}"


def erasures_beside(backup: Path) -> Path | None:
    """Where the list belongs for this backup; ``None``: its name does not tell whose it is."""
    match = _NAME.fullmatch(backup.name)
    return erasures_in(backup.absolute().parent, match["site"]) if match is not None else None


def backups_in(folder: Path, site: str) -> list[Kept]:
    """The backups of a municipality, oldest first."""
    found: list[Kept] = []
    for path in folder.glob(f"*{SUFFIX}"):
        match = _NAME.fullmatch(path.name)
        if match is not None and match["site"] == site:
            at = datetime.strptime(match["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(Kept(path, at))
    return sorted(found, key=lambda kept: kept.made_at)


def drop_old(folder: Path, site: str, days: int, now: datetime) -> list[Path]:
    """Delete backups older than ``days``, but never the newest; those that went."""
    old = [kept for kept in backups_in(folder, site)[:-1] if kept.made_at < now - timedelta(days)]
    for kept in old:
        kept.path.unlink()
    return [kept.path for kept in old]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the only one who makes a backup there, and clear away what a killed one left.

    Raises:
        BackupError: somebody else is, or the folder can't be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / ".otziv-backup.lock").open("a")
    except OSError as error:
        raise BackupError(f"{folder} can't be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError(f"another backup is being made in {folder}: wait for it") from error
        for left in folder.glob(f"*{PART}"):
            _clear(left)
        yield


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
