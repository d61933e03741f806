"""Files that people send: checked, searched for viruses where that is set up, and kept apart.

    stored = take(page.portal.part(Shelf), filled.files["paper"])     # UploadError: tell it
    …
    return page.send(shelf.read(stored.id), stored.media_type, stored.name)

Whoever takes a file keeps what :class:`Stored` says in a table of his own; here lie only contents,
under random names, outside of whatever the web shows. They are sent again to be stored, never to be
shown (``Page.send`` with a name). Where ClamAV is set and can't be asked, a file waits: nobody gets
it before it was searched.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, TypeAlias

from starlette.datastructures import UploadFile

from portal.settings import PortalSettings
from portal.web.file_types import DOCUMENTS, FileType, UploadError, check_type, shown_name
from portal.web.virus_scan import ClamAV, VirusScanner

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_FILES: Final = 5

State: TypeAlias = Literal["ready", "being-checked", "infected", "gone"]

_ID: Final = re.compile(r"[0-9a-f]{32}")


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


STATES: Final[dict[State, str]] = {
    "ready": _("Ready"),
    "being-checked": _("Being searched for viruses"),
    "infected": _("Refused: it holds a virus"),
    "gone": _("No longer kept"),
}
"""What people read of them."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was taken.

    Attributes:
        id: random; for :class:`Shelf`.
        name: as it is shown and sent again.
        size_bytes: of what is kept, which may be less than what was sent.
        digest: SHA-256 of it, hexadecimal.
        state: ``ready`` or ``being-checked``.
    """

    id: str
    name: str
    media_type: str
    size_bytes: int
    digest: str
    state: State


class InfectedError(UploadError):
    """A virus was found; the file is not kept."""


class Shelf:
    """Where contents lie: a folder with those that may be read, one with those that wait.

    Args:
        folder: made where it is missing.
        scanner: ``None`` where none is set up.
    """

    def __init__(self, folder: Path, scanner: VirusScanner | None) -> None:
        self._folder: Final = folder
        self._scanner: Final = scanner

    @property
    def is_searched(self) -> bool:
        """Whether files are searched for viruses; where not, pages say so."""
        return self._scanner is not None

    def put(self, name: str, content: bytes, types: Sequence[FileType] = DOCUMENTS) -> Stored:
        """Check a file and keep it.

        Raises:
            UploadError: it isn't taken; the message says why.
        """
        shown = shown_name(name)
        if len(content) > MAX_BYTES:
            raise UploadError(
                _("The file {name} is larger than {most} MB"), name=shown, most=MAX_BYTES >> 20
            )
        kind, kept = check_type(name, content, tuple(types))
        state = self._search(content, shown)
        identity = secrets.token_hex(16)
        self._write("files" if state == "ready" else "waiting", identity, kept)
        digest = sha256(kept).hexdigest()
        return Stored(identity, shown, kind.media_type, len(kept), digest, state)

    def state(self, identity: str) -> State:
        """How it stands with a file."""
        for folder, state in _PLACES.items():
            if self._path(folder, identity).exists():
                return state
        return "gone"

    def read(self, identity: str) -> bytes:
        """The content of a file that may be read.

        Raises:
            LookupError: it waits, was refused, or is gone: see :meth:`state`.
        """
        try:
            return self._path("files", identity).read_bytes()
        except FileNotFoundError as error:
            raise LookupError(f"file {identity} is {self.state(identity)}") from error

    def erase(self, identity: str) -> None:
        """Erase a file, wherever it lies."""
        for folder in _PLACES:
            self._path(folder, identity).unlink(missing_ok=True)

    def search_waiting(self) -> int:
        """Ask again about the files that wait, the oldest first; how many are told now."""
        told = 0
        for path in self._waiting():
            verdict = self._scanner.scan(path.read_bytes()) if self._scanner else "clean"
            if verdict == "unknown":
                return told
            if verdict == "clean":
                goal = self._path("files", path.name)
                goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.replace(goal)
            else:
                self._write("infected", path.name, b"")
                path.unlink()
            told += 1
        return told

    def all(self) -> Iterator[str]:
        """Ids of all that lies here."""
        for folder in _PLACES:
            for path in sorted((self._folder / folder).glob("*/*")):
                if _ID.fullmatch(path.name):
                    yield path.name

    def _search(self, content: bytes, shown: str) -> State:
        verdict = self._scanner.scan(content) if self._scanner else "clean"
        if verdict == "infected":
            raise InfectedError(_("The file {name} holds a virus and was not taken"), name=shown)
        return "ready" if verdict == "clean" else "being-checked"

    def _waiting(self) -> list[Path]:
        found = [
            path for path in (self._folder / "waiting").glob("*/*") if _ID.fullmatch(path.name)
        ]
        return sorted(found, key=lambda path: path.stat().st_mtime)

    def _write(self, folder: str, identity: str, content: bytes) -> None:
        """Write it whole or not at all, for nobody but us to read."""
        path = self._path(folder, identity)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{identity}.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def _path(self, folder: str, identity: str) -> Path:
        if not _ID.fullmatch(identity):
            raise LookupError("that is no file's id")
        return self._folder / folder / identity[:2] / identity


_PLACES: Final[dict[str, State]] = {
    "files": "ready",
    "waiting": "being-checked",
    "infected": "infected",
}


def open_shelf(settings: PortalSettings) -> Shelf:
    """The shelf of a portal."""
    scanner = ClamAV(settings.clamav) if settings.clamav else None
    return Shelf(settings.data / "uploads", scanner)


def take(
    shelf: Shelf, files: Sequence[UploadFile], types: Sequence[FileType] = DOCUMENTS
) -> list[Stored]:
    """Keep all files of a field, or none.

    Raises:
        UploadError: one of them isn't taken, or there are too many.
    """
    if len(files) > MAX_FILES:
        raise UploadError(_("Choose at most {most} files"), most=MAX_FILES)
    stored: list[Stored] = []
    try:
        for each in files:
            content = each.file.read(MAX_BYTES + 1)
            stored.append(shelf.put(each.filename or "", content, types))
    except BaseException:
        for each_stored in stored:
            shelf.erase(each_stored.id)
        raise
    return stored
