"""The PIN of the maintenance screen, kept as what can't be turned back into it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Final

from hardware.errors import ReadableError

PIN_HASH: Final = "scrypt:[0-9a-f]{32}:[0-9a-f]{64}"
"""The form of what is kept: the salt and the key, in hexadecimal digits."""

_PIN: Final = re.compile(r"[0-9]{4,12}")
_COST: Final = {"n": 2**13, "r": 8, "p": 1, "dklen": 32}
"""8 MiB and about 0.1 s on a Raspberry Pi; few digits are guarded by pauses, not by this."""


class PinError(ReadableError, ValueError):
    """A PIN that can't be one; the text says what is asked for."""


def hash_pin(pin: str) -> str:
    """Return what to write into the settings for ``pin``.

    Raises:
        PinError: it is not 4 to 12 digits.
    """
    if not _PIN.fullmatch(pin):
        raise PinError("a PIN is 4 to 12 digits, nothing else")
    salt = secrets.token_bytes(16)
    return f"scrypt:{salt.hex()}:{_key(pin, salt).hex()}"


def is_pin(pin: str, kept: str) -> bool:
    """Whether ``kept`` was made of ``pin``; takes as long whatever the answer."""
    _, salt, key = kept.split(":")
    return hmac.compare_digest(_key(pin, bytes.fromhex(salt)), bytes.fromhex(key))


def _key(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, **_COST)
