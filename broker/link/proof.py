"""Two who know one code prove it to each other, and a stranger between them learns nothing.

SPAKE2, as the library of that name has it, makes one key of the code on both sides. That is older
than RFC 9382 and can't speak with it: other constants, another transcript, and no confirmation, so
that is ours. Each side confirms the key over everything that was said and the TLS certificate that
the kiosk met: somebody who answers in the server's place with another certificate has another text
to confirm, and can't. He may try one code for each exchange, and the server counts those.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError
from spake2.ed25519_basic import NotOnCurve

Side: TypeAlias = Literal["kiosk", "server"]

_KIOSK: Final = b"otziv kiosk"
_SERVER: Final = b"otziv server"
_ROTATION: Final = b"otziv rotation v1\0"


class ProofError(Exception):
    """What the other side said is no half of an exchange."""


class Exchange:
    """One side's half of a key exchange; for one use.

    Args:
        side: who we are.
        label: the public part of the code.
        secret: the rest of it.

    Attributes:
        message: what to send.
    """

    def __init__(self, side: Side, label: str, secret: str) -> None:
        kind = SPAKE2_A if side == "kiosk" else SPAKE2_B
        password = f"{label}-{secret}".encode()
        self._half = kind(password, idA=_KIOSK, idB=_SERVER)
        self._side = side
        self._label = label
        self.message: Final[bytes] = self._half.start()

    def finish(self, theirs: bytes) -> Agreement:
        """Make the key of what the other side sent.

        Raises:
            ProofError: it is nothing that SPAKE2 sends.
        """
        if len(theirs) != len(self.message):  # the library would read its beginning
            raise ProofError(f"this is no half of a key exchange: {len(theirs)} bytes")
        try:
            key = self._half.finish(theirs)
        except (SPAKEError, NotOnCurve, AssertionError, ValueError) as error:
            raise ProofError(f"this is no half of a key exchange: {error!r}") from error
        said = (self.message, theirs) if self._side == "kiosk" else (theirs, self.message)
        return Agreement(key, (self._label.encode(), *said))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The key of both sides, and what was said."""

    key: bytes = field(repr=False)
    said: tuple[bytes, ...]

    def confirmation(self, side: Side, request: bytes, met: bytes) -> bytes:
        """What ``side`` shows to prove that it has the key.

        Args:
            side: whose.
            request: the signing request, DER.
            met: SHA-256 of the TLS certificate (DER) that the kiosk met; the server's own.
        """
        text = b"".join(
            len(part).to_bytes(4, "big") + part
            for part in (side.encode(), *self.said, met, request)
        )
        return hmac.digest(self.key, text, "sha256")

    def is_confirmed(self, side: Side, request: bytes, met: bytes, shown: bytes) -> bool:
        """Whether ``shown`` is what ``side`` must show."""
        return hmac.compare_digest(self.confirmation(side, request, met), shown)


def rotation_text(certificate: str, request: bytes, asked_at: datetime) -> bytes:
    """What the old key signs to vouch for a new one."""
    digest = hashlib.sha256(certificate.encode()).digest()
    return _ROTATION + digest + asked_at.isoformat().encode() + b"\0" + request
