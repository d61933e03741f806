"""Peers of the collector: a subscriber that only counts, and a collector as first written.

Each runs as a process, says ``ready`` when it is subscribed, and prints when the last of the
expected messages was done.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from sqlmodel import Field, Session, SQLModel, create_engine

EVENTS = "otziv/v1/+/+/events"


def serve(port: int, expected: int, handle: Callable[[bytes], None]) -> None:
    """Handle ``expected`` messages with paho's defaults, and print when the last was done."""
    client = Client(CallbackAPIVersion.VERSION2, client_id="peer")
    left = expected

    def when_message(_client: Client, _data: Any, message: MQTTMessage) -> None:  # noqa: ANN401
        nonlocal left
        handle(bytes(message.payload))
        left -= 1
        if not left:
            print(json.dumps({"ended_s": time.monotonic()}), flush=True)
            client.disconnect()

    def when_connected(*_: object) -> None:
        client.subscribe(EVENTS, 1)

    client.on_connect = when_connected
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_message = when_message
    client.connect("127.0.0.1", port)
    client.loop_forever()


def count(port: int, expected: int) -> None:
    """Count messages, and do nothing else."""
    serve(port, expected, lambda _payload: None)


class NaiveRating(SQLModel, table=True):
    """A rating, as a first draft would have it."""

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(index=True)
    touchpoint: str
    question: str
    value: int
    answered_at: str


def collect_naively(port: int, expected: int, database: str) -> None:
    """Decode, ``add`` and ``commit`` each message."""
    engine = create_engine(f"sqlite:///{database}", hide_parameters=True)
    SQLModel.metadata.create_all(engine)

    def store(payload: bytes) -> None:
        with Session(engine) as session:
            for event in json.loads(payload)["events"]:
                session.add(NaiveRating(**{key: event[key] for key in _FIELDS}))
            session.commit()

    serve(port, expected, store)


_FIELDS = ("id", "touchpoint", "question", "value", "answered_at")


if __name__ == "__main__":
    if sys.argv[1] == "count":
        count(int(sys.argv[2]), int(sys.argv[3]))
    else:
        collect_naively(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
