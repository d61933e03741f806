"""Where the parts of an installation are, and how people and other systems reach them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reach:
    """Where everything is.

    Attributes:
        folder: of the authority; the identities of our own processes are in it.
        mqtt_host, mqtt_port: where we meet the broker.
        public_host: where kiosks meet it, and us.
        names: DNS names and addresses in our servers' certificates.
        listen, port: of the enrolment endpoint.
        broker: which one runs.
        broker_pid: the file with its process id, where ``otziv serve`` runs it.
        broker_commands: what makes a broker of the system read its files again, and start anew.
    """

    folder: Path
    mqtt_host: str
    mqtt_port: int
    public_host: str
    names: tuple[str, ...]
    listen: str
    port: int
    broker: Literal["mosquitto", "nats"]
    broker_pid: Path | None = None
    broker_commands: tuple[str, str] | None = None

    @property
    def fleet_url(self) -> str:
        """Where kiosks enrol and rotate."""
        return https_url(self.public_host, self.port)

    @property
    def identities(self) -> Path:
        """The folder of our own processes' identities."""
        return self.folder / "identities"

    @property
    def trust(self) -> Path:
        """PEM with the roots to believe."""
        return self.folder / "trust.pem"

    @property
    def lists(self) -> Path:
        """Revocation lists, for a broker that reads them."""
        return self.folder / "revoked.pem"


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears of notices, and who reports to us.

    Attributes:
        addresses: as Apprise writes them.
        language: of notices.
        served_token: with which a queue system reports; empty: nobody may.
    """

    addresses: tuple[str, ...] = field(default=(), repr=False)
    language: Literal["bg", "en"] = "bg"
    served_token: str = field(default="", repr=False)


def https_url(host: str, port: int) -> str:
    """The address of an endpoint; an IPv6 address stands in brackets."""
    return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
