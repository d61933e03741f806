"""One certificate with its key, as a kiosk keeps it, and how it meets the broker with it."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from broker.link.tls import IdentityError, client_context
from broker.wire.events import Instant
from hardware.errors import ReadableError
from kiosk.identity import Identity, Name


class IdentityFileError(ReadableError):
    """An identity that can't be read, used or written; the text says what to do.

    Attributes:
        fault: what the heartbeat calls it, after ``certificate:``.
    """

    def __init__(self, detail: str, fault: str = "damaged") -> None:
        super().__init__(detail)
        self.fault = fault


class KeptIdentity(Struct, frozen=True, kw_only=True):
    """One certificate with its key, and where to go with it.

    Attributes:
        v: of this format.
        site, device: our name on the wire.
        label: the public part of the code that we were enrolled by.
        key: PEM, not encrypted: a kiosk starts with nobody there to type a passphrase.
        certificate: PEM, its issuers after it.
        trust: PEM of the roots to believe.
        serial: of the certificate, in hexadecimal digits.
        valid_from, expires_at: when the certificate holds.
        mqtt_host, mqtt_port: the broker.
        fleet_url: where to ask for the next certificate.
    """

    v: Literal[1] = 1
    site: Name
    device: Name
    label: str
    key: str
    certificate: str
    trust: str
    serial: str
    valid_from: Instant
    expires_at: Instant
    mqtt_host: Annotated[str, Meta(min_length=1)]
    mqtt_port: Annotated[int, Meta(ge=1, le=65_535)]
    fleet_url: str

    @property
    def identity(self) -> Identity:
        """Who we are on the wire."""
        return Identity(self.site, self.device)

    @property
    def address(self) -> str:
        """Host and port of the broker, for people."""
        return f"{self.mqtt_host}:{self.mqtt_port}"

    def tls(self) -> ssl.SSLContext:
        """How to meet the broker: whom to believe, and our certificate.

        Nothing is written to a disk, which may be full: OpenSSL reads files only, so these are in
        memory (memfd_create(2)).

        Raises:
            IdentityFileError: key or certificates can't be used.
        """
        try:
            with (
                _in_memory(self.trust) as trust,
                _in_memory(self.key + self.certificate) as ours,
            ):
                return client_context(trust, ours)
        except (IdentityError, ValueError) as error:
            raise IdentityFileError(f"the kept certificate can't be used: {error}") from error


@contextmanager
def _in_memory(text: str) -> Iterator[Path]:
    """A file with ``text`` that is on no disk."""
    descriptor = os.memfd_create("otziv")
    with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 it is a descriptor
        file.write(text.encode())
        yield Path(f"/proc/self/fd/{descriptor}")
