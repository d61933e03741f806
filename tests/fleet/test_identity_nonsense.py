"""Certificates and names that nobody should send: a clear error, never a surprise."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from broker.fleet.authority import SERVER_LASTS, Authority
from broker.fleet.errors import FleetError
from broker.fleet.requests import RequestError, read_certificate
from broker.fleet.vault import new_key
from tests.fixtures.enrolling import NOW, PASSPHRASE


def strange_certificate(value: bytes) -> str:
    """A stranger's own, whose alternative names are ``value``."""
    key, name = new_key(), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "troyan/k1")])
    strange = x509.UnrecognizedExtension(x509.SubjectAlternativeName.oid, value)
    return (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(strange, critical=False)
        .sign(key, SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )


@pytest.mark.parametrize(
    "value",
    [
        bytes.fromhex("3002a300"),  # x400Address, which nobody reads
        bytes.fromhex("3003820180"),  # a DNS name that is not ASCII
        b"nonsense",
    ],
)
def test_a_strange_certificate_is_no_certificate(value: bytes) -> None:
    """Whatever the library makes of it, the sender is told that it is not valid."""
    with pytest.raises(RequestError, match="no certificate"):
        read_certificate(strange_certificate(value))


def test_a_host_name_that_no_certificate_can_have(tmp_path: Path) -> None:
    """Cyrillic host names are told, with what to do."""
    authority = Authority.open(tmp_path, PASSPHRASE, NOW)
    key = new_key().public_key()
    with pytest.raises(FleetError, match="public_host"):
        authority.issue(
            "broker", key, purpose="server", now=NOW, lasts=SERVER_LASTS, names=["отзив.example"]
        )
