"""One bad event among good ones, and whole messages that are none."""

from __future__ import annotations

import pytest

from broker.wire import codec
from broker.wire.errors import REASONS
from tests.wire.samples import (
    STREAM,
    answer,
    batch,
    correction,
    encoded,
    event_id,
    rating,
    without,
)

GOOD = [encoded(rating(1)), encoded(correction(2)), encoded(answer(4))]


def around(bad: bytes) -> bytes:
    """A batch with ``bad`` in the third place among good events."""
    return encoded(batch("@")).replace(b'"@"', b",".join([*GOOD[:2], bad, GOOD[2]]))


BAD_EVENTS = {
    "wrong value": (encoded(rating(3, value=9)), "invalid"),
    "missing field": (encoded(without(rating(3), "visit")), "invalid"),
    "unknown kind": (encoded(rating(3, kind="gesture")), "unknown-kind"),
    "boolean": (encoded(rating(3, uptime_ms=True)), "invalid"),
    "bad UTF-8 in a field": (encoded(rating(3)).replace(b"hall", b"ha\xff\xfe"), "not-json"),
    "bad UTF-8 in an unknown field": (
        encoded(rating(3, later="@")).replace(b"@", b"\xc3("),
        "not-json",
    ),
    "overlong UTF-8": (encoded(rating(3)).replace(b"hall", b"\xc0\xaf"), "not-json"),
    "UTF-8 of a surrogate": (encoded(rating(3)).replace(b"hall", b"\xed\xa0\x80"), "not-json"),
    "future year": (encoded(rating(3, answered_at="9999-12-31T23:59:59Z")), "invalid"),
    "scale of no one": (encoded(rating(3, scale="stars-7")), "invalid"),
}


@pytest.mark.parametrize("name", BAD_EVENTS)
def test_bad_event_rejects_only_itself(name: str) -> None:
    """Its neighbours are read; it keeps its bytes, its id and its number."""
    raw, reason = BAD_EVENTS[name]
    reading = codec.read_batch(around(raw))
    assert reading.stream == STREAM
    assert [event.seq for event in reading.events] == [1, 2, 4]
    assert [(r.reason, r.raw, r.id, r.seq) for r in reading.rejected] == [
        (reason, raw, event_id(3), 3)
    ]


@pytest.mark.parametrize("raw", [b"null", b"0", b"true", b'"text"', b"[]", b"{}", b"-0.5e-3"])
def test_what_is_no_event_rejects_only_itself(raw: bytes) -> None:
    """Any other JSON in an event's place is kept, without id or number."""
    reading = codec.read_batch(around(raw))
    assert len(reading.events) == 3
    assert [(r.reason, r.raw, r.id, r.seq) for r in reading.rejected] == [
        ("invalid", raw, None, None)
    ]


def test_all_events_bad() -> None:
    """A batch of bad events only is one rejection each."""
    raws = [raw for raw, _ in BAD_EVENTS.values()]
    reading = codec.read_batch(encoded(batch("@")).replace(b'"@"', b",".join(raws)))
    assert reading.events == []
    assert [r.raw for r in reading.rejected] == raws


def test_duplicate_keys_are_read_one_way() -> None:
    """The last of two equal names counts, as in most languages."""
    twice = encoded(rating(1)).replace(b'"value":4', b'"value":4,"value":2')
    reading = codec.read_batch(encoded(batch("@")).replace(b'"@"', twice))
    assert [getattr(event, "value", None) for event in reading.events] == [2]


def test_same_event_twice_in_a_batch_is_read_twice() -> None:
    """Whether it is a duplicate is for the intake to say."""
    assert len(codec.read_batch(encoded(batch(rating(), rating(value=1)))).events) == 2


WHOLE = encoded(batch(rating()))
BAD_MESSAGES = {
    "empty": b"",
    "white space": b" \n",
    "NUL": b"\0",
    "NUL behind": WHOLE + b"\0",
    "BOM": b"\xef\xbb\xbf" + WHOLE,
    "UTF-16": WHOLE.decode().encode("utf-16"),
    "UTF-16 without BOM": WHOLE.decode().encode("utf-16-be"),
    "UTF-32": WHOLE.decode().encode("utf-32"),
    "cut": WHOLE[:-1],
    "two": WHOLE + WHOLE,
    "comma": WHOLE.replace(b"}]}", b"},]}"),
    "single quotes": WHOLE.replace(b'"', b"'"),
    "comment": b"/* batch */" + WHOLE,
    "compressed": bytes.fromhex("789ccb48cdc9c95728cf2fca490100"),
    "bad UTF-8 between": WHOLE.replace(b'"v"', b'\xff"v"'),
    "lone surrogate in an unknown field": encoded(batch(rating(), later="@")).replace(
        b"@", b"\\ud800"
    ),
    "NaN": encoded(batch(rating(), later="@")).replace(b'"@"', b"NaN"),
}


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_what_is_not_json_is_kept_whole(name: str) -> None:
    """A message that can't be taken apart is one rejection, with all of its bytes."""
    payload = BAD_MESSAGES[name]
    reading = codec.read_batch(payload)
    assert (reading.stream, reading.events) == (None, [])
    assert [(r.reason, r.raw, r.id) for r in reading.rejected] == [("not-json", payload, None)]
    assert reading.rejected[0].detail.isprintable()


@pytest.mark.parametrize("payload", [b"[]", b"null", b"1", b'"a"', b"{}", b'{"events":{}}'])
def test_what_is_no_batch_is_kept_whole(payload: bytes) -> None:
    """Other JSON is one rejection."""
    reading = codec.read_batch(payload)
    assert [(r.reason, r.raw) for r in reading.rejected] == [("invalid", payload)]


@pytest.mark.parametrize(
    "stream", [None, 5, "", "6F1C" * 8, "6f1c" * 9, "6f1c" * 8 + "\n", "я" * 32]
)
def test_batch_without_a_usable_stream(stream: object) -> None:
    """Its events are rejected one by one, with their ids."""
    reading = codec.read_batch(encoded(batch(rating(1), rating(2), stream=stream)))
    assert (reading.stream, reading.events) == (None, [])
    assert [(r.reason, r.id, r.seq) for r in reading.rejected] == [
        ("invalid", event_id(1), 1),
        ("invalid", event_id(2), 2),
    ]
    assert all("stream" in r.detail for r in reading.rejected)


def test_reasons_are_explained() -> None:
    """Every reason has a sentence for people."""
    assert all(text and not text.endswith(".") for text in REASONS.values())
