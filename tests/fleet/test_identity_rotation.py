"""Rotation: the next certificate on the old key's word, once, however often it is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from broker.fleet.attempts import list_attempts
from broker.fleet.authority import DEVICE_LASTS, SERVER_LASTS, Authority
from broker.fleet.certificates import (
    KEY_COPIED,
    list_certificates,
    retire_replaced,
    revoke,
    revoke_device,
    service_identity,
    standing,
)
from broker.fleet.device_places import move_device, retire_device
from broker.fleet.enrolments import Directions
from broker.fleet.notice_texts import LANGUAGES
from broker.fleet.notice_words import in_words
from broker.fleet.notices import list_notices
from broker.fleet.refused import RefusedError
from broker.fleet.requests import read_certificate
from broker.fleet.rotations import rotate
from broker.fleet.vault import new_key
from broker.store.database import Database
from broker.store.registry import add_device
from broker.wire.enrolment import Credentials, Rotation
from tests.fixtures.enrolling import NOW, PASSPHRASE, furnish, issue_to_device, rotation_for

DIRECTIONS = Directions("broker.example", 8883, "https://fleet.example")
DUE = NOW + timedelta(days=60)


class Kiosk:
    """A device with a certificate and its key, and the server that it speaks to."""

    def __init__(self, database: Database, authority: Authority) -> None:
        furnish(database)
        add_device(database, "k1", touchpoint="desk-1")
        self.database, self.authority, self.key = database, authority, new_key()
        self.issued = issue_to_device(
            database, authority, "troyan", "k1", self.key.public_key(), NOW
        )

    def rotation(
        self, new: EllipticCurvePrivateKey, at: datetime = DUE, certificate: str = ""
    ) -> Rotation:
        """What it asks."""
        return rotation_for(certificate or self.issued.pem, self.key, new, at)

    def ask(self, rotation: Rotation, now: datetime = DUE) -> Credentials:
        """What it is told."""
        return rotate(self.database, self.authority, DIRECTIONS, rotation, "192.0.2.9", now)

    def refused(self, rotation: Rotation, now: datetime = DUE) -> str:
        """Why it is refused; that the records are as before."""
        before = len(list_certificates(self.database))
        with pytest.raises(RefusedError) as caught:
            self.ask(rotation, now)
        assert len(list_certificates(self.database)) == before
        return caught.value.refusal.reason

    def stands(self, serial: str, now: datetime = DUE) -> str:
        """Whether it would be let in."""
        with self.database.reading() as connection:
            return standing(connection, serial, "troyan/k1", now)


@pytest.fixture
def kiosk(database: Database, tmp_path: Path) -> Kiosk:
    """An enrolled device."""
    return Kiosk(database, Authority.open(tmp_path / "fleet", PASSPHRASE, NOW))


def test_the_old_key_vouches_for_the_new_one(kiosk: Kiosk) -> None:
    """A new certificate of 90 days in the same name; the old one is let in for a week more."""
    said = kiosk.ask(kiosk.rotation(new_key()))
    shown = read_certificate(said.certificate)
    assert (shown.subject, said.device, said.confirmation) == ("troyan/k1", "k1", b"")
    assert said.expires_at == DUE + DEVICE_LASTS
    assert kiosk.stands(kiosk.issued.serial) == kiosk.stands(said.serial) == "good"
    (attempt,) = list_attempts(kiosk.database)
    assert (attempt.result, attempt.device) == ("rotated", "k1")


def test_asked_again_with_the_same_key_the_same_certificate(kiosk: Kiosk) -> None:
    """A lost answer costs nothing, even when the old certificate has been retired meanwhile."""
    new = new_key()
    first = kiosk.ask(kiosk.rotation(new))
    later = DUE + timedelta(days=20)
    retire_replaced(kiosk.database, later)
    assert kiosk.stands(kiosk.issued.serial, later) == "revoked"
    assert kiosk.ask(kiosk.rotation(new, later), later).certificate == first.certificate
    assert kiosk.refused(kiosk.rotation(new_key(), later), later) == "revoked"
    assert len(list_certificates(kiosk.database)) == 2


def test_asked_at_once_by_many_it_is_one_certificate(kiosk: Kiosk) -> None:
    """The record of the old certificate keeps them in a row."""
    rotation = kiosk.rotation(new_key())
    with ThreadPoolExecutor(6) as pool:
        said = set(pool.map(lambda _: kiosk.ask(rotation).serial, range(6)))
    assert len(said) == 1


@pytest.mark.parametrize("off_h", [-30, -20, 20, 30])
def test_a_kiosks_clock_may_be_a_day_off(kiosk: Kiosk, off_h: int) -> None:
    """Small machines have bad clocks; what was heard days ago is not taken."""
    rotation = kiosk.rotation(new_key(), DUE + timedelta(hours=off_h))
    if abs(off_h) < 24:
        assert kiosk.ask(rotation).device == "k1"
    else:
        assert kiosk.refused(rotation) == "not-valid"


def test_what_the_old_key_did_not_sign_is_not_valid(kiosk: Kiosk) -> None:
    """Another key's signature, another request under it, or none at all."""
    good = kiosk.rotation(new_key())
    other = kiosk.rotation(new_key())
    stranger = rotation_for(kiosk.issued.pem, new_key(), new_key(), DUE)
    for request, signature in (
        (stranger.request, stranger.signature),
        (other.request, good.signature),
        (good.request, b""),
        (b"nonsense", good.signature),
    ):
        forged = Rotation(
            v=1,
            certificate=good.certificate,
            request=request,
            asked_at=good.asked_at,
            signature=signature,
        )
        assert kiosk.refused(forged) == "not-valid"


def test_strangers_certificates_are_unknown(kiosk: Kiosk, tmp_path: Path) -> None:
    """Another installation's, one of ours without a record, and a server's own get nothing."""
    foreign = Authority.open(tmp_path / "foreign", PASSPHRASE, NOW)
    public = kiosk.key.public_key()
    path = service_identity(kiosk.database, kiosk.authority, tmp_path / "own", "fleet", NOW)
    shown = [
        authority.issue("troyan/k1", public, purpose="device", now=NOW, lasts=SERVER_LASTS).pem
        for authority in (foreign, kiosk.authority)
    ]
    for certificate in (*shown, path.read_text()):
        rotation = kiosk.rotation(new_key(), certificate=certificate)
        assert kiosk.refused(rotation) == "unknown-certificate"


def test_a_revoked_or_ended_certificate_vouches_for_nothing(kiosk: Kiosk) -> None:
    """Both must be enrolled anew, and are told so."""
    late = NOW + timedelta(days=91)
    assert kiosk.refused(kiosk.rotation(new_key(), late), late) == "revoked"
    revoke(kiosk.database, kiosk.issued.serial, "stolen", NOW)
    assert kiosk.refused(kiosk.rotation(new_key())) == "revoked"


def test_a_replay_brings_no_revoked_key_back(kiosk: Kiosk) -> None:
    """The new certificate is revoked while the old one still is good: its key stays out."""
    rotation = kiosk.rotation(new_key())
    revoke(kiosk.database, kiosk.ask(rotation).serial, "stolen", DUE)
    assert kiosk.refused(rotation) == "revoked"


def test_a_second_key_of_one_certificate_is_told(kiosk: Kiosk) -> None:
    """Its owner vouches once: somebody has a copy. Barring the device ends the notice."""
    kiosk.ask(kiosk.rotation(new_key()))
    assert list_notices(kiosk.database) == []
    kiosk.ask(kiosk.rotation(new_key()))
    (notice,) = list_notices(kiosk.database)
    assert (notice.notice.device, notice.notice.rule) == ("k1", KEY_COPIED)
    assert list_attempts(kiosk.database)[0].result == "key-copied"
    for language in LANGUAGES:
        assert in_words(notice, language).advice
    revoke_device(kiosk.database, "k1", "copied", DUE)
    assert list_notices(kiosk.database) == []


def test_a_rotation_after_a_rotation_is_no_copy(kiosk: Kiosk) -> None:
    """Each certificate vouches for the next."""
    new, later = new_key(), DUE + timedelta(days=60)
    second = kiosk.ask(kiosk.rotation(new))
    kiosk.ask(rotation_for(second.certificate, new, new_key(), later), later)
    assert list_notices(kiosk.database) == []


@pytest.mark.parametrize("where", ["drawer", "retired"])
def test_who_stands_nowhere_gets_no_next_certificate(kiosk: Kiosk, where: str) -> None:
    """What it has ends by itself; back at a place it may rotate again."""
    if where == "retired":
        retire_device(kiosk.database, "k1", now=NOW)
        assert kiosk.refused(kiosk.rotation(new_key())) == "revoked"
        return
    move_device(kiosk.database, "k1", None, now=NOW)
    assert kiosk.refused(kiosk.rotation(new_key())) == "revoked"
    assert list_attempts(kiosk.database)[0].result == "not-in-use"
    move_device(kiosk.database, "k1", "desk-2", now=DUE)
    assert kiosk.ask(kiosk.rotation(new_key())).device == "k1"
