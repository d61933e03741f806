"""What a backup says of itself: its last entry, by which all others are checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from otziv.backup.errors import BackupError

NAME: Final = "manifest.json"
VERSION: Final = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a backup.

    Attributes:
        version: of this format.
        otziv: the version that made it.
        site: the municipality.
        made_at: when its first database was copied; aware.
        key_check: a signature by the portal's key, which shows that the key fits; empty without
            one.
        digests: entry → SHA-256, hexadecimal.
        places: database → its file in the data folder; empty: it was elsewhere.
        rows: database → table → rows, where the copy tells.
    """

    version: int
    otziv: str
    site: str
    made_at: datetime
    key_check: str
    digests: dict[str, str]
    places: dict[str, str]
    rows: dict[str, dict[str, int]]

    def written(self) -> bytes:
        """As JSON."""
        return msgspec.json.encode(self)


class _Version(msgspec.Struct):
    version: int
    otziv: str


def read_manifest(content: bytes) -> Manifest:
    """What :meth:`Manifest.written` wrote.

    Raises:
        BackupError: it is none, or of a newer Otziv.
    """
    try:
        said = msgspec.json.decode(content, type=_Version)
        if said.version > VERSION:
            raise BackupError(f"this backup was made by a newer Otziv ({said.otziv}): use that")
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupError(f"the backup's list of contents can't be read: {error}") from error


def stamp(at: datetime) -> str:
    """A time as it stands in names of files: ``20261122T101500Z``."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
