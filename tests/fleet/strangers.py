"""Certificates that no broker of ours may let in, or whose names try something."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker.fleet.authority import Authority
from broker.fleet.certificates import revoke
from broker.fleet.profiles import Purpose
from broker.fleet.vault import key_pem, new_key, pem_of
from tests.fleet.secure_hall import SecureHall, serial_in, utc_now

DAY = timedelta(days=1)


def expired(hall: SecureHall, name: str) -> Path:
    """Of ours, and over since yesterday."""
    return _issued(hall, hall.authority, name, utc_now() - 10 * DAY, 9 * DAY)


def not_yet_valid(hall: SecureHall, name: str) -> Path:
    """Of ours, and good from the day after tomorrow."""
    return _issued(hall, hall.authority, name, utc_now() + 3 * DAY, 9 * DAY)


def for_servers(hall: SecureHall, name: str) -> Path:
    """Of ours, and good for being a server only."""
    return _issued(hall, hall.authority, name, utc_now(), DAY, is_server=True)


def not_recorded(hall: SecureHall, name: str) -> Path:
    """Of ours, and in none of our records."""
    return _issued(hall, hall.authority, name, utc_now(), DAY)


def foreign(hall: SecureHall, name: str) -> Path:
    """Of another installation's authority."""
    other = Authority.open(hall.folder / "elsewhere", b"theirs", utc_now())
    return _issued(hall, other, name, utc_now(), DAY)


def revoked(hall: SecureHall, name: str) -> Path:
    """Of ours, and barred."""
    path = hall.new_identity(name)
    revoke(hall.database, serial_in(path), "a test", utc_now())
    return path


def self_signed(hall: SecureHall, name: str) -> Path:
    """Signed by its own key, in the name of our issuing key."""
    key = new_key()
    issuer = _issuing(hall).subject
    return hall.write(key_pem(key) + pem_of([_certificate(name, issuer, key, key)]))


def forged(hall: SecureHall, name: str) -> Path:
    """Signed by a stranger's key in the name of our issuing key, whose certificate is added."""
    key, liar, issuing = new_key(), new_key(), _issuing(hall)
    made = _certificate(name, issuing.subject, key, liar)
    return hall.write(key_pem(key) + pem_of([made, issuing]))


def signed_by_a_device(hall: SecureHall, name: str) -> Path:
    """Signed by a device that plays the authority."""
    path = hall.identity("troyan/hall-9")
    text = path.read_bytes()
    chain = x509.load_pem_x509_certificates(text)
    device = load_pem_private_key(text, None)
    assert isinstance(device, EllipticCurvePrivateKey)
    key = new_key()
    made = _certificate(name, chain[0].subject, key, device)
    return hall.write(key_pem(key) + pem_of([made, *chain]))


def _issuing(hall: SecureHall) -> x509.Certificate:
    return hall.authority.vault.kept("issuing")[-1].certificate


def _issued(
    hall: SecureHall,
    authority: Authority,
    name: str,
    now: datetime,
    lasts: timedelta,
    *,
    is_server: bool = False,
) -> Path:
    key = new_key()
    purpose: Purpose = "server" if is_server else "device"
    made = authority.issue(name, key.public_key(), purpose=purpose, now=now, lasts=lasts)
    return hall.write(key_pem(key) + made.pem.encode())


def _certificate(
    name: str, issuer: x509.Name, key: EllipticCurvePrivateKey, signer: EllipticCurvePrivateKey
) -> x509.Certificate:
    now = utc_now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    building = (
        x509.CertificateBuilder(issuer, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    )
    return building.sign(signer, SHA256())
