"""The encrypted file: any number of bytes, written and read piece by piece.

    8 bytes   OTZIVBK1
    4 bytes   length of the header
    header    JSON: the salt and the costs of scrypt
    pieces    4 bytes length, then AES-256-GCM of up to 1 MiB

The key comes from the passphrase by scrypt (RFC 7914). Each piece is sealed with its number, with
whether it is the last one, and with the header, so that nothing can be changed, left out, put in
another order or cut off unseen (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár,
2015). The first piece is empty: whether it opens tells a wrong passphrase from a damaged file.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import secrets
import struct
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from otziv.backup.errors import BackupError

MAGIC: Final = b"OTZIVBK1"
LEAST_PASSPHRASE: Final = 12
"""Characters. Whoever has the file can try as long as he likes."""

_PIECE: Final = 1024 * 1024
_TAG: Final = 16
_MAX_HEADER: Final = 4_096
_COSTS: Final = {"n": 2**17, "r": 8, "p": 1}
"""128 MiB and half a second for each try (OWASP's first choice for scrypt)."""
_LAST, _MORE = b"\1", b"\0"


class SealedWriter:
    """Writes a sealed file; it is whole only after :meth:`close`."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        """Write the beginning.

        Raises:
            BackupError: the passphrase is too short.
        """
        if len(passphrase) < LEAST_PASSPHRASE:
            raise BackupError(
                f"the passphrase of backups needs at least {LEAST_PASSPHRASE} characters: "
                "whoever finds a backup can try as long as he likes"
            )
        salt = secrets.token_bytes(16)
        self._file = file
        self._header = json.dumps({"kdf": "scrypt", "salt": salt.hex(), **_COSTS}).encode()
        self._cipher = AESGCM(_key(passphrase, salt, **_COSTS))
        self._waiting = bytearray()
        self._number = 0
        file.write(MAGIC + struct.pack(">I", len(self._header)) + self._header)
        self._seal(b"", _MORE)

    def write(self, content: bytes) -> int:
        """Take more content."""
        self._waiting += content
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), _MORE)
            del self._waiting[:_PIECE]
        return len(content)

    def flush(self) -> None:
        """Nothing: pieces are written when they are full."""

    def close(self) -> None:
        """Write the last piece, and bring all to the disk."""
        self._seal(bytes(self._waiting), _LAST)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _seal(self, content: bytes, end: bytes) -> None:
        nonce = struct.pack(">11sc", self._number.to_bytes(11), end)
        sealed = self._cipher.encrypt(nonce, content, self._header)
        self._file.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1


class SealedReader:
    """Reads a sealed file; what it gives out is genuine so far, and all of it once it ends."""

    def __init__(self, path: Path, passphrase: str) -> None:
        """Open it.

        Raises:
            BackupError: no backup of ours, damaged, or another passphrase.
        """
        self._path = path
        self._left = b""
        self._number = 0
        self._is_over = False
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise BackupError(f"{path} can't be read: {error.strerror}") from error
        try:
            self._header = self._read_header()
            self._cipher = AESGCM(self._derive(passphrase))
            self._open_first()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """It is open already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; none at the end.

        Raises:
            BackupError: damaged or cut off.
        """
        while not self._is_over and (size < 0 or len(self._left) < size):
            self._left += self._next()
        given = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(given) :]
        return given

    def _read_header(self) -> bytes:
        if self._file.read(len(MAGIC)) != MAGIC:
            raise BackupError(f"{self._path} is no backup of Otziv, or its beginning is damaged")
        (size,) = struct.unpack(">I", self._file.read(4).ljust(4, b"\xff"))
        header = self._file.read(size) if size <= _MAX_HEADER else b""
        if len(header) != size:
            raise BackupError(f"{self._path} is damaged at its beginning: use another backup")
        return header

    def _derive(self, passphrase: str) -> bytes:
        try:
            said = json.loads(self._header)
            costs = {name: int(said[name]) for name in _COSTS}
            _check_costs(str(said["kdf"]), costs)
            return _key(passphrase, bytes.fromhex(said["salt"]), **costs)
        except (ValueError, KeyError, TypeError) as error:
            raise BackupError(
                f"{self._path} is damaged at its beginning: use another backup"
            ) from error

    def _open_first(self) -> None:
        sealed = self._sealed()
        if sealed is None or self._unsealed(sealed, _MORE) is None:
            raise BackupError(
                f"{self._path} does not open with this passphrase (or its beginning is damaged)"
            )

    def _next(self) -> bytes:
        sealed = self._sealed()
        if sealed is None:
            raise BackupError(f"{self._path} is cut off: copy it again, or use another backup")
        content = self._unsealed(sealed, _MORE)
        if content is None:
            content = self._unsealed(sealed, _LAST)
            self._is_over = True
        if content is None or (self._is_over and self._file.read(1)):
            raise BackupError(f"{self._path} is damaged: copy it again, or use another backup")
        return content

    def _sealed(self) -> bytes | None:
        """The next piece as it stands there; ``None`` at the end of the file."""
        size = self._file.read(4)
        if len(size) < 4:
            return None
        (length,) = struct.unpack(">I", size)
        if not _TAG <= length <= _PIECE + _TAG:
            raise BackupError(f"{self._path} is damaged: copy it again, or use another backup")
        sealed = self._file.read(length)
        return sealed if len(sealed) == length else None

    def _unsealed(self, sealed: bytes, end: bytes) -> bytes | None:
        nonce = struct.pack(">11sc", self._number.to_bytes(11), end)
        try:
            content = self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            return None
        self._number += 1
        return content


def _check_costs(name: str, costs: dict[str, int]) -> None:
    """Refuse what would take more memory than anybody meant."""
    if name != "scrypt" or math.prod(costs.values()) > 4 * math.prod(_COSTS.values()):
        raise ValueError(f"{name} with {costs}")


def _key(passphrase: str, salt: bytes, *, n: int, r: int, p: int) -> bytes:
    most = 128 * n * r * p + 2**20
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=most, dklen=32)
