"""Reading and writing messages, and the limits of the wire (design: nothing is dropped).

A sender's codec refuses what is above the limits. A receiver's reads everything: what breaks the
contract comes back as :class:`Rejected`, event by event where they can be told apart, with the
original bytes and a reason, so that it can be kept for people to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar, get_args

import msgspec

from broker.wire.depth import MAX_DEPTH, is_too_deep
from broker.wire.errors import WireError
from broker.wire.events import AnyEvent
from broker.wire.messages import MAX_EVENTS, VERSION, Availability, Batch, Message
from broker.wire.reading import (
    TOO_DEEP,
    UNREADABLE,
    Reading,
    Rejected,
    explain,
    read_event,
    read_piecemeal,
)

__all__ = [
    "MAX_DEPTH",
    "MAX_RECEIVED_BYTES",
    "MAX_SENT_BYTES",
    "Reading",
    "Rejected",
    "read",
    "read_availability",
    "read_batch",
    "read_event",
    "write",
    "write_batch",
    "write_event",
]

MAX_SENT_BYTES: Final = 192 * 1024
"""A sender never makes a larger message."""
MAX_RECEIVED_BYTES: Final = 256 * 1024
"""A receiver accepts up to this; brokers are set to twice as much, since a message at a broker's
exact limit is dropped in silence or resent for ever."""

M = TypeVar("M", bound=Message)

_encoder: Final = msgspec.json.Encoder()
_batches: Final = msgspec.json.Decoder(Batch)


def read_batch(payload: bytes) -> Reading:
    """Read a batch of events. Never raises: what can't be read is in ``rejected``."""
    fault = _fault(payload)
    if fault is None:
        try:
            payload.decode()  # fields that nobody knows must be UTF-8 too
            batch = _batches.decode(payload)
        except UNREADABLE:
            return read_piecemeal(payload)  # the slow road, and the one that says why
        return Reading(batch.stream, batch.events, [])
    return Reading(None, [], [Rejected(fault.reason, fault.detail, payload)])


def write_event(event: AnyEvent) -> bytes:
    """One event as JSON."""
    return _encoder.encode(event)


def write_batch(stream: str, events: Sequence[AnyEvent]) -> bytes:
    """A batch as JSON.

    Raises:
        WireError: ``too-many-events`` or ``too-large``: put fewer into one batch; ``invalid``
            for an empty one.
    """
    if not events:
        raise WireError("invalid", "a batch has at least one event")
    if len(events) > MAX_EVENTS:
        raise WireError("too-many-events", f"{len(events)} events; at most {MAX_EVENTS}")
    return write(Batch(v=VERSION, stream=stream, events=list(events)))


def write(message: Message) -> bytes:
    """A message as JSON.

    Raises:
        WireError: ``too-large``.
    """
    payload = _encoder.encode(message)
    if len(payload) > MAX_SENT_BYTES:
        raise WireError(
            "too-large", f"{len(payload)} bytes; a sender makes at most {MAX_SENT_BYTES}"
        )
    return payload


def read(payload: bytes, kind: type[M]) -> M:
    """Read a message that is not a batch of events.

    Raises:
        WireError: what was wrong with it.
    """
    fault = _fault(payload)
    if fault is not None:
        raise fault
    try:
        payload.decode()
        return msgspec.json.decode(payload, type=kind)
    except UNREADABLE as error:
        raise explain(error, payload) from error


def read_availability(payload: bytes) -> Availability:
    """Read ``online`` or ``offline``, bare text.

    Raises:
        WireError: ``invalid``.
    """
    for word in get_args(Availability):
        if payload == word.encode():
            found: Availability = word
            return found
    raise WireError("invalid", f"availability {payload[:40]!r} is neither online nor offline")


def _fault(payload: bytes) -> WireError | None:
    """What is wrong with a message before it is even read."""
    if len(payload) > MAX_RECEIVED_BYTES:
        return WireError("too-large", f"{len(payload)} bytes; at most {MAX_RECEIVED_BYTES}")
    if is_too_deep(payload):
        return WireError("too-deep", TOO_DEEP)
    return None
