"""What stands in a certificate of ours, after RFC 5280; who signs it is the authority's affair."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Final, Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker.fleet.errors import FleetError

Purpose: TypeAlias = Literal["device", "service", "server"]

SLACK: Final = timedelta(days=1)
"""Clocks of small machines are slow: what we make was valid the day before."""

_USAGE: Final = {
    "device": ExtendedKeyUsageOID.CLIENT_AUTH,
    "service": ExtendedKeyUsageOID.CLIENT_AUTH,
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
}


def serial_of(certificate: x509.Certificate) -> str:
    """A certificate's serial as we write it: hexadecimal digits, 32 in ours."""
    return format(certificate.serial_number, "032x")


def digest_of(public_key: EllipticCurvePublicKey) -> str:
    """SHA-256 of a public key (SubjectPublicKeyInfo, DER), in hexadecimal digits."""
    return sha256(
        public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).hexdigest()


def leaf(
    subject: x509.Name,
    public_key: EllipticCurvePublicKey,
    purpose: Purpose,
    issuer: x509.Certificate,
    *,
    now: datetime,
    ends_at: datetime,
) -> x509.CertificateBuilder:
    """An everyday certificate: it signs nothing, and is good for one purpose only."""
    return (
        _begin(subject, public_key, issuer.subject, now, ends_at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_USAGE[purpose]]), critical=False)
        .add_extension(issuer_key(issuer), critical=False)
    )


def _begin(
    subject: x509.Name,
    public_key: EllipticCurvePublicKey,
    issuer: x509.Name,
    now: datetime,
    ends_at: datetime,
) -> x509.CertificateBuilder:
    """What all certificates have; 126 bits of a serial are drawn, and all have 32 digits."""
    return (
        x509.CertificateBuilder(issuer, subject, public_key)
        .serial_number(1 << 126 | secrets.randbits(126))
        .not_valid_before(now - SLACK)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def authority(
    subject: x509.Name,
    public_key: EllipticCurvePublicKey,
    issuer: x509.Certificate | None,
    *,
    now: datetime,
    ends_at: datetime,
    below: int,
) -> x509.CertificateBuilder:
    """A certificate that signs others, with at most ``below`` such between them and it.

    Without an ``issuer`` it is its own: a root.
    """
    above = subject if issuer is None else issuer.subject
    building = (
        _begin(subject, public_key, above, now, ends_at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        .add_extension(_key_usage(is_authority=True), critical=True)
    )
    if issuer is None:
        return building
    return building.add_extension(issuer_key(issuer), critical=False)


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def name(text: str) -> x509.Name:
    """A name that is a common name and nothing else."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issuer_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """Which of the issuer's keys signed, for whoever looks for it."""
    found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found.value)


def server_names(names: Sequence[str]) -> x509.SubjectAlternativeName:
    """DNS names and addresses under which a server is reached.

    Raises:
        FleetError: one has other letters than a DNS name may have.
    """
    return x509.SubjectAlternativeName([_general_name(name) for name in names])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError as error:
        raise FleetError(
            f"the host name {name!r} can't be in a certificate: in 'public_host', or for this "
            "machine, set one of Latin letters, digits and hyphens (xn--… for others)"
        ) from error
