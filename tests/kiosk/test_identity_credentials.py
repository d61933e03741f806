"""What a kiosk takes from a server that has proved itself, and what it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from broker.wire.enrolment import Credentials
from kiosk.credentials import CredentialsError, checked, new_key
from tests.kiosk.papers import BEGAN_AT, LASTS, credentials, root_digest

WRONG: dict[str, tuple[Callable[[str], Credentials], str]] = {
    "another key": (lambda _: credentials(new_key()), "for another key"),
    "another name": (lambda key: credentials(key, device="hall-4"), "for another name"),
    "a server's": (
        lambda key: credentials(key, usage=ExtendedKeyUsageOID.SERVER_AUTH),
        "not for devices",
    ),
    "another number": (lambda key: credentials(key, serial="ab"), "another serial number"),
    "another root": (lambda key: credentials(key, signer="other"), "leads to none of its roots"),
    "no certificate": (lambda key: credentials(key, certificate="-"), "no usable certificate"),
    "no roots": (lambda key: credentials(key, trust="-"), "no usable certificate"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_hang_together_is_refused(what: str) -> None:
    """Key, name, purpose, number and chain are looked at, whoever sent them."""
    make, why = WRONG[what]
    key = new_key()
    with pytest.raises(CredentialsError, match=why):
        checked(make(key), key, "K7QM")


def test_what_is_right_is_taken_with_its_dates() -> None:
    """From the certificate itself, and not from what was said of it."""
    key = new_key()
    kept = checked(credentials(key, expires_at=BEGAN_AT), key, "K7QM", root_digest())
    assert (kept.valid_from, kept.expires_at) == (BEGAN_AT, BEGAN_AT + LASTS)
    assert kept.identity == ("troyan", "hall-3")


def test_the_root_of_a_picture_must_be_there() -> None:
    """Its fingerprint is that of one of the roots."""
    key = new_key()
    with pytest.raises(CredentialsError, match="another installation"):
        checked(credentials(key), key, "K7QM", root_digest("other"))
