"""Restoring a backup into a new folder, and proving that it is what was backed up."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broker.store.database import Database
from otziv.backup.archive import unpack
from otziv.backup.databases import check_dump, check_sqlite, count_rows
from otziv.backup.errors import BackupError
from otziv.backup.folder import PART
from otziv.backup.manifest import NAME, Manifest, read_manifest
from portal.audit.heads import FILE as HEADS
from portal.audit.heads import HeadsError, read_heads
from portal.audit.verify import verify
from portal.keys import KeyFileError, Keys, read_keys
from portal.web.opening import KEY_FILE

PORTAL_FILES: Final = "portal"
"""The portal's folder in the data folder."""
KEY_CHECK: Final = "backup-check"
"""For which use the portal's key signs, to show later that it is the one."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and proved.

    Attributes:
        databases: name → the restored file, or the dump that has to be put into PostgreSQL.
        audit_entries: of the audit log, whose chain is whole; ``None``: it is in a dump.
        has_key: whether the portal's key is there, and is the one.
    """

    manifest: Manifest
    databases: dict[str, Path]
    audit_entries: int | None
    has_key: bool


def restore(path: Path, passphrase: str, into: Path) -> Restored:
    """Restore a backup into the folder ``into``, which must not be there or be empty.

    Raises:
        BackupError: damaged, cut off, another passphrase, not what was backed up, or no room;
            nothing is left behind.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise BackupError(f"{into} is not empty: name a new folder; nothing was changed")
    work = into.with_name(f"{into.name}{PART}")
    try:
        if work.exists():
            shutil.rmtree(work)  # of one who was killed
        work.mkdir(mode=0o700, parents=True)
        proved = _prove(_unpacked(path, passphrase, work), work)
        data = work / "data"
        data.mkdir(exist_ok=True)
        data.chmod(0o700)
        databases = {
            name: copy.replace(_home(data, proved, name, copy)) for name, copy in _copies(work)
        }
        data.replace(into)
    except OSError as error:
        raise BackupError(f"{path} can't be restored into {into}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    homes = {name: into / copy.relative_to(data) for name, copy in databases.items()}
    return Restored(proved.manifest, homes, proved.audit_entries, proved.has_key)


@dataclass(frozen=True, slots=True)
class _Proof:
    manifest: Manifest
    audit_entries: int | None
    has_key: bool


def _unpacked(path: Path, passphrase: str, work: Path) -> Manifest:
    """Unpack it, and compare what came out with what went in."""
    digests = unpack(path, passphrase, work)
    if digests.pop(NAME, None) is None:
        raise BackupError(f"{path} has no list of contents: use another backup")
    manifest = read_manifest((work / NAME).read_bytes())
    if digests != manifest.digests:
        different = sorted(set(digests.items()) ^ set(manifest.digests.items()))
        raise BackupError(f"{path} does not hold what it says: {different[0][0]} differs")
    return manifest


def _prove(manifest: Manifest, work: Path) -> _Proof:
    """See that databases are whole and complete, the key is the one, and the audit log unbroken."""
    for name, copy in _copies(work):
        if copy.suffix != ".sqlite3":
            check_dump(copy)
            continue
        check_sqlite(copy)
        if count_rows(copy) != manifest.rows[name]:
            raise BackupError(f"{copy.name} does not have the rows that were backed up")
    keys = _read_keys(work / "data" / PORTAL_FILES, manifest)
    return _Proof(manifest, _proved_log(work, keys), keys is not None)


def _read_keys(folder: Path, manifest: Manifest) -> Keys | None:
    if not manifest.key_check:
        return None
    try:
        keys = read_keys(folder / KEY_FILE)
    except KeyFileError as error:
        raise BackupError(str(error)) from error
    if not keys.is_signed(KEY_CHECK, manifest.site, manifest.key_check):
        raise BackupError("the portal's key in this backup is not the one that was in use")
    return keys


def _proved_log(work: Path, keys: Keys | None) -> int | None:
    """How many entries the audit log has, if its chain is whole."""
    copy = work / "databases" / "portal.sqlite3"
    if not copy.exists():
        return None
    heads_file = work / "data" / PORTAL_FILES / HEADS
    with closing(Database(f"sqlite:///{copy}")) as database:
        try:
            heads = read_heads(heads_file, keys) if keys is not None else {}
        except HeadsError as error:
            raise BackupError(f"the audit log's heads: {error}") from error
        verdict = verify(database, heads)
    if not verdict.is_whole:
        raise BackupError(f"the audit log is not as it was written: {verdict.reason}")
    return verdict.entries


def _copies(work: Path) -> list[tuple[str, Path]]:
    return [
        (path.name.partition(".")[0], path)
        for path in sorted((work / "databases").iterdir())
        if path.suffix in {".sqlite3", ".pgdump"}
    ]


def _home(data: Path, proof: _Proof, name: str, copy: Path) -> Path:
    """Where a database belongs: where it was, or beside the settings."""
    home = data / (proof.manifest.places.get(name) or copy.name)
    if copy.suffix == ".pgdump" or ".." in home.parts:
        home = data / copy.name
    home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home
