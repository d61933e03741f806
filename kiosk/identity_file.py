"""The files of a kiosk's identity: what the server says that we are, with key and certificate.

============== ==================================================================================
``identity``   in use: replaced as a whole, so that there is the old one or the new one
``next``       what a rotation brought; takes the place of ``identity`` once a broker accepted it
``enrolling``  the key of an enrolment that is under way, made here and never sent
``rotating``   the same of a rotation
============== ==================================================================================

Read by the firmware, so this knows no cryptography: that is done by the processes that write
here, one at a time (:mod:`kiosk.enrolment`, :mod:`kiosk.rotation`).
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from hardware.files import replace_file
from kiosk.kept_identity import IdentityFileError, KeptIdentity

Stamp: TypeAlias = tuple[int, ...]
Task: TypeAlias = Literal["enrolling", "rotating"]

_FOLDER_MODE: Final = 0o700
_MODE: Final = 0o600
_CURRENT: Final = "identity.json"
_NEXT: Final = "next.json"

AnyStruct = TypeVar("AnyStruct", bound=Struct)


class PendingKey(Struct, frozen=True):
    """A key made for one purpose, kept until the certificate for it is here.

    Attributes:
        purpose: the code, or the certificate that is to be followed.
        key: PEM.
    """

    purpose: str
    key: str


class IdentityFolder:
    """The files of one kiosk's identity, in ``path``."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path

    def current(self) -> KeptIdentity | None:
        """The identity in use; ``None`` where the kiosk is not enrolled.

        Raises:
            IdentityFileError: there is one that can't be read.
        """
        return self._read(_CURRENT, KeptIdentity)

    def next(self) -> KeptIdentity | None:
        """What a rotation brought, and no broker has accepted yet.

        Raises:
            IdentityFileError: there is one that can't be read.
        """
        return self._read(_NEXT, KeptIdentity)

    def is_empty(self) -> bool:
        """Whether the kiosk is to be enrolled yet: there is no identity, not even a damaged one."""
        return not (self.path / _CURRENT).exists()

    def expires_at(self) -> datetime | None:
        """When the certificate in use ends; ``None`` without one that can be read."""
        try:
            kept = self.current()
        except IdentityFileError:
            return None
        return None if kept is None else kept.expires_at

    def stamp(self) -> Stamp:
        """Changes whenever one of the identities does; costs two system calls."""
        return (*self._stamp(_CURRENT), *self._stamp(_NEXT))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only process that asks for a certificate; makes the folder.

        The kernel lets go when we die, however that is.

        Raises:
            IdentityFileError: another one is under way, or the folder can't be written.
        """
        try:
            self.path.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            lock = (self.path / "lock").open("a")
        except OSError as error:
            raise self._unwritable(error) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise IdentityFileError(
                    f"another enrolment or rotation in {self.path} is under way: wait a minute"
                ) from error
            yield

    def key_for(self, task: Task, purpose: str, make: Callable[[], str]) -> str:
        """The key (PEM) for ``purpose``: of before we were interrupted, or one that is made now.

        It is kept before anybody hears of it.

        Raises:
            IdentityFileError: it can't be written.
        """
        pending = self._pending(task)
        if pending is not None and pending.purpose == purpose:
            return pending.key
        key = make()
        self._write(f"{task}.json", PendingKey(purpose, key))
        return key

    def _pending(self, task: Task) -> PendingKey | None:
        try:
            return self._read(f"{task}.json", PendingKey)
        except IdentityFileError:  # no loss: another key will do
            return None

    def keep(self, kept: KeptIdentity) -> None:
        """Be ``kept`` from now on, whoever we were: the end of an enrolment.

        Raises:
            IdentityFileError: it can't be written; all is as before.
        """
        # First, so that no firmware puts it into the place of the new one.
        (self.path / _NEXT).unlink(missing_ok=True)
        self._write(_CURRENT, kept)
        self.forget_pending_key("enrolling")

    def keep_next(self, kept: KeptIdentity) -> None:
        """Let the firmware try ``kept``: the end of a rotation.

        Raises:
            IdentityFileError: it can't be written; all is as before.
        """
        self._write(_NEXT, kept)
        self.forget_pending_key("rotating")

    def forget_pending_key(self, task: Task) -> None:
        """Its certificate is here."""
        (self.path / f"{task}.json").unlink(missing_ok=True)

    def promote(self) -> None:
        """Let what came last take the place of the identity in use: a broker has accepted it.

        Raises:
            OSError: it can't be done now, or an enrolment has taken it away.
        """
        (self.path / _NEXT).replace(self.path / _CURRENT)

    def _read(self, name: str, kind: type[AnyStruct]) -> AnyStruct | None:
        path = self.path / name
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind)
        except FileNotFoundError:
            return None
        except OSError as error:
            detail = f"{path} can't be read ({error.strerror}): it must belong to the kiosk's user"
            raise IdentityFileError(detail, "unreadable") from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise IdentityFileError(
                f"{path} is damaged ({error}): enrol this kiosk anew"
            ) from error

    def _write(self, name: str, content: Struct) -> None:
        try:
            replace_file(self.path / name, msgspec.json.encode(content), _MODE)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> IdentityFileError:
        return IdentityFileError(
            f"{self.path} can't be written ({error.strerror}): look at its owner and at the disk"
        )

    def _stamp(self, name: str) -> Stamp:
        try:
            found = (self.path / name).stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)
