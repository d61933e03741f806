"""Reading what others signed: signing requests, certificates, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from broker.fleet.profiles import digest_of, serial_of

PublicKey: TypeAlias = EllipticCurvePublicKey

_UNREADABLE: Final = (
    *(ValueError, TypeError, UnsupportedAlgorithm),
    *(x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)
"""What the library raises, by the kind of nonsense."""


class RequestError(Exception):
    """What was sent is no request or certificate that we take; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What we take from a signing request: its key. Its subject is ignored.

    Attributes:
        public_key: which the sender showed to have.
        key_digest: SHA-256 of it (SubjectPublicKeyInfo, DER), in hexadecimal digits.
    """

    public_key: PublicKey
    key_digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a certificate says; whether it is ours, our records tell.

    Attributes:
        serial: as :class:`broker.fleet.authority.Issued` has it.
        subject: its common name; empty where it has none.
        pem: the certificate alone, in one form.
        begins_at, expires_at: when it holds.
        names: of a server.
        public_key: of its owner.
    """

    serial: str
    subject: str
    pem: str
    begins_at: datetime
    expires_at: datetime
    names: tuple[str, ...]
    public_key: PublicKey


def read_request(der: bytes) -> Request:
    """Read a signing request (PKCS 10, DER), signed by the key that it brings.

    Raises:
        RequestError: it is none, its signature is wrong, or its key is not on P-256.
    """
    try:
        found = x509.load_der_x509_csr(der)
        is_signed = found.is_signature_valid
        public_key = found.public_key()
    except (*_UNREADABLE, InvalidSignature) as error:
        raise RequestError(f"this is no signing request: {error}") from error
    if not is_signed:
        raise RequestError("the signing request is not signed by its own key")
    public_key = _checked(public_key)
    return Request(public_key, digest_of(public_key))


def read_certificate(pem: str) -> Shown:
    """Read the first certificate of ``pem``.

    Raises:
        RequestError: there is none, or its key is not on P-256.
    """
    try:
        found = x509.load_pem_x509_certificate(pem.encode())
        public_key = _checked(found.public_key())
        return _shown(found, public_key)
    except _UNREADABLE as error:
        raise RequestError(f"this is no certificate: {error}") from error


def is_signed_by(public_key: PublicKey, signature: bytes, text: bytes) -> bool:
    """Whether ``signature`` (ECDSA with SHA-256) is of ``text``, by the owner of the key."""
    try:
        public_key.verify(signature, text, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _checked(public_key: object) -> PublicKey:
    if not isinstance(public_key, EllipticCurvePublicKey):
        raise RequestError("the key must be on the curve P-256")
    if not isinstance(public_key.curve, SECP256R1):
        raise RequestError(f"the key must be on the curve P-256, not {public_key.curve.name}")
    return public_key


def _shown(found: x509.Certificate, public_key: PublicKey) -> Shown:
    said = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    try:
        others = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(str(each.value) for each in others)
    except x509.ExtensionNotFound:
        names = ()
    return Shown(
        serial=serial_of(found),
        subject=str(said[0].value) if said else "",
        pem=found.public_bytes(Encoding.PEM).decode(),
        begins_at=found.not_valid_before_utc,
        expires_at=found.not_valid_after_utc,
        names=names,
        public_key=public_key,
    )
