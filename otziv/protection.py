"""What an installation needs to know its devices: an authority, and identities of its own."""

from __future__ import annotations

import os
import secrets
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from broker.fleet.authority import Authority
from broker.fleet.callout_keys import callout_keys
from broker.fleet.eviction import temporary_pass
from broker.fleet.identities import renew_identities
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
    passphrase: str

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
    """What protects ``installation``; its passphrase is made where there is none.

    Raises:
        InstallationError: the passphrase can't be kept.
    """
    given = installation.settings.fleet_passphrase.get_secret_value()
    passphrase = given or _make_passphrase(installation.data / "secrets")
    return Protection(installation.data / "fleet", passphrase)


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
    """How we meet the broker in the name of the device ``subject`` (``site/device``), for a day."""
    if not running.is_secure:
        yield None
        return
    protection = protection_of(installation)
    lent = temporary_pass(
        database, protection.authority(), subject, datetime.now(UTC), lasts=timedelta(days=1)
    )
    with lent as ours:
        yield client_context(protection.trust, ours.path)


def _make_passphrase(folder: Path) -> str:
    """A passphrase in the folder of secrets; of two who make one at once, the first one's."""
    path = folder / PASSPHRASE_NAME
    made = secrets.token_urlsafe(_PASSPHRASE_BYTES)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        beside = folder.parent / f".{PASSPHRASE_NAME}.{os.getpid()}"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)  # fails where there is one already
        except FileExistsError:
            made = path.read_text(encoding="utf-8").strip()
        finally:
            beside.unlink()
    except OSError as error:
        raise InstallationError(f"the passphrase can't be kept in {folder}: {error}") from error
    return made
