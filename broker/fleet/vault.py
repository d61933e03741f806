"""The keys of the installation's authority at rest: encrypted, and the root's apart.

The folder, of mode 0700, files 0600::

    trust.pem             certificates of all roots, nothing secret
    sealing.pem           the key that one-time codes are encrypted with in the database
    issuing/0001.pem      an issuing key and its certificate, then what links it to older roots
    root/0001.pem         a root's key and certificate

``root/`` may be carried away on a stick: it is needed for a change of keys, and for nothing else.
A key and its certificate are one file, so there is never one without the other. Who has but the
public half of ``sealing.pem`` can seal, and open nothing (:class:`LetterBox`). Keys are PKCS 8,
AES-256 under PBKDF2 of the passphrase; its 2,048 rounds, which the library leaves to nobody to
choose, hold off nobody who can guess: the passphrase must be drawn by a machine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from broker.fleet.errors import FleetError
from broker.fleet.private_files import locked, make_folder, write_private

Shelf: TypeAlias = Literal["root", "issuing"]

_SEALING: Final = b"otziv sealed codes v1"
_NONCE_BYTES: Final = 12

_LETTER: Final = b"letter1:"
"""What sealed bytes begin with that a :class:`LetterBox` made; no nonce ever does."""
_LETTERS: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
"""Hybrid public key encryption (RFC 9180)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one file of the vault says openly; its key stays shut.

    Attributes:
        path: the file.
        certificate: of the key.
        links: certificates of the same or a higher key by older roots, for those who trust only
            one of these.
    """

    path: Path
    certificate: x509.Certificate
    links: tuple[x509.Certificate, ...]


class Vault:
    """Keys at rest.

    Args:
        folder: where; made where it is missing.
        passphrase: what the keys are encrypted with.

    Raises:
        FleetError: no passphrase, or the folder can't be made.
    """

    def __init__(self, folder: Path, passphrase: bytes) -> None:
        if not passphrase:
            raise FleetError(f"the keys in {folder} need a passphrase, and none was given")
        self.folder: Final = folder
        self.trust: Final = folder / "trust.pem"
        self._passphrase: Final = passphrase
        self._keys: Final[dict[Path, ec.EllipticCurvePrivateKey]] = {}
        try:
            make_folder(folder)
            make_folder(folder / "issuing")
        except OSError as error:
            raise FleetError(f"the folder of keys {folder} can't be made: {error}") from error
        self._sealing_key: Final = self._open_sealing()
        self._sealing: Final = _symmetric(self._sealing_key)

    def kept(self, shelf: Shelf) -> list[Kept]:
        """What is on a shelf, oldest first; an empty list where ``root/`` was carried away."""
        return [_read(path) for path in sorted((self.folder / shelf).glob("*.pem"))]

    def key(self, kept: Kept) -> ec.EllipticCurvePrivateKey:
        """The key of ``kept``.

        Raises:
            FleetError: the passphrase is another one, or the file is damaged.
        """
        found = self._keys.get(kept.path)
        if found is None or found.public_key() != kept.certificate.public_key():
            found = self._keys[kept.path] = self._open(kept.path)
        return found

    def keep(
        self,
        shelf: Shelf,
        key: ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        links: Sequence[x509.Certificate] = (),
    ) -> Kept:
        """Put a new key on a shelf, with its certificate, all or nothing; under :func:`locked`."""
        folder = self.folder / shelf
        make_folder(folder)
        numbers = [int(path.stem) for path in folder.glob("*.pem")]
        path = folder / f"{max(numbers, default=0) + 1:04}.pem"
        write_private(path, self._shut(key) + pem_of([certificate, *links]))
        self._keys[path] = key
        return Kept(path, certificate, tuple(links))

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypt ``plain``; it opens only with the same ``about``."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, plain, about.encode())

    @property
    def letter_key(self) -> str:
        """The public half (PEM) by which others seal what only this vault opens."""
        public = self._sealing_key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def unseal(self, sealed: bytes, about: str) -> bytes:
        """What :meth:`seal` encrypted, or a :class:`LetterBox` of ours.

        Raises:
            FleetError: it was encrypted by another installation, or is damaged.
        """
        try:
            if sealed.startswith(_LETTER):
                letter = sealed.removeprefix(_LETTER)
                return _LETTERS.decrypt(letter, self._sealing_key, about.encode())
            nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._sealing.decrypt(nonce, rest, about.encode())
        except (InvalidTag, ValueError) as error:
            raise FleetError(
                f"what is kept about {about} was encrypted by other keys than those in "
                f"{self.folder}: give out a new code"
            ) from error

    def _open_sealing(self) -> ec.EllipticCurvePrivateKey:
        path = self.folder / "sealing.pem"
        with locked(self.folder):
            if not path.exists():
                write_private(path, self._shut(new_key()))
        return self._open(path)

    def _shut(self, key: ec.EllipticCurvePrivateKey) -> bytes:
        return key_pem(key, BestAvailableEncryption(self._passphrase))

    def _open(self, path: Path) -> ec.EllipticCurvePrivateKey:
        try:
            key = load_pem_private_key(path.read_bytes(), self._passphrase)
        except (OSError, ValueError, TypeError) as error:
            raise FleetError(
                f"the key in {path} does not open: the passphrase is another one, or the file is "
                f"damaged; put back what belongs together ({error})"
            ) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise FleetError(f"the key in {path} is of a kind that we don't make")
        return key


class LetterBox:
    """Seals for a vault, and opens nothing: for who may know the public half only.

    Args:
        key: of :attr:`Vault.letter_key`.

    Raises:
        FleetError: it is no such key.
    """

    def __init__(self, key: str) -> None:
        try:
            read = load_pem_public_key(key.encode())
        except ValueError as error:
            raise FleetError(f"the fleet's public key can't be read: {error}") from error
        if not isinstance(read, ec.EllipticCurvePublicKey):
            raise FleetError("the fleet's public key is of a kind that we don't make")
        self._key: Final = read

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypt ``plain``; it opens only with the same ``about``."""
        return _LETTER + _LETTERS.encrypt(plain, self._key, about.encode())


class Sealer(Protocol):
    """Who seals what only the vault opens: the vault itself, or a :class:`LetterBox` of it."""

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypt ``plain``; it opens only with the same ``about``."""


def _symmetric(key: ec.EllipticCurvePrivateKey) -> AESGCM:
    """What the vault itself seals with; derived, so that it tells nothing of ``key``."""
    value = key.private_numbers().private_value.to_bytes(32, "big")
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=_SEALING).derive(value))


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key on the curve P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(
    key: ec.EllipticCurvePrivateKey, encryption: KeySerializationEncryption | None = None
) -> bytes:
    """A key as PKCS 8 in PEM; in the clear where no encryption is given, as brokers need it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def pem_of(certificates: Sequence[x509.Certificate]) -> bytes:
    """Certificates as PEM, one after another."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def _read(path: Path) -> Kept:
    try:
        first, *links = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FleetError(f"{path} is no key with its certificate: {error}") from error
    return Kept(path, first, tuple(links))
