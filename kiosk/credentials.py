"""Keys, signing requests and certificates of a kiosk: the only module here with cryptography.

For processes that ask for a certificate and end. The firmware never loads it: it costs 15 MB.
"""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker.wire.enrolment import Credentials
from hardware.errors import ReadableError
from kiosk.kept_identity import KeptIdentity

_LONGEST_CHAIN: Final = 8


class CredentialsError(ReadableError):
    """What the server sent is no certificate for us; the text says why."""


def new_key() -> str:
    """A key on P-256, PEM, that nobody has seen."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def request_for(key: str) -> bytes:
    """The signing request of a key: PKCS 10, DER. Its subject is empty: the server sets it."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(_load(key), SHA256()).public_bytes(Encoding.DER)


def sign(key: str, text: bytes) -> bytes:
    """The signature of a key (ECDSA with SHA-256) under ``text``."""
    return _load(key).sign(text, ec.ECDSA(SHA256()))


def checked(
    said: Credentials, key: str, label: str, root_digest: str | None = None
) -> KeptIdentity:
    """What the server said, to be kept, after a look at whether it hangs together.

    Args:
        said: by a server that has proved itself.
        key: ours.
        label: of the code that we were enrolled by.
        root_digest: SHA-256 of the root (DER), in hexadecimal digits, where we know it.

    Raises:
        CredentialsError: the certificate is for another key, name or purpose, leads to none of
            the roots, or none of those is the one that we know.
    """
    try:
        chain = x509.load_pem_x509_certificates(said.certificate.encode())
        roots = x509.load_pem_x509_certificates(said.trust.encode())
        _check_leaf(chain[0], said, key)
    except (ValueError, x509.ExtensionNotFound) as error:
        raise CredentialsError(f"the server sent no usable certificate ({error})") from error
    if not _leads_to(chain[0], chain[1:], roots):
        raise CredentialsError("the server sent a certificate that leads to none of its roots")
    if root_digest is not None and root_digest not in {_digest(root) for root in roots}:
        raise CredentialsError(
            "the QR code is of another installation than this server: let it be made there"
        )
    return KeptIdentity(
        site=said.site,
        device=said.device,
        label=label,
        key=key,
        certificate=said.certificate,
        trust=said.trust,
        serial=said.serial,
        valid_from=chain[0].not_valid_before_utc,
        expires_at=chain[0].not_valid_after_utc,
        mqtt_host=said.mqtt_host,
        mqtt_port=said.mqtt_port,
        fleet_url=said.fleet_url,
    )


def _check_leaf(leaf: x509.Certificate, said: Credentials, key: str) -> None:
    names = [each.value for each in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if leaf.public_key().public_bytes(*spki) != _load(key).public_key().public_bytes(*spki):
        raise CredentialsError("the server sent a certificate for another key")
    if names != [f"{said.site}/{said.device}"]:
        raise CredentialsError(f"the server sent a certificate for another name, {names}")
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise CredentialsError("the server sent a certificate that is not for devices")
    if leaf.serial_number != int(said.serial, 16):
        raise CredentialsError("the server sent a certificate with another serial number")


def _leads_to(
    leaf: x509.Certificate, between: list[x509.Certificate], roots: list[x509.Certificate]
) -> bool:
    """Whether signatures lead from ``leaf``, over some of ``between``, to one of ``roots``."""
    reached = [leaf]
    for _ in range(_LONGEST_CHAIN):
        if any(_is_issued(each, root) for each in reached for root in roots):
            return True
        reached = [issuer for issuer in between if any(_is_issued(e, issuer) for e in reached)]
    return False


def _is_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _digest(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def _load(key: str) -> ec.EllipticCurvePrivateKey:
    loaded = load_pem_private_key(key.encode(), None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise CredentialsError("the kept key is of another kind: enrol this kiosk anew")
    return loaded
