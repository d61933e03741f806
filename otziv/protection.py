"""What an installation needs to know its devices: an authority, and identities of its own."""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from broker.fleet.authority import Authority
from broker.fleet.callout_keys import callout_keys
from broker.fleet.eviction import temporary_pass
from broker.fleet.identities import renew_identities
from broker.fleet.private_files import locked, make_folder, write_private
from broker.fleet.revocation import write_lists
from broker.link.tls import client_context
from broker.server.process import LOOPBACK, free_port
from broker.server.security import Security
from broker.store.database import Database
from otziv.installation import Installation, InstallationError, Running

PASSPHRASE_NAME: Final = "fleet_passphrase"  # noqa: S105  # of the file, which has it
_PASSPHRASE_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Protection:
    """The authority's folder, and the identities in it.

    Attributes:
        folder: of the authority, in the data folder.
        passphrase: of its keys.
    """

    folder: Path
    passphrase: str = field(repr=False)

    @property
    def trust(self) -> Path:
        """PEM with the roots to believe."""
        return self.folder / "trust.pem"

    @property
    def identities(self) -> Path:
        """The folder of our own processes' identities."""
        return self.folder / "identities"

    @property
    def lists(self) -> Path:
        """PEM with the revocation lists."""
        return self.folder / "revoked.pem"

    def identity(self, name: str) -> Path:
        """PEM with key and certificate of one of our own processes."""
        return self.identities / f"{name}.pem"

    def authority(self) -> Authority:
        """The authority, whose keys are made when they are first needed.

        Raises:
            FleetError: the passphrase is not that of the keys.
        """
        return Authority.open(self.folder, self.passphrase.encode(), datetime.now(UTC))


def protection_of(installation: Installation) -> Protection:
    """What protects ``installation``; a new one gets a passphrase.

    Raises:
        InstallationError: the passphrase can't be kept, or was lost.
    """
    folder, path = installation.data / "fleet", installation.data / "secrets" / PASSPHRASE_NAME
    given = installation.settings.fleet_passphrase.get_secret_value()
    if not given and (folder / "trust.pem").exists() and not path.exists():
        raise InstallationError(
            f"{path} is missing, and the keys in {folder} are encrypted with what it said: put it "
            "back, from your safe or a backup"
        )
    return Protection(folder, given or _make_passphrase(path))


def protect_broker(installation: Installation, protection: Protection) -> Security:
    """Make what a secure broker needs, and the identities of all our own processes.

    Raises:
        FleetError: the authority can't be used.
        StoreError: the database does not answer.
    """
    authority, now = protection.authority(), datetime.now(UTC)
    names = server_names(installation)
    with installation.store() as database:
        renew_identities(database, authority, protection.identities, names, now)
        write_lists(database, authority, protection.lists, now)
    return Security(
        listen=installation.settings.listen,
        identity=protection.identity("broker"),
        trust=protection.trust,
        revoked=protection.lists,
        callout=callout_keys(protection.folder).callout(_callout_port(installation)),
    )


def _callout_port(installation: Installation) -> int:
    """That of an external NATS stands in a file rendered once; ours is told at each start."""
    settings = installation.settings
    return settings.callout_port if settings.broker == "external" else free_port()


def server_names(installation: Installation) -> tuple[str, ...]:
    """Names and addresses by which this machine is reached; in the servers' certificates."""
    settings = installation.settings
    found = [public_host(installation), socket.gethostname(), "localhost", LOOPBACK, "::1"]
    if settings.listen not in {"0.0.0.0", "::"}:  # noqa: S104  # compared, not listened on
        found.append(settings.listen)
    return tuple(dict.fromkeys(found))


def public_host(installation: Installation) -> str:
    """The name by which kiosks reach this machine."""
    return installation.settings.public_host or socket.gethostname()


def context_for(
    installation: Installation, running: Running, service: str
) -> ssl.SSLContext | None:
    """How ``service`` meets the broker of a running installation; ``None``: without TLS."""
    if not running.is_secure:
        return None
    protection = protection_of(installation)
    return client_context(protection.trust, protection.identity(service))


@contextmanager
def context_as_device(
    installation: Installation, database: Database, running: Running, subject: str
) -> Iterator[ssl.SSLContext | None]:
    """How we meet the broker in the name of the device ``subject`` (``site/device``), for a day.

    The key is in this process's memory only: should it be killed, nobody has the key any more.
    """
    if not running.is_secure:
        yield None
        return
    protection = protection_of(installation)
    lent = temporary_pass(
        database, protection.authority(), subject, datetime.now(UTC), lasts=timedelta(days=1)
    )
    with lent as ours:
        context = client_context(protection.trust, ours.path)
        ours.path.unlink()
        yield context


def _make_passphrase(path: Path) -> str:
    """A passphrase among the secrets; of two who make one at once, the first one's."""
    folder, made = path.parent, secrets.token_urlsafe(_PASSPHRASE_BYTES)
    try:
        make_folder(folder)
        with locked(folder):
            if path.exists():
                return path.read_text(encoding="utf-8").strip()
            beside = folder.parent / f".{path.name}"  # in there each file is a setting
            write_private(beside, made.encode())
            beside.replace(path)
    except OSError as error:
        raise InstallationError(f"the passphrase can't be kept in {folder}: {error}") from error
    return made
