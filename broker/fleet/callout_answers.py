"""What NATS asks about a client, and what we answer: pure, but for the clock and the records.

Question and answer are JSON Web Tokens, signed with Ed25519 (NATS: "auth callout", ADR-26). The
question comes over this machine's loopback from the broker itself, so its signature tells nothing
more; that the chain of certificates holds, NATS has checked in the handshake.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from broker.fleet.callout_keys import CalloutKeys
from broker.fleet.certificates import Standing
from broker.fleet.requests import RequestError, Shown, read_certificate
from broker.server.rights import as_subjects, topics_of

ACCOUNT: Final = "OTZIV"
"""In which clients live (:mod:`broker.server.nats_secure`)."""

_MAX_SUBSCRIPTIONS: Final = 100
_DELIVERIES: Final = "$MQTT.sub.>"
"""Where NATS itself delivers messages of QoS 1; no client can subscribe to it by MQTT."""


class QuestionError(Exception):
    """It is no question that NATS asks."""


class _Tls(msgspec.Struct):
    verified_chains: list[list[str]] = []


class _Client(msgspec.Struct):
    mqtt_id: str = ""
    type: str = ""
    host: str = ""


class _Server(msgspec.Struct):
    id: str


class _Body(msgspec.Struct):
    server_id: _Server
    user_nkey: str
    client_info: _Client = msgspec.field(default_factory=_Client)
    client_tls: _Tls = msgspec.field(default_factory=_Tls)


class _Claims(msgspec.Struct):
    nats: _Body


@dataclass(frozen=True, slots=True)
class Question:
    """Who wants to come in.

    Attributes:
        server: which NATS asks.
        user: the key that it made for this connection; the answer is about it.
        client_id: as whom the client greeted; empty for NATS's own protocol.
        address: the client's.
        shown: its certificate; ``None`` where it has none.
    """

    server: str
    user: str
    client_id: str
    address: str
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may come in.

    Attributes:
        name: the certificate's common name; empty where there is none.
        refusal: why not; ``None`` for welcome.
    """

    name: str
    refusal: str | None


def read_question(token: bytes) -> Question:
    """Read what NATS asks.

    Raises:
        QuestionError: it is something else.
    """
    try:
        _, middle, _ = token.split(b".")
        body = msgspec.json.decode(_unpadded(middle), type=_Claims).nats
        chains = body.client_tls.verified_chains
        shown = read_certificate(chains[0][0]) if chains and chains[0] else None
    except (ValueError, msgspec.MsgspecError, RequestError) as error:
        raise QuestionError(f"this is no question about a client: {error}") from error
    client = body.client_info
    client_id = client.mqtt_id if client.type == "mqtt" else ""
    return Question(body.server_id.id, body.user_nkey, client_id, client.host, shown)


def judge(question: Question, standing: Callable[[str, str], Standing]) -> Verdict:
    """Decide; ``standing`` tells what our records say of a serial and a subject."""
    shown = question.shown
    if shown is None:
        return Verdict("", "no certificate")
    if question.client_id != shown.subject:
        return Verdict(shown.subject, f"client id {question.client_id!r} is not the certificate's")
    found = standing(shown.serial, shown.subject)
    return Verdict(shown.subject, None if found == "good" else f"certificate {found}")


def answer(question: Question, verdict: Verdict, keys: CalloutKeys, now: datetime) -> bytes:
    """What to send back: a user with his rights, or the refusal, for the server that asked."""
    said: dict[str, Any] = {"type": "authorization_response", "version": 2}
    if verdict.refusal is None:
        said["jwt"] = _sign(_user(question, verdict.name), keys, now).decode()
    else:
        said["error"] = verdict.refusal
    return _sign({"sub": question.user, "aud": question.server, "nats": said}, keys, now)


def _user(question: Question, name: str) -> dict[str, Any]:
    """A user of NATS: what he may, by MQTT only, and no longer than his certificate holds."""
    topics = topics_of(name)
    hears = [*as_subjects(topics.hears), _DELIVERIES]
    claims: dict[str, Any] = {
        "sub": question.user,
        "aud": ACCOUNT,
        "name": name,
        "nats": {
            "type": "user",
            "version": 2,
            "subs": _MAX_SUBSCRIPTIONS,
            "data": -1,
            "payload": -1,
            "allowed_connection_types": ["MQTT"],
            "pub": _only(as_subjects(topics.publishes)),
            "sub": _only(hears),
        },
    }
    if question.shown is not None:
        claims["exp"] = int(question.shown.expires_at.timestamp())
    return claims


def _only(subjects: list[str]) -> dict[str, list[str]]:
    """Permissions for these and nothing else: an empty list would mean everything."""
    return {"allow": subjects} if subjects else {"deny": [">"]}


def _sign(claims: dict[str, Any], keys: CalloutKeys, now: datetime) -> bytes:
    whole = {
        **claims,
        "iss": keys.issuer_name,
        "iat": int(now.timestamp()),
        "jti": secrets.token_hex(16),
    }
    head = _padless(msgspec.json.encode({"typ": "JWT", "alg": "ed25519-nkey"}))
    text = head + b"." + _padless(msgspec.json.encode(whole))
    return text + b"." + _padless(keys.sign(text))


def _padless(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _unpadded(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
