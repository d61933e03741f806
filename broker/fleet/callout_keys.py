"""Keys between NATS and our responder: who may answer, and whose answers count.

NATS writes Ed25519 keys in a form of its own ("NKey": a byte for the kind, the key, a checksum,
in base 32). Its library for that comes without a wheel, so it could be built only by what nobody
locked; the few lines are here.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from broker.fleet.errors import FleetError
from broker.fleet.private_files import locked, make_folder, write_private
from broker.server.security import Callout

_SECRET_BYTES: Final = 32
_ACCOUNT: Final = b"\x00"
"""The kind of an account's public key; it makes the text begin with A."""


@dataclass(frozen=True, slots=True)
class CalloutKeys:
    """Both secrets.

    Attributes:
        issuer: seed of the Ed25519 key that signs the answers.
        password: by which NATS knows the responder.
    """

    issuer: bytes = field(repr=False)
    password: str = field(repr=False)

    def callout(self, port: int) -> Callout:
        """What NATS's configuration says of them."""
        return Callout(port, self.issuer_name, self.password)

    def sign(self, text: bytes) -> bytes:
        """The issuer's signature."""
        return self._key.sign(text)

    @property
    def issuer_name(self) -> str:
        """The issuer's public key, as NATS writes it."""
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        text = _ACCOUNT + public
        checksum = binascii.crc_hqx(text, 0).to_bytes(2, "little")
        return base64.b32encode(text + checksum).decode().rstrip("=")

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.issuer)


def callout_keys(folder: Path) -> CalloutKeys:
    """The keys in ``folder``, made where they are missing, for our eyes only.

    Raises:
        FleetError: the file can't be used.
    """
    path = folder / "callout.keys"
    try:
        make_folder(folder)
        with locked(folder):
            if not path.exists():
                made = (secrets.token_hex(_SECRET_BYTES) for _ in range(2))
                write_private(path, "\n".join(made).encode())
        issuer, password = path.read_text(encoding="ascii").split()
        keys = CalloutKeys(bytes.fromhex(issuer), password)
        keys.sign(b"")  # a seed of another length is told now
    except (OSError, ValueError) as error:
        raise FleetError(
            f"the keys in {path} can't be used: {error}; delete the file and start the broker anew"
        ) from error
    return keys
