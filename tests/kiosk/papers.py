"""Identities as a server would give them, of an authority that was made for one test."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker.wire.enrolment import Credentials
from kiosk.credentials import checked, new_key
from kiosk.kept_identity import KeptIdentity

BEGAN_AT = datetime(2026, 11, 1, 6, tzinfo=UTC)
LASTS = timedelta(days=90)
DEVICE = ExtendedKeyUsageOID.CLIENT_AUTH


@cache
def root(name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """An authority's key, and its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(BEGAN_AT - timedelta(days=365))
        .not_valid_after(BEGAN_AT + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    return key, builder.sign(key, SHA256())


def credentials(
    key: str,
    *,
    name: str = "troyan/hall-3",
    began_at: datetime = BEGAN_AT,
    usage: x509.ObjectIdentifier = DEVICE,
    signer: str = "root",
    **said: object,
) -> Credentials:
    """What a server sends for ``key``; ``said`` in place of what it should say."""
    signing_key, issuer = root(signer)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    loaded = load_pem_private_key(key.encode(), None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject)
        .public_key(loaded.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began_at)
        .not_valid_after(began_at + LASTS)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    )
    leaf = builder.sign(signing_key, SHA256())
    site, _, device = name.partition("/")
    values: dict[str, object] = {
        "site": site,
        "device": device,
        "certificate": leaf.public_bytes(Encoding.PEM).decode(),
        "trust": root("root")[1].public_bytes(Encoding.PEM).decode(),
        "serial": f"{leaf.serial_number:040x}",
        "expires_at": began_at + LASTS,
        "mqtt_host": "127.0.0.1",
        "mqtt_port": 8883,
        "fleet_url": "https://127.0.0.1:8443",
    }
    return Credentials(v=1, **(values | said))  # type: ignore[arg-type]  # values of many kinds


def kept(name: str = "troyan/hall-3", began_at: datetime = BEGAN_AT) -> KeptIdentity:
    """An identity that is good."""
    key = new_key()
    return checked(credentials(key, name=name, began_at=began_at), key, "K7QM")


def root_digest(name: str = "root") -> str:
    """SHA-256 of an authority's certificate."""
    return hashlib.sha256(root(name)[1].public_bytes(Encoding.DER)).hexdigest()
