"""The installation's own certificate authority.

Two stages: a *root* of 20 years, which everyone believes, and an *issuing* key of 5 years, which
signs everyday certificates and revocation lists. The root's key is needed for a change of keys
only. Certificates follow RFC 5280; all keys are P-256, all signatures ECDSA with SHA-256.

A change of the root locks nobody out: each older root signs the new one, too, and that link
travels with every certificate. So whoever believes any one of the roots believes what we issue.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from broker.fleet import profiles
from broker.fleet.errors import FleetError
from broker.fleet.private_files import locked, write_private
from broker.fleet.profiles import Purpose, digest_of, serial_of
from broker.fleet.vault import Kept, Vault, new_key, pem_of

ROOT_LASTS: Final = timedelta(days=20 * 365)
ISSUING_LASTS: Final = timedelta(days=5 * 365)
DEVICE_LASTS: Final = timedelta(days=90)
SERVER_LASTS: Final = timedelta(days=397)
"""Also of services; no client accepts a server's certificate of more."""
LIST_LASTS: Final = timedelta(days=10 * 365)
"""A revocation list past its end locks everybody out, so it has none that matters."""
ISSUING_REST: Final = timedelta(days=365)
"""With less than this left of the issuing key, the next one is made."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that we issued.

    Attributes:
        serial: 32 hexadecimal digits.
        pem: the certificate, then what leads from it to every root.
        expires_at: when it ends.
        key_digest: SHA-256 of its public key (SubjectPublicKeyInfo, DER), in hexadecimal digits.
    """

    serial: str
    pem: str
    expires_at: datetime
    key_digest: str


class Authority:
    """Signs, with keys that a :class:`Vault` keeps; make one with :meth:`open`.

    It may be used by several threads and processes at once; a change of keys by one of them is
    seen by the others with their next certificate.
    """

    def __init__(self, vault: Vault) -> None:
        self.vault: Final = vault

    @classmethod
    def open(cls, folder: Path, passphrase: bytes, now: datetime) -> Self:
        """The authority in ``folder``, made where there is none.

        Whoever is killed on the way leaves files that the next call goes on from. An issuing key
        that has less than a year left is followed by a new one, if the root's key is there.

        Raises:
            FleetError: the folder or its keys can't be used; the text says what to do.
        """
        self = cls(Vault(folder, passphrase))
        with locked(folder):
            if not self._is_begun:
                self._make_root(now)
            self._write_trust()
            if self._is_issuing_due(now):
                self._make_issuing(now)
        self.vault.key(self.vault.kept("issuing")[-1])  # a wrong passphrase is told at once
        return self

    @property
    def trust_path(self) -> Path:
        """A PEM file of all roots to believe."""
        return self.vault.trust

    @property
    def trust_pem(self) -> str:
        """All roots to believe."""
        return self.trust_path.read_text(encoding="ascii")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the newest root's certificate (DER), in hexadecimal digits."""
        return sha256(self._roots()[-1].public_bytes(Encoding.DER)).hexdigest()

    @property
    def issuing_expires_at(self) -> datetime:
        """When the issuing key ends, and with it everything that it signed."""
        return self.vault.kept("issuing")[-1].certificate.not_valid_after_utc

    def issue(
        self,
        subject: str,
        public_key: EllipticCurvePublicKey,
        *,
        purpose: Purpose,
        now: datetime,
        lasts: timedelta,
        names: Sequence[str] = (),
    ) -> Issued:
        """Sign a certificate; nothing is recorded (:mod:`broker.fleet.certificates` does that).

        Args:
            subject: the common name.
            public_key: whose.
            purpose: what it is good for; only a ``server`` has ``names``.
            now: it begins a day earlier.
            lasts: how long from now; shorter where the issuing key ends before.
            names: DNS names and addresses of a server.

        Raises:
            FleetError: the issuing key has ended.
        """
        kept = self.vault.kept("issuing")[-1]
        ends_at = min(now + lasts, kept.certificate.not_valid_after_utc)
        if ends_at <= now:
            raise FleetError(
                f"the issuing key in {kept.path} has ended: put the folder 'root' back into "
                f"{self.vault.folder}, and start again"
            )
        building = profiles.leaf(
            profiles.name(subject),
            public_key,
            purpose,
            kept.certificate,
            now=now,
            ends_at=ends_at,
        )
        if names:
            building = building.add_extension(profiles.server_names(names), critical=False)
        made = building.sign(self.vault.key(kept), SHA256())
        return Issued(
            serial_of(made),
            pem_of([made, kept.certificate, *kept.links]).decode(),
            made.not_valid_after_utc,
            digest_of(public_key),
        )

    def revocation_lists(self, revoked: Sequence[tuple[str, datetime]], now: datetime) -> bytes:
        """Revocation lists as PEM, one of each issuing key that is still valid.

        Each names all serials: they are drawn at random, so none fits a certificate of another.
        """
        entries = [_entry(serial, at) for serial, at in revoked]
        return b"".join(
            self._revocation_list(kept, entries, now)
            for kept in self.vault.kept("issuing")
            if _rest(kept.certificate, now) > timedelta(0)
        )

    def change_issuing(self, now: datetime) -> None:
        """Go on with a new issuing key; what older ones signed stays good until it ends.

        Raises:
            FleetError: the root's key is not here.
        """
        with locked(self.vault.folder):
            self._make_issuing(now)

    def change_root(self, now: datetime) -> None:
        """Go on with a new root and a new issuing key; older roots stay believed.

        Raises:
            FleetError: the key of an older root is not here, so it can't sign the new one.
        """
        with locked(self.vault.folder):
            older = self._keys_of_roots(now)
            self._make_root(now, older)
            self._write_trust()
            self._make_issuing(now)

    @property
    def _is_begun(self) -> bool:
        """Whether anything is here; then no second root is made beside it."""
        return bool(self._roots() or self.vault.kept("root") or self.vault.kept("issuing"))

    def _is_issuing_due(self, now: datetime) -> bool:
        """Whether there should be another issuing key, and there can be."""
        issuing, root = self.vault.kept("issuing"), self.vault.kept("root")
        if not issuing or not root:
            return not issuing
        newest = issuing[-1].certificate
        is_of_newest_root = newest.issuer == root[-1].certificate.subject
        return _rest(newest, now) < ISSUING_REST or not is_of_newest_root

    def _make_root(self, now: datetime, older: Sequence[Kept] = ()) -> None:
        key = new_key()
        name, public = profiles.name(f"Otziv root {secrets.token_hex(4)}"), key.public_key()
        own = profiles.authority(name, public, None, now=now, ends_at=now + ROOT_LASTS, below=2)
        links = []
        for kept in older:
            by, ends_at = kept.certificate, kept.certificate.not_valid_after_utc
            link = profiles.authority(name, public, by, now=now, ends_at=ends_at, below=1)
            links.append(link.sign(self.vault.key(kept), SHA256()))
        self.vault.keep("root", key, own.sign(key, SHA256()), links)

    def _make_issuing(self, now: datetime) -> None:
        root = self._keys_of_roots(now)[-1]
        key = new_key()
        name = profiles.name(f"Otziv issuing {secrets.token_hex(4)}")
        by = root.certificate
        ends_at = min(now + ISSUING_LASTS, by.not_valid_after_utc)
        building = profiles.authority(name, key.public_key(), by, now=now, ends_at=ends_at, below=0)
        links = [each for each in root.links if _rest(each, now) > timedelta(0)]
        self.vault.keep("issuing", key, building.sign(self.vault.key(root), SHA256()), links)

    def _keys_of_roots(self, now: datetime) -> list[Kept]:
        """The keys of all roots that are still valid; all of them must be here."""
        kept = [
            each for each in self.vault.kept("root") if _rest(each.certificate, now) > timedelta(0)
        ]
        here = {each.certificate.serial_number for each in kept}
        believed = [each for each in self._roots() if _rest(each, now) > timedelta(0)]
        if not kept or any(each.serial_number not in here for each in believed):
            raise FleetError(
                f"this needs the root's key, and {self.vault.folder / 'root'} does not have it: "
                "put the folder back from where it is kept, try again, and carry it away"
            )
        return kept

    def _roots(self) -> list[x509.Certificate]:
        """The roots that are believed, oldest first, their keys here or not."""
        if not self.trust_path.exists():
            return []
        return x509.load_pem_x509_certificates(self.trust_path.read_bytes())

    def _write_trust(self) -> None:
        """Believe every root that was made. Ended ones do no harm, and clocks may be wrong."""
        known = {each.serial_number: each for each in self._roots()}
        known |= {k.certificate.serial_number: k.certificate for k in self.vault.kept("root")}
        content = pem_of(list(known.values()))
        if not known:
            raise FleetError(f"{self.trust_path} is gone: put back the folder as it was")
        if not self.trust_path.exists() or self.trust_path.read_bytes() != content:
            write_private(self.trust_path, content)

    def _revocation_list(
        self, kept: Kept, entries: Sequence[x509.RevokedCertificate], now: datetime
    ) -> bytes:
        building = (
            x509.CertificateRevocationListBuilder(revoked_certificates=list(entries))
            .issuer_name(kept.certificate.subject)
            .last_update(now - profiles.SLACK)
            .next_update(now + LIST_LASTS)
            .add_extension(profiles.issuer_key(kept.certificate), critical=False)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        )
        return building.sign(self.vault.key(kept), SHA256()).public_bytes(Encoding.PEM)


def _entry(serial: str, at: datetime) -> x509.RevokedCertificate:
    made = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(at)
    return made.build()


def _rest(certificate: x509.Certificate, now: datetime) -> timedelta:
    return certificate.not_valid_after_utc - now
