"""The documents for other languages: fresh, well formed, and as strict as the program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from broker.wire import codec
from broker.wire.errors import WireError
from broker.wire.schema import FOLDER, LANES, asyncapi, documents, json_schema
from tests.wire.samples import (
    COMMAND,
    CONFIGURATION,
    HEARTBEAT,
    RECEIPT,
    REPLY,
    STREAM,
    answer,
    batch,
    correction,
    encoded,
    event_id,
    rating,
    without,
)

SCHEMA = json_schema()
FILES = {name: json.loads(text) for name, text in documents().items()}
MESSAGES = {
    "Batch": batch(rating(), correction(), answer()),
    "Receipt": RECEIPT,
    "Heartbeat": HEARTBEAT,
    "Configuration": CONFIGURATION,
    "Command": COMMAND,
    "Reply": REPLY,
}


def accepts(definition: str, message: object) -> bool:
    """Whether the schema as published accepts ``message``."""
    schema = {**FILES["schema.json"], "$ref": f"#/$defs/{definition}"}
    return Draft202012Validator(schema).is_valid(message)


def references(document: object) -> Iterator[str]:
    """All ``$ref`` of a document."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key == "$ref":
                yield value
            yield from references(value)
    elif isinstance(document, list):
        for value in document:
            yield from references(value)


@pytest.mark.parametrize("name", documents())
def test_documents_are_fresh(name: str) -> None:
    """What is committed is what the messages say: else run ``python -m broker.wire.schema``."""
    assert (FOLDER / name).read_text(encoding="utf-8") == documents()[name]


def test_schema_is_json_schema() -> None:
    """The document keeps the rules of its own kind, and its patterns those of every language."""
    schema = FILES["schema.json"]
    Draft202012Validator.check_schema(schema)
    patterns = re.findall(r'"pattern": "(.*)"', documents()["schema.json"])
    assert patterns
    for pattern in patterns:
        assert re.fullmatch(r"\^[][a-zA-Z0-9(){}|:/!~,-]+\$", pattern), pattern


def test_every_reference_resolves() -> None:
    """No ``$ref`` of either document points nowhere."""
    for name, document in FILES.items():
        for reference in references(document):
            file, _, path = reference.partition("#/")
            found: Any = FILES[file or name]
            for key in path.split("/"):
                found = found[key]
            assert found


def test_asyncapi_has_every_channel() -> None:
    """Version 3.0: seven channels with address, parameters and message, one operation each."""
    document = asyncapi()
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    assert list(document["channels"]) == [lane.channel for lane in LANES]
    for name, channel in document["channels"].items():
        assert channel["address"] == f"otziv/v1/{{site}}/{{device}}/{name}"
        assert set(re.findall(r"{(\w+)}", channel["address"])) == channel["parameters"].keys()
        assert channel["messages"]["message"]["payload"]
    spoken = [operation["channel"]["$ref"] for operation in document["operations"].values()]
    assert spoken == [f"#/channels/{lane.channel}" for lane in LANES]
    for operation in document["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["bindings"]["mqtt"].keys() == {"qos", "retain"}


@pytest.mark.parametrize("definition", MESSAGES)
def test_version_is_required(definition: str) -> None:
    """Every message says its version, and only version 1 is this schema's."""
    message = MESSAGES[definition]
    assert accepts(definition, message)
    assert not accepts(definition, without(message, "v"))
    for version in (0, 2, "1", None):
        assert not accepts(definition, {**message, "v": version})


@pytest.mark.parametrize("definition", MESSAGES)
def test_schema_requires_what_the_program_requires(definition: str) -> None:
    """Leaving out any one field, schema and program say the same."""
    kinds = {lane.message.__name__: lane.message for lane in LANES if lane.message is not None}
    message = MESSAGES[definition]
    for field in message:
        payload = encoded(without(message, field))
        if definition == "Batch":
            is_read = not codec.read_batch(payload).rejected
        else:
            try:
                codec.read(payload, kinds[definition])
                is_read = True
            except WireError:
                is_read = False
        assert accepts(definition, without(message, field)) == is_read, field


@pytest.mark.parametrize("event", [rating(), correction(), answer()], ids=lambda e: e["kind"])
def test_schema_accepts_events_with_unknown_fields(event: dict[str, Any]) -> None:
    """A later version may add fields."""
    assert accepts("Batch", batch({**event, "later": {"a": [1]}}))


BAD: dict[str, dict[str, Any]] = {
    "empty batch": batch(),
    "501 events": batch(*[rating()] * 501),
    "stream in upper case": batch(rating(), stream=STREAM.upper()),
    "stream too long": batch(rating(), stream=STREAM + "0"),
    "unknown kind": batch(rating(kind="gesture")),
    "no kind": batch(without(rating(), "kind")),
    "id in upper case": batch(rating(id=event_id(1).upper())),
    "id in braces": batch(rating(id=f"{{{event_id(1)}}}")),
    "seq 0": batch({**rating(), "seq": 0}),
    "seq 2^53": batch({**rating(), "seq": 2**53}),
    "seq as text": batch({**rating(), "seq": "5"}),
    "seq as boolean": batch({**rating(), "seq": True}),
    "seq as fraction": batch({**rating(), "seq": 1.5}),
    "negative uptime": batch(rating(uptime_ms=-1)),
    "touchpoint in upper case": batch(rating(touchpoint="Hall")),
    "touchpoint of 64 characters": batch(rating(touchpoint="a" * 64)),
    "visit with a name": batch(rating(visit="ivan ivanov")),
    "unknown channel": batch(rating(channel="fax")),
    "unknown clock": batch(rating(clock="sundial")),
    "unknown scale": batch(rating(scale="stars-5")),
    "time as a number": batch(rating(answered_at=1_763_716_502)),
    "faces-4 with 5": batch(rating(scale="faces-4", value=5)),
    "faces-4 with 0": batch(rating(scale="faces-4", value=0)),
    "yes-no with 2": batch(rating(scale="yes-no", value=2)),
    "nps-11 with 11": batch(rating(scale="nps-11", value=11)),
    "value as text": batch(rating(value="4")),
    "correction without rating": batch(without(correction(), "rating")),
    "answer that says nothing": batch(without(answer(), "options")),
    "answer that says two things": batch(answer(number=1)),
    "answer skipped and said": batch(answer(outcome="skipped")),
    "answer with an option twice": batch(answer(options=["a", "a"])),
    "answer without options": batch(answer(options=[])),
    "answer of unknown outcome": batch(answer(outcome="refused")),
}


@pytest.mark.parametrize("case", BAD)
def test_schema_and_program_refuse_alike(case: str) -> None:
    """What the program rejects, a device's author learns from the schema beforehand."""
    assert not accepts("Batch", BAD[case])
    assert codec.read_batch(encoded(BAD[case])).rejected
