"""The contract for other languages: JSON Schema and AsyncAPI, generated from the messages.

``python -m broker.wire.schema`` writes both into ``docs/wire/``; a test fails when they are stale.
"""

from __future__ import annotations

import json
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from broker.wire.codec import MAX_RECEIVED_BYTES, MAX_SENT_BYTES
from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION, Batch, Command, Heartbeat, Message, Receipt, Reply
from broker.wire.scales import SCALES
from broker.wire.topics import NAME_PATTERN, ROOT, Channel

FOLDER: Final = Path(__file__).parents[2] / "docs" / "wire"
JSON_SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"


class Lane(NamedTuple):
    """One topic of every device: who says what to whom."""

    channel: Channel
    message: type[Message] | None
    sender: str
    receiver: str
    qos: int
    summary: str
    retained: bool = False


LANES: Final = (
    Lane("events", Batch, "device", "collector", 1, "a batch of events of one outbox"),
    Lane("receipts", Receipt, "collector", "device", 1, "what was committed"),
    Lane("availability", None, "device", "all", 1, "online; offline as last will", retained=True),
    Lane("health", Heartbeat, "device", "collector", 1, "heartbeat, every 60 s"),
    Lane("config", Configuration, "fleet", "device", 1, "the kiosk's settings", retained=True),
    Lane("commands", Command, "fleet", "device", 0, "an order, worth nothing later"),
    Lane("replies", Reply, "device", "fleet", 1, "what became of an order"),
)
_SAID: Final = ("options", "number", "date")
"""The fields of an answer of which exactly one is given when it was answered."""


def json_schema() -> dict[str, Any]:
    """JSON Schema of all messages, one definition each under ``$defs``."""
    kinds = [lane.message for lane in LANES if lane.message is not None]
    _, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for definition in definitions.values():
        definition["description"] = cleandoc(definition["description"])
    definitions["Rating"]["oneOf"] = [_on_scale(code) for code in SCALES]
    definitions["Answer"]["oneOf"] = [*map(_answered, _SAID), _unanswered()]
    return {
        "$schema": JSON_SCHEMA,
        "$id": f"urn:otziv:wire:v{VERSION}",
        "title": f"Otziv wire, version {VERSION}",
        "$defs": definitions,
    }


def _on_scale(code: str) -> dict[str, Any]:
    values = {"minimum": SCALES[code].worst, "maximum": SCALES[code].best}
    return {"properties": {"scale": {"const": code}, "value": values}}


def _answered(field: str) -> dict[str, Any]:
    given = {"outcome": {"const": "answered"}, field: {"not": {"type": "null"}}}
    return {"properties": given, "required": [field]}


def _unanswered() -> dict[str, Any]:
    absent = {field: {"type": "null"} for field in _SAID}
    return {"properties": {"outcome": {"enum": ["skipped", "timeout"]}, **absent}}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of a device; payloads refer to ``schema.json``."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Otziv wire",
            "version": f"{VERSION}",
            "description": (
                f"JSON in UTF-8 over MQTT 3.1.1. A sender makes at most {MAX_SENT_BYTES} bytes, "
                f"a receiver accepts {MAX_RECEIVED_BYTES}."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {lane.channel: _channel(lane) for lane in LANES},
        "operations": {f"{_action(lane)}-{lane.channel}": _operation(lane) for lane in LANES},
    }


def _channel(lane: Lane) -> dict[str, Any]:
    payload: dict[str, Any] = {"type": "string", "enum": ["online", "offline"]}
    if lane.message is not None:
        payload = {"$ref": f"schema.json#/$defs/{lane.message.__name__}"}
    message: dict[str, Any] = {"summary": lane.summary, "payload": payload}
    if lane.message is None:
        message["contentType"] = "text/plain"
    return {
        "address": f"{ROOT}/{{site}}/{{device}}/{lane.channel}",
        "title": f"{lane.sender} → {lane.receiver}",
        "parameters": {
            "site": {"description": f"the municipality; {NAME_PATTERN}"},
            "device": {"description": f"the device; {NAME_PATTERN}"},
        },
        "messages": {"message": message},
    }


def _action(lane: Lane) -> str:
    return "send" if lane.sender == "device" else "receive"


def _operation(lane: Lane) -> dict[str, Any]:
    return {
        "action": _action(lane),
        "summary": f"{lane.sender} → {lane.receiver}: {lane.summary}",
        "channel": {"$ref": f"#/channels/{lane.channel}"},
        "bindings": {"mqtt": {"qos": lane.qos, "retain": lane.retained}},
    }


def documents() -> dict[str, str]:
    """File name → text of the generated documents."""
    return {
        "schema.json": _text(json_schema()),
        "asyncapi.json": _text(asyncapi()),
    }


def _text(document: dict[str, Any]) -> str:
    r"""A document as a file; ``\Z`` is Python's word for what other languages call ``$``."""
    return json.dumps(document, indent=2, ensure_ascii=False).replace(r"\\Z", "$") + "\n"


def main() -> None:
    """Write the documents."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
