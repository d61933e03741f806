"""The slow road of reading: what breaks the contract, event by event, and why.

What is wrong with one event leaves its neighbours alone; what is wrong with a batch rejects each
of its events, so that each gets its entry in quarantine and its word in the receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from broker.wire.depth import MAX_DEPTH
from broker.wire.errors import WireError, readable
from broker.wire.events import MAX_INTEGER, Answer, AnyEvent, Correction, Rating
from broker.wire.messages import MAX_EVENTS, VERSION
from broker.wire.texts import StreamId

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises; a ``ValueError`` of a message's own checks comes as the first of them."""
TOO_DEEP: Final = f"nested more than {MAX_DEPTH} deep"

_events: Final[msgspec.json.Decoder[AnyEvent]] = msgspec.json.Decoder(AnyEvent)
_KINDS: Final = frozenset(str(kind.__struct_config__.tag) for kind in (Rating, Correction, Answer))


@dataclass(frozen=True, slots=True)
class Rejected:
    """What broke the contract: one event, or a whole message.

    Attributes:
        reason: a code of :data:`broker.wire.errors.REASONS`.
        detail: what was wrong and where.
        raw: the original bytes.
        id: the event's id where it can be read, for the receipt.
        seq: the event's number where it can be read, for completeness.
    """

    reason: str
    detail: str
    raw: bytes
    id: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch as far as it could be read; ``stream`` is ``None`` where even that could not."""

    stream: str | None
    events: list[AnyEvent]
    rejected: list[Rejected]


class _Envelope(msgspec.Struct):
    """A batch whose events are not looked into; any version, known or not."""

    events: list[msgspec.Raw]
    v: Any = None
    stream: Any = None


class _Identity(msgspec.Struct):
    """What an event may still tell of itself when it is not valid."""

    id: Any = None
    seq: Any = None
    kind: Any = None


class _Versioned(msgspec.Struct):
    """Any message's version."""

    v: int


_envelopes: Final = msgspec.json.Decoder(_Envelope)
_identities: Final = msgspec.json.Decoder(_Identity)
_versions: Final = msgspec.json.Decoder(_Versioned)


def read_event(raw: bytes) -> AnyEvent | Rejected:
    """Read one event."""
    try:
        raw.decode()
        return _events.decode(raw)
    except UNREADABLE as error:
        known = _identify(raw)
        if isinstance(known.kind, str) and known.kind not in _KINDS:
            detail = f"kind {known.kind[:80]!r}; known are {', '.join(sorted(_KINDS))}"
            return _reject("unknown-kind", detail, raw, known)
        fault = explain(error, b"")
        return _reject(fault.reason, fault.detail, raw, known)


def read_piecemeal(payload: bytes) -> Reading:
    """Read a batch in which something is wrong, event by event."""
    try:
        envelope = _envelopes.decode(payload)
    except UNREADABLE as error:
        fault = explain(error, payload)
        return Reading(None, [], [Rejected(fault.reason, fault.detail, payload)])
    stream, fault_of_all = _judge(envelope)
    if fault_of_all is not None:
        return Reading(stream, [], _reject_all(envelope, fault_of_all, payload))
    read = [read_event(bytes(raw)) for raw in envelope.events]
    return Reading(
        stream,
        [event for event in read if not isinstance(event, Rejected)],
        [event for event in read if isinstance(event, Rejected)],
    )


def _judge(envelope: _Envelope) -> tuple[str | None, WireError | None]:
    """A batch's stream where it has one, and what is wrong with the batch as a whole."""
    try:
        stream = msgspec.convert(envelope.stream, StreamId)
    except msgspec.ValidationError as error:
        return None, _fault_of_version(envelope.v) or WireError(
            "invalid", f"{error} - at `$.stream`"
        )
    return stream, _fault_of_version(envelope.v) or _fault_of_count(len(envelope.events))


def _fault_of_version(version: object) -> WireError | None:
    if isinstance(version, bool) or not isinstance(version, int):
        return WireError("invalid", f"v is {VERSION} in every message, not {version!r}")
    if version != VERSION:
        return WireError("unknown-version", f"v {version}; this program knows {VERSION}")
    return None


def _fault_of_count(events: int) -> WireError | None:
    if events > MAX_EVENTS:
        return WireError("too-many-events", f"{events} events; at most {MAX_EVENTS}")
    return None if events else WireError("invalid", "a batch has at least one event")


def _reject_all(envelope: _Envelope, fault: WireError, payload: bytes) -> list[Rejected]:
    """Every event of a batch rejected for the batch's fault.

    As a whole where it is empty, or has more than can be events: 256 KiB of ``0,0,0,…`` would
    make 130,000 entries for people to look at.
    """
    if not 0 < len(envelope.events) <= 2 * MAX_EVENTS:
        return [Rejected(fault.reason, fault.detail, payload)]
    return [
        _reject(fault.reason, fault.detail, bytes(raw), _identify(raw)) for raw in envelope.events
    ]


def explain(error: Exception, payload: bytes) -> WireError:
    """Name the reason why a message could not be decoded."""
    if isinstance(error, RecursionError):
        return WireError("too-deep", TOO_DEEP)
    if isinstance(error, msgspec.ValidationError):
        version = _version(payload)
        if version not in (None, VERSION):
            return WireError("unknown-version", f"v {version}; this program knows {VERSION}")
        return WireError("invalid", str(error))
    return WireError("not-json", str(error))


def _version(payload: bytes) -> int | None:
    """The version that a message names, if it names one."""
    try:
        return _versions.decode(payload).v
    except UNREADABLE:
        return None


def _identify(raw: msgspec.Raw | bytes) -> _Identity:
    """What an invalid event still tells of itself."""
    try:
        return _identities.decode(raw)
    except UNREADABLE:
        return _Identity()


def _reject(reason: str, detail: str, raw: bytes, known: _Identity) -> Rejected:
    """A rejected event, with its id and number where a receipt and a database can carry them."""
    has_id = isinstance(known.id, str) and 0 < len(known.id) <= 64 and known.id.isprintable()
    has_seq = type(known.seq) is int and 0 < known.seq <= MAX_INTEGER  # a bool is an int too
    return Rejected(
        reason,
        readable(detail),
        raw,
        known.id if has_id else None,
        known.seq if has_seq else None,
    )
