"""What holds of every message, valid or not: Hypothesis looks for one of which it doesn't."""

from __future__ import annotations

import contextlib
import json

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from broker.wire import codec
from broker.wire.configuration import Configuration
from broker.wire.errors import REASONS, WireError
from broker.wire.events import AnyEvent
from broker.wire.messages import Command, Heartbeat, Message, Receipt, Reply
from broker.wire.schema import json_schema
from tests.wire import strategies
from tests.wire.samples import DATA

KINDS: tuple[type[Message], ...] = (Receipt, Heartbeat, Configuration, Command, Reply)
GOLDEN = [path.read_bytes() for path in sorted(DATA.glob("*.json"))]
SCHEMA = json_schema()


def read_by_all(payload: bytes) -> None:
    """Give bytes to every reader: each answers, or says by a known reason why it can't."""
    check(codec.read_batch(payload), payload)
    event = codec.read_event(payload)
    if isinstance(event, codec.Rejected):
        assert event.raw == payload
        assert event.reason in REASONS
    for kind in KINDS:
        with contextlib.suppress(WireError):
            codec.read(payload, kind)
    with contextlib.suppress(WireError):
        codec.read_availability(payload)


def check(reading: codec.Reading, payload: bytes) -> None:
    """Nothing is lost, and every rejection can be kept by a database and read by a person."""
    assert reading.events or reading.rejected
    for rejected in reading.rejected:
        assert rejected.reason in REASONS
        assert rejected.raw in payload
        assert rejected.detail.isprintable()
        assert rejected.id is None or rejected.id.isprintable()
        assert rejected.seq is None or 0 < rejected.seq < 2**53
    for event in reading.events:
        assert codec.read_event(codec.write_event(event)) == event


@given(strategies.events)
def test_events_survive_the_trip(event: AnyEvent) -> None:
    """What is written is read back the same."""
    assert codec.read_event(codec.write_event(event)) == event


@given(strategies.streams, st.lists(strategies.events, min_size=1, max_size=8))
def test_batches_survive_the_trip(stream: str, events: list[AnyEvent]) -> None:
    """A batch comes back with its stream and its events in order."""
    reading = codec.read_batch(codec.write_batch(stream, events))
    assert (reading.stream, reading.events, reading.rejected) == (stream, events, [])


@given(strategies.messages)
def test_messages_survive_the_trip(message: Message) -> None:
    """Every other message too."""
    assert codec.read(codec.write(message), type(message)) == message


@given(strategies.messages)
@settings(max_examples=50)
def test_schema_accepts_every_message(message: Message) -> None:
    """JSON Schema is no stricter than the program."""
    schema = {**SCHEMA, "$ref": f"#/$defs/{type(message).__name__}"}
    Draft202012Validator(schema).validate(json.loads(codec.write(message)))


@given(strategies.events)
@settings(max_examples=50)
def test_schema_accepts_every_event(event: AnyEvent) -> None:
    """The rules that bind two fields are said in the schema as the program knows them."""
    schema = {**SCHEMA, "$ref": f"#/$defs/{type(event).__name__}"}
    Draft202012Validator(schema).validate(json.loads(codec.write_event(event)))


@given(st.binary(max_size=300))
@example(b"")
@example(b'{"v":1,"stream":"","events":[{"id":"\\u0000"}]}')
def test_any_bytes_are_answered(payload: bytes) -> None:
    """Random bytes never raise anything but the wire's own error."""
    read_by_all(payload)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_answered(document: object) -> None:
    """The same of random JSON, NaN and lone surrogates included."""
    read_by_all(json.dumps(document).encode())
    read_by_all(json.dumps({"v": 1, "stream": document, "events": [document]}).encode())


@given(
    st.sampled_from(GOLDEN),
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(["flip", "cut", "insert", "swap"]), st.binary()),
        min_size=1,
        max_size=4,
    ),
)
@settings(max_examples=300)
def test_damaged_messages_are_answered(
    message: bytes, damages: list[tuple[float, str, bytes]]
) -> None:
    """Valid messages with bytes flipped, cut, inserted or overwritten."""
    payload = message
    for place, damage, new in damages:
        at = int(place * len(payload))
        match damage:
            case "flip":
                payload = payload[:at] + bytes(b ^ 0x20 for b in payload[at : at + 1])
                payload += message[at + 1 :]
            case "cut":
                payload = payload[:at] + payload[at + 1 + len(new) :]
            case "insert":
                payload = payload[:at] + new + payload[at:]
            case _:
                payload = payload[:at] + new + payload[at + len(new) :]
    read_by_all(payload)


@given(st.sampled_from(GOLDEN), st.data())
@settings(max_examples=200)
def test_messages_with_one_value_replaced_are_answered(message: bytes, data: st.DataObject) -> None:
    """Any value of a valid message replaced by any other JSON."""
    document = json.loads(message)
    holder = document
    while True:
        key = data.draw(
            st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
        )
        if not holder[key] or not isinstance(holder[key], dict | list) or data.draw(st.booleans()):
            break
        holder = holder[key]
    holder[key] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([{}])
    )
    read_by_all(json.dumps(document).encode())
