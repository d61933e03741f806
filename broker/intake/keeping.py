"""Between the intake and the quarantine: what is kept of a refusal, and how it comes back."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

import msgspec

from broker.intake.delivery import Delivery, Refused
from broker.store.columns import to_ms
from broker.store.events import content_of
from broker.store.quarantine import Entry
from broker.store.tables import Quarantined
from broker.wire.codec import Reading, Rejected, read_batch, read_event
from broker.wire.events import AnyEvent
from broker.wire.texts import STREAM

_STREAM: Final = re.compile(STREAM + r"\Z")


def digest_of(event: AnyEvent) -> str:
    """The same for an event sent again, however it is dated by then."""
    return sha256(repr((event.id, content_of(event))).encode()).hexdigest()


def entry_of(refused: Refused, delivery: Delivery) -> Entry:
    """What the quarantine keeps of ``refused``."""
    return Entry(
        received_ms=to_ms(delivery.received_at),
        digest=_digest_of_refused(refused, delivery),
        site=delivery.site,
        device=delivery.device,
        topic=delivery.topic,
        stream=delivery.reading.stream,
        seq=refused.seq,
        event_id=refused.id,
        reason=refused.reason,
        detail=refused.detail,
        payload=refused.raw,
    )


def delivery_of(entry: Quarantined, *, distrusts_clock: bool) -> Delivery:
    """``entry`` as it arrived, read by what this program knows today."""
    reading = _read(entry)
    if distrusts_clock:
        events = [msgspec.structs.replace(event, clock="unknown") for event in reading.events]
        reading = Reading(reading.stream, events, reading.rejected)
    return Delivery(entry.site, entry.device, entry.topic, reading, entry.received_at)


def _read(entry: Quarantined) -> Reading:
    """A whole message, or else one event of the stream that was noted."""
    payload = entry.payload or b""
    message = read_batch(payload)
    if message.events:
        return message
    event = read_event(payload)
    if isinstance(event, Rejected):
        # Of a message, only reading it as one tells what is wrong with it.
        return message if entry.event_id is None else Reading(entry.stream, [], [event])
    is_stream = entry.stream is not None and _STREAM.match(entry.stream)
    return Reading(entry.stream if is_stream else None, [event], [])


def _digest_of_refused(refused: Refused, delivery: Delivery) -> str:
    if refused.event is not None:
        return digest_of(refused.event)
    sender = f"{delivery.site}/{delivery.device}".encode("utf-8", "backslashreplace")
    return sha256(sender + b"\0" + refused.raw).hexdigest()
