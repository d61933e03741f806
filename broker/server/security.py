"""What makes a broker secure: its own certificate, whom it believes, and whom it bars."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Callout:
    """How NATS asks our responder about each client (:mod:`broker.fleet.callout`).

    Attributes:
        port: of 127.0.0.1, for NATS's own protocol; nobody but the responder is let in there.
        issuer: the public key whose signature NATS believes.
        password: by which the responder is known; NATS's configuration is for its user only.
    """

    port: int
    issuer: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Security:
    """How a broker meets other machines: over TLS, with certificates on both sides.

    Attributes:
        listen: the address that it waits at, such as ``0.0.0.0``.
        identity: PEM file with its key and the chain of its certificate.
        trust: PEM file with the roots that it believes.
        revoked: PEM file with revocation lists, which Mosquitto needs and NATS has no use for.
        callout: whom NATS asks, which Mosquitto has no use for.
    """

    listen: str
    identity: Path
    trust: Path
    revoked: Path | None = None
    callout: Callout | None = None
