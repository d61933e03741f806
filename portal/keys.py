"""What the portal keeps secret with: one master key in a file, and keys derived from it by use.

Whoever has the database alone can neither read identifiers nor try them out; whoever has the file
alone has nothing. Lost, the file makes encrypted values unreadable for good: back it up apart.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SIZE: Final = 32
_NONCE: Final = 12


class KeyFileError(Exception):
    """The file of the master key can't be used; the text says why and what to do."""


class UnsealError(Exception):
    """Sealed bytes were changed, or sealed with another key or for another use."""


class Keys:
    """Keys by use, derived from ``master`` (32 random bytes) with HKDF-SHA-256 (RFC 5869)."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._derived: dict[str, bytes] = {}

    def hash(self, use: str, text: str) -> str:
        """A keyed hash of ``text`` (HMAC-SHA-256, hexadecimal): finds again what it can't show."""
        return hmac.new(self._key(use), text.encode(), sha256).hexdigest()

    def seal(self, use: str, content: bytes) -> bytes:
        """Encrypt ``content`` (AES-256-GCM), bound to its ``use``; each time it looks different."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._key(use)).encrypt(nonce, content, use.encode())

    def unseal(self, use: str, sealed: bytes) -> bytes:
        """What was sealed.

        Raises:
            UnsealError: it was changed, or this is not its key.
        """
        try:
            return AESGCM(self._key(use)).decrypt(sealed[:_NONCE], sealed[_NONCE:], use.encode())
        except (InvalidTag, ValueError) as error:
            raise UnsealError(f"what was sealed for {use!r} can't be read with this key") from error

    def sign(self, use: str, text: str) -> str:
        """A short signature of ``text`` that stands in an address or a form (128 bits)."""
        digest = hmac.new(self._key(use), text.encode(), sha256).digest()[:16]
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def is_signed(self, use: str, text: str, signature: str) -> bool:
        """Whether ``signature`` is ours for ``text``; it takes equally long either way."""
        return hmac.compare_digest(self.sign(use, text).encode(), signature.encode())

    def _key(self, use: str) -> bytes:
        if use not in self._derived:
            derivation = HKDF(SHA256(), _SIZE, salt=None, info=use.encode())
            self._derived[use] = derivation.derive(self._master)
        return self._derived[use]


def read_keys(path: Path) -> Keys:
    """The keys of the file at ``path``, which is made with new ones where there is none.

    Raises:
        KeyFileError: it is damaged, or can't be read or written.
    """
    try:
        _make(path)
        master = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise KeyFileError(f"key file {path}: {error}; put its backup in its place") from error
    if len(master) != _SIZE:
        raise KeyFileError(f"key file {path}: {len(master)} bytes instead of {_SIZE}")
    return Keys(master)


def _make(path: Path) -> None:
    """Write a new file, whole or not at all, unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_SIZE)}\n")
            file.flush()
            os.fsync(file.fileno())
        _claim_name(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _claim_name(fresh: Path, path: Path) -> None:
    """Give ``fresh`` the name ``path``, unless somebody else was first."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
