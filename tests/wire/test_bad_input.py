"""The shared collection of bad input goes through every reader: nothing unhandled, nothing lost."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from broker.wire import codec
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError
from broker.wire.messages import Command, Heartbeat, Message, Receipt, Reply
from broker.wire.topics import is_name, parse_topic, topic
from tests.wire.samples import (
    BAD_INPUT,
    COMMAND,
    CONFIGURATION,
    HEARTBEAT,
    RECEIPT,
    REPLY,
    answer,
    batch,
    correction,
    encoded,
    needs_bad_input,
    rating,
)
from tests.wire.test_properties import check, read_by_all

pytestmark = needs_bad_input

# Where the collection is absent, one name that is skipped, so that the skip says why.
DOCUMENTS = sorted(BAD_INPUT.glob("json-*/*.json")) or [BAD_INPUT / "absent.json"]
MESSAGES: list[tuple[dict[str, Any], type[Message]]] = [
    (RECEIPT, Receipt),
    (HEARTBEAT, Heartbeat),
    (CONFIGURATION, Configuration),
    (COMMAND, Command),
    (REPLY, Reply),
]


def naughty_strings() -> list[str]:
    """Strings that break software."""
    strings = json.loads((BAD_INPUT / "naughty_strings_half.json").read_text(encoding="utf-8"))
    return [str(string) for string in strings]


def name_of(path: Path) -> str:
    """A document's name as a test's id."""
    return path.stem


def test_collection_is_whole() -> None:
    """The tests below have something to work on."""
    assert len(DOCUMENTS) > 120
    assert len(naughty_strings()) > 200


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_document_as_a_message(path: Path) -> None:
    """Any document in place of any message."""
    read_by_all(path.read_bytes())


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_document_as_an_event(path: Path) -> None:
    """A document in the place of an event leaves its neighbour alone, or ends the batch whole."""
    document = path.read_bytes()
    payload = encoded(batch(rating(), "@")).replace(b'"@"', document)
    reading = codec.read_batch(payload)
    check(reading, payload)
    assert [event.seq for event in reading.events] in ([1], [])
    if not reading.events:
        assert [r.raw for r in reading.rejected] == [payload]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_document_as_an_unknown_field(path: Path) -> None:
    """A document in a field that nobody knows: ignored where it must parse, else kept whole."""
    document = path.read_bytes()
    for at in (batch(rating(later="@")), batch(rating(), later="@")):
        payload = encoded(at).replace(b'"@"', document)
        reading = codec.read_batch(payload)
        check(reading, payload)
        if path.parent.name == "json-must-parse":
            assert (len(reading.events), reading.rejected) == (1, [])
    for message, kind in MESSAGES:
        payload = encoded({**message, "later": "@"}).replace(b'"@"', document)
        with contextlib.suppress(WireError):
            assert codec.read(payload, kind) == codec.read(encoded(message), kind)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_document_as_every_field(path: Path) -> None:
    """A document as the value of each field of each event."""
    document = path.read_bytes()
    for event in (rating(), correction(), answer()):
        for field in event:
            raw = encoded({**event, field: "@@"}).replace(b'"@@"', document)
            payload = encoded(batch("@")).replace(b'"@"', raw)
            check(codec.read_batch(payload), payload)


def test_naughty_strings_as_messages() -> None:
    """Each string, raw and as JSON, in place of any message."""
    for string in naughty_strings():
        read_by_all(string.encode("utf-8", "surrogatepass"))
        read_by_all(json.dumps(string).encode())


@pytest.mark.parametrize("event", [rating(), correction(), answer()], ids=lambda e: e["kind"])
def test_naughty_strings_as_every_field_of_an_event(event: dict[str, Any]) -> None:
    """Each string as the value of each field: valid by its form, or rejected with its bytes."""
    for string in naughty_strings():
        for field in event:
            raw = json.dumps({**event, field: string}).encode()
            payload = encoded(batch("@")).replace(b'"@"', raw)
            reading = codec.read_batch(payload)
            check(reading, payload)
            assert len(reading.events) + len(reading.rejected) == 1
            assert [r.raw for r in reading.rejected] in ([], [raw], [payload])


def test_naughty_strings_as_unknown_fields() -> None:
    """As name and as value of unknown fields they change nothing."""
    plain = codec.read_event(encoded(rating()))
    for string in naughty_strings():
        later = {f"later-{string}": string, **rating()}
        assert codec.read_event(json.dumps(later).encode()) == plain


@pytest.mark.parametrize(
    ("message", "kind"), MESSAGES, ids=lambda part: getattr(part, "__name__", "")
)
def test_naughty_strings_in_other_messages(message: dict[str, Any], kind: type[Message]) -> None:
    """Each string as the value of each field; what is read survives the trip."""
    for string in naughty_strings():
        for field in message:
            with contextlib.suppress(WireError):
                read = codec.read(json.dumps({**message, field: string}).encode(), kind)
                assert codec.read(codec.write(read), kind) == read


def test_naughty_strings_as_texts_of_a_configuration() -> None:
    """Shown texts may hold anything; they come through unchanged."""
    for string in naughty_strings():
        question = {"code": "overall", "scale": "faces-4", "texts": {"bg": string[:2000]}}
        survey = {"code": "reception", "version": 2, "questions": [question]}
        payload = json.dumps({**CONFIGURATION, "survey": survey}).encode()
        read = codec.read(payload, Configuration)
        assert read.survey.questions[0].texts["bg"] == string[:2000]


def test_naughty_strings_as_names() -> None:
    """As site, as device, or as a topic: a name, or refused."""
    for string in naughty_strings():
        if is_name(string):
            assert parse_topic(topic(string, "hall-1", "events")).site == string
        else:
            with pytest.raises(WireError):
                topic(string, "hall-1", "events")
            with pytest.raises(WireError):
                topic("troyan", string, "events")
        with pytest.raises(WireError):
            parse_topic(string)
