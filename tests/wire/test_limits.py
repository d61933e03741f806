"""The limits of the wire, at the byte: sizes, counts and depth."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from broker.wire import codec
from broker.wire.codec import MAX_DEPTH, MAX_RECEIVED_BYTES, MAX_SENT_BYTES
from broker.wire.depth import is_too_deep
from broker.wire.errors import WireError
from broker.wire.events import AnyEvent
from broker.wire.messages import MAX_EVENTS, VERSION, Heartbeat, Receipt, Reply
from tests.wire.samples import (
    HEARTBEAT,
    RECEIPT,
    STREAM,
    answer,
    batch,
    encoded,
    event_id,
    rating,
)


def events(count: int) -> list[AnyEvent]:
    """``count`` valid events, ready to be written."""
    read = [codec.read_event(encoded(rating(seq))) for seq in range(1, count + 1)]
    return [event for event in read if not isinstance(event, codec.Rejected)]


def receipt_of(size: int) -> Receipt:
    """A receipt that is exactly ``size`` bytes long when written."""
    empty = len(codec.write(Receipt(v=VERSION, stream="")))
    return Receipt(v=VERSION, stream="x" * (size - empty))


def padded(payload: bytes, size: int) -> bytes:
    """A message made ``size`` bytes long by white space, which JSON allows."""
    return payload + b" " * (size - len(payload))


def test_limits_are_those_of_the_contract() -> None:
    """192 KiB sent, 256 KiB received, 500 events, 32 levels: other programs count on them."""
    assert (MAX_SENT_BYTES, MAX_RECEIVED_BYTES) == (196_608, 262_144)
    assert (MAX_EVENTS, MAX_DEPTH) == (500, 32)


def test_sender_makes_192_kib_and_not_a_byte_more() -> None:
    """The largest message is written; one byte more is refused."""
    assert len(codec.write(receipt_of(MAX_SENT_BYTES))) == MAX_SENT_BYTES
    with pytest.raises(WireError, match="196609 bytes") as caught:
        codec.write(receipt_of(MAX_SENT_BYTES + 1))
    assert caught.value.reason == "too-large"


def test_sender_refuses_a_batch_above_192_kib() -> None:
    """500 events too long for one message are refused, for the sender to put fewer in."""
    options = [f"option-{n:02d}-{'x' * 50}" for n in range(32)]
    long = codec.read_event(encoded(answer(options=options)))
    assert not isinstance(long, codec.Rejected)
    with pytest.raises(WireError) as caught:
        codec.write_batch(STREAM, [long] * MAX_EVENTS)
    assert caught.value.reason == "too-large"


def test_sender_puts_500_events_into_a_batch_and_not_one_more() -> None:
    """500 are written and read back; 501 are refused; none is no batch."""
    full = events(MAX_EVENTS)
    reading = codec.read_batch(codec.write_batch(STREAM, full[:300]))
    assert reading.events == full[:300]
    with pytest.raises(WireError) as caught:
        codec.write_batch(STREAM, events(MAX_EVENTS + 1))
    assert caught.value.reason == "too-many-events"
    with pytest.raises(WireError) as caught:
        codec.write_batch(STREAM, [])
    assert caught.value.reason == "invalid"


def test_receiver_reads_256_kib() -> None:
    """A message of exactly 256 KiB is read; one byte more is rejected whole, bytes kept."""
    full = padded(encoded(batch(rating())), MAX_RECEIVED_BYTES)
    assert len(codec.read_batch(full).events) == 1
    above = full + b" "
    reading = codec.read_batch(above)
    assert (reading.stream, reading.events) == (None, [])
    assert [(r.reason, r.raw) for r in reading.rejected] == [("too-large", above)]


def test_receiver_reads_other_messages_up_to_256_kib() -> None:
    """The same limit holds for every message."""
    full = padded(encoded(HEARTBEAT), MAX_RECEIVED_BYTES)
    assert codec.read(full, Heartbeat).last_seq == 44
    with pytest.raises(WireError) as caught:
        codec.read(full + b" ", Heartbeat)
    assert caught.value.reason == "too-large"


def short(seq: int) -> dict[str, Any]:
    """A valid event short enough for 501 of them to fit into a message."""
    return rating(seq, boot="b7e2c90d", visit="c41f09d2", touchpoint="a", survey="b", input="c")


def test_receiver_reads_500_events() -> None:
    """A full batch is read."""
    payload = encoded(batch(*map(short, range(1, 501))))
    reading = codec.read_batch(payload)
    assert (len(reading.events), reading.rejected) == (500, [])


def test_receiver_rejects_each_of_501_events() -> None:
    """One event too many: each is rejected with its id, its number and its own bytes."""
    payload = encoded(batch(*map(short, range(1, 502))))
    reading = codec.read_batch(payload)
    assert (reading.stream, reading.events) == (STREAM, [])
    assert {r.reason for r in reading.rejected} == {"too-many-events"}
    assert [(r.id, r.seq) for r in reading.rejected] == [(event_id(n), n) for n in range(1, 502)]
    assert json.loads(reading.rejected[500].raw) == short(501)


def test_receiver_keeps_a_flood_of_nothings_as_one() -> None:
    """A message of 100,000 empty events is one entry for people to look at, not 100,000."""
    payload = encoded(batch(*[0] * 100_000))
    reading = codec.read_batch(payload)
    assert [(r.reason, r.raw) for r in reading.rejected] == [("too-many-events", payload)]


def test_receiver_rejects_an_empty_batch() -> None:
    """A batch without events is kept as a whole."""
    payload = encoded(batch())
    reading = codec.read_batch(payload)
    assert (reading.stream, reading.events) == (STREAM, [])
    assert [(r.reason, r.raw) for r in reading.rejected] == [("invalid", payload)]


def nested(levels: int) -> bytes:
    """A valid batch whose one event has an unknown field, ``levels`` deep counted from outside."""
    inner = levels - 3  # batch, list of events, event
    payload = encoded(batch(rating(later="@")))
    return payload.replace(b'"@"', b"[" * inner + b"]" * inner)


def test_depth_of_32_is_read_and_33_is_not() -> None:
    """The limit counts every level from the outermost."""
    assert len(codec.read_batch(nested(32)).events) == 1
    reading = codec.read_batch(nested(33))
    assert [(r.reason, r.raw) for r in reading.rejected] == [("too-deep", nested(33))]


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("closing", [b"", b"]", b"}"])
def test_great_depth_is_no_danger(opening: bytes, closing: bytes) -> None:
    """A message nested 40,000 deep, closed or not, is rejected for its depth."""
    payload = opening * 40_000 + closing * 40_000
    assert [r.reason for r in codec.read_batch(payload[:MAX_RECEIVED_BYTES]).rejected] == [
        "too-deep"
    ]


def test_depth_hidden_behind_strings_is_no_danger() -> None:
    """Brackets in strings that make deep nesting look flat are met by the recursion guard."""
    levels = 20_000
    hidden = b'["]",' * levels + b"0" + b',"["]' * levels
    inside = encoded(batch(rating(later="@"))).replace(b'"@"', hidden)
    assert [r.reason for r in codec.read_batch(inside).rejected] == ["too-deep"]


def test_brackets_in_texts_are_no_depth() -> None:
    """A text full of brackets and quotes is not nested."""
    reply = encoded({"v": 1, "command": "0f5e1c2a", "ok": True, "detail": '[{"\\' * 400})
    assert codec.read(reply, Reply).detail.startswith('[{"')


def test_string_without_end_is_looked_at_once() -> None:
    """256 KiB of escaped quotes cost milliseconds, not minutes."""
    payload = b"[" * 33 + b'"' + b'\\"' * 131_000
    started = time.process_time()
    assert is_too_deep(payload)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("value", [RECEIPT, HEARTBEAT])
def test_depth_of_small_messages(value: dict[str, Any]) -> None:
    """The limit can be set; ordinary messages are two or three levels deep."""
    assert not is_too_deep(encoded(value), limit=3)
    assert is_too_deep(encoded([[[value]]]), limit=3)
