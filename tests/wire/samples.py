"""Valid messages as plain Python, to be bent by the tests of the wire."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

STREAM = "6f1c0a9be2d44718a5c3f0e1d2b3a495"
RATING_ID = "019aa5a0-1c2d-7e3f-8a4b-5c6d7e8f9001"
PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "tests" / "data" / "wire" / "v1"
BAD_INPUT = PROJECT / os.environ.get("OTZIV_SHARED", "../shared") / "data" / "bad-input"

needs_bad_input = pytest.mark.skipif(
    not BAD_INPUT.is_dir(), reason=f"shared data absent: no folder {BAD_INPUT}; set OTZIV_SHARED"
)


def event_id(number: int) -> str:
    """The id of event ``number``."""
    return f"019aa5a0-1c2d-7e3f-8a4b-{number:012x}"


def rating(seq: int = 1, **changes: object) -> dict[str, Any]:
    """A valid rating; ``changes`` replace or add fields."""
    return {
        "kind": "rating",
        "id": event_id(seq),
        "seq": seq,
        "visit": "c41f09d2a77e4b10",
        "touchpoint": "hall-desk-3",
        "survey": "reception",
        "survey_version": 2,
        "question": "overall",
        "scale": "faces-4",
        "value": 4,
        "channel": "device",
        "input": "button",
        "language": "bg",
        "answered_at": "2026-11-21T09:15:02.118Z",
        "clock": "synced",
        "boot": "b7e2c90d-51aa-4f6e-9d3b-0a1b2c3d4e5f",
        "uptime_ms": 812_345,
        **changes,
    }


def correction(seq: int = 2, **changes: object) -> dict[str, Any]:
    """A valid correction of the rating with number 1."""
    return without(rating(seq), "question", "scale") | {
        "kind": "correction",
        "rating": event_id(1),
        "value": 3,
        **changes,
    }


def answer(seq: int = 3, **changes: object) -> dict[str, Any]:
    """A valid follow-up of the rating with number 1."""
    return without(rating(seq), "scale", "value") | {
        "kind": "answer",
        "question": "reason",
        "outcome": "answered",
        "rating": event_id(1),
        "options": ["waiting-time"],
        **changes,
    }


def without(event: dict[str, Any], *fields: str) -> dict[str, Any]:
    """The same without some fields."""
    return {name: value for name, value in event.items() if name not in fields}


def batch(*events: object, **changes: object) -> dict[str, Any]:
    """A batch of ``events``."""
    return {"v": 1, "stream": STREAM, "events": list(events), **changes}


def encoded(message: object) -> bytes:
    """A message as a device would send it."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


HEARTBEAT: dict[str, Any] = {
    "v": 1,
    "sent_at": "2026-11-21T09:16:00Z",
    "clock": "synced",
    "boot": "b7e2c90d-51aa-4f6e-9d3b-0a1b2c3d4e5f",
    "uptime_ms": 870_000,
    "stream": STREAM,
    "last_seq": 44,
    "waiting": 0,
    "version": "0.1.0",
}
CONFIGURATION: dict[str, Any] = {
    "v": 1,
    "revision": 1,
    "touchpoint": "hall-desk-3",
    "survey": {
        "code": "reception",
        "version": 2,
        "questions": [{"code": "overall", "texts": {"bg": "Доволни ли сте?"}, "scale": "faces-4"}],
    },
}
RECEIPT: dict[str, Any] = {"v": 1, "stream": STREAM, "accepted": [RATING_ID], "quarantined": []}
COMMAND: dict[str, Any] = {"v": 1, "id": "0f5e1c2a9b", "name": "show-lights"}
REPLY: dict[str, Any] = {"v": 1, "command": "0f5e1c2a9b", "ok": True}
