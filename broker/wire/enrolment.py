"""Messages between a kiosk and the enrolment endpoint: JSON over HTTPS, not over MQTT.

A kiosk that knows a code speaks twice: ``Opening`` begins the password-authenticated key exchange
(SPAKE2), ``Proof`` shows that both sides knew the code and carries the signing request. Later it
asks for a new certificate with ``Rotation``, signed by the old key. Bytes are base64 in JSON.
"""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from broker.wire.events import Instant
from broker.wire.messages import Message
from broker.wire.texts import Token, checked
from broker.wire.topics import NAME_PATTERN

OPEN_PATH: Final = "/v1/enrolment/open"
PROVE_PATH: Final = "/v1/enrolment/prove"
ROTATE_PATH: Final = "/v1/rotation"

Name: TypeAlias = Annotated[str, checked(NAME_PATTERN.strip("^$"))]
Bytes: TypeAlias = Annotated[bytes, Meta(max_length=8_192)]
Label: TypeAlias = Annotated[str, checked("[0-9A-HJKMNP-TV-Z]{4}", "the public part of a code")]


class Opening(Message, frozen=True, kw_only=True):
    """Kiosk → server: the first half of the exchange.

    Attributes:
        label: the public part of the code: which enrolment is meant.
        exchange: SPAKE2's message.
    """

    label: Label
    exchange: Bytes


class Opened(Message, frozen=True, kw_only=True):
    """Server → kiosk: the other half. An unknown label gets one, too, which proves nothing.

    Attributes:
        session: names this exchange for a minute.
        exchange: SPAKE2's message.
    """

    session: Token
    exchange: Bytes


class Proof(Message, frozen=True, kw_only=True):
    """Kiosk → server: it knew the code, and sees the server's own certificate.

    Attributes:
        session: from ``Opened``.
        confirmation: of the key, over everything said and the certificate that the kiosk met.
        request: the signing request, DER; its subject is ignored.
    """

    session: Token
    confirmation: Bytes
    request: Bytes


class Credentials(Message, frozen=True, kw_only=True):
    """Server → kiosk: who it is from now on, and where.

    Attributes:
        confirmation: that the server knew the code; empty in the answer to ``Rotation``.
        site, device: its name on the wire; the certificate's common name is ``site/device``.
        certificate: PEM, its issuers after it.
        trust: PEM of the roots to believe.
        serial: of the certificate, in hexadecimal digits.
        expires_at: when the certificate ends.
        mqtt_host, mqtt_port: the broker.
        fleet_url: where to ask for the next certificate.
    """

    confirmation: Bytes = b""
    site: Name
    device: Name
    certificate: Annotated[str, Meta(max_length=32_768)]
    trust: Annotated[str, Meta(max_length=32_768)]
    serial: Annotated[str, checked("[0-9a-f]{2,40}")]
    expires_at: Instant
    mqtt_host: Annotated[str, Meta(min_length=1, max_length=253)]
    mqtt_port: Annotated[int, Meta(ge=1, le=65_535)]
    fleet_url: Annotated[str, Meta(max_length=300)]


class Rotation(Message, frozen=True, kw_only=True):
    """Kiosk → server: a new key, vouched for by the old one.

    Attributes:
        certificate: the old one, PEM.
        request: the signing request of the new key, DER.
        asked_at: by the kiosk's clock.
        signature: of the old key, over what ``broker.link.proof.rotation_text`` gives.
    """

    certificate: Annotated[str, Meta(max_length=32_768)]
    request: Bytes
    asked_at: Instant
    signature: Bytes


class Refusal(Struct, frozen=True, kw_only=True):
    """Server → kiosk, with a status of 400 or above.

    Attributes:
        reason: a code: ``wrong-code`` (also: unknown, used up, expired), ``busy`` (try again),
            ``not-valid``, ``revoked`` (also: ended), ``unknown-certificate``; of a request that
            is none, ``not-found``, ``wrong-method``, ``too-large``.
        detail: for the installer.
    """

    reason: str
    detail: str
