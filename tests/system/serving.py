"""``otziv serve`` as a process, and devices that speak to it as strangers would: plain paho."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import uuid6
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from broker.server.process import popen_bound
from broker.store.database import Database
from broker.store.migrate import open_database
from broker.store.registry import add_device, add_touchpoint
from tests.wire.samples import batch, encoded
from tests.wire.samples import rating as sample

PATIENCE_S = 40.0


def environment(**settings: str) -> dict[str, str]:
    """Our environment without anybody's settings, but for these; devices need no certificates."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OTZIV_")}
    ports = {f"OTZIV_{part}_PORT": "0" for part in ("MQTT", "DASHBOARD", "FLEET", "PORTAL")}
    return plain | ports | {"OTZIV_MQTT_TLS": "false", **settings}


def wait_for(
    what: Callable[[], bool],
    told: Callable[[], str] = lambda: "",
    patience_s: float = PATIENCE_S,
) -> None:
    """Wait until ``what`` holds; ``told`` says more where it never does."""
    deadline = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < deadline, told()
        time.sleep(0.02)


class Served:
    """A running ``otziv serve``; a context manager that ends it."""

    def __init__(self, data: Path, *words: str, **settings: str) -> None:
        """Start it in ``data``, and wait until it serves."""
        self.data = data
        self._settings = settings
        self._said = data.parent / f"{data.name}.serve.log"
        argv = [sys.executable, "-m", "otziv", "serve", *words, "--data", str(data)]
        with self._said.open("wb") as said:
            self.process = popen_bound(argv, stdout=said, stderr=said, env=environment(**settings))
        wait_for(lambda: "Ctrl-C ends it" in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said

    @property
    def said(self) -> str:
        """What it has printed."""
        return self._said.read_text(encoding="utf-8")

    @property
    def running(self) -> dict[str, Any]:
        """What it announces to other commands."""
        found: dict[str, Any] = json.loads((self.data / "running.json").read_text("utf-8"))
        return found

    @property
    def port(self) -> int:
        """The broker's port."""
        return int(self.running["mqtt_port"])

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same folder, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "otziv", *words, "--data", str(self.data)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(**self._settings),
        )

    def ask(self, *words: str) -> Any:  # noqa: ANN401  # whatever JSON can say
        """What such a command prints as JSON."""
        done = self.run(*words, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    @contextmanager
    def store(self) -> Iterator[Database]:
        """Its database, by a connection of ours."""
        with closing(open_database(f"sqlite:///{self.data / 'feedback.sqlite3'}")) as database:
            yield database

    def register(self, device: str, touchpoint: str = "desk-1") -> None:
        """Make a device and its touchpoint known."""
        with self.store() as database:
            add_touchpoint(database, touchpoint, site="town")
            add_device(database, device, touchpoint=touchpoint)

    def stop(self) -> int:
        """Ask it to end; its status."""
        self.process.terminate()
        return self.process.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        """It runs already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        if self.process.poll() is None:
            self.stop()


class Device:
    """A device written by somebody else: sends bytes, and notes what receipts say."""

    def __init__(self, port: int, name: str | None = None, site: str = "town") -> None:
        """Connect, and listen for receipts."""
        self.name = name or f"kiosk-{uuid.uuid4().hex[:10]}"
        self.stream = uuid.uuid4().hex
        self.disconnections = 0
        self._topic = f"otziv/v1/{site}/{self.name}"
        self._words: dict[str, str] = {}
        self._subscribed = threading.Event()
        self._client = client = Client(CallbackAPIVersion.VERSION2, client_id=self.name)
        client.on_connect = self._when_connected
        client.on_subscribe = lambda *_: self._subscribed.set()
        client.on_message = self._when_message
        client.on_disconnect = self._when_disconnected
        client.connect("127.0.0.1", port)
        client.loop_start()
        assert self._subscribed.wait(PATIENCE_S)

    def rating(self, seq: int = 1, **changes: object) -> dict[str, Any]:
        """A valid rating of just now; ``changes`` bend it."""
        usual: dict[str, object] = {
            "id": str(uuid6.uuid7()),
            "visit": uuid.uuid4().hex,
            "touchpoint": "desk-1",
            "answered_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        return sample(seq, **(usual | changes))

    def send(self, payload: bytes) -> None:
        """Publish ``payload`` as a batch, whatever it is."""
        self._client.publish(f"{self._topic}/events", payload, qos=1)

    def send_events(self, *events: object) -> None:
        """Publish a batch of ``events``."""
        self.send(encoded(batch(*events, stream=self.stream)))

    def wait_for_words(self, *ids: str, patience_s: float = PATIENCE_S) -> list[str]:
        """What receipts say of events ``ids``: ``accepted``, or the reason of the quarantine."""
        wait_for(
            lambda: all(id_ in self._words for id_ in ids),
            lambda: f"{self.name} has receipts for {len(self._words)} only",
            patience_s,
        )
        return [self._words.pop(id_) for id_ in ids]

    def close(self) -> None:
        """Hang up."""
        self._client.on_disconnect = None
        self._client.disconnect()
        self._client.loop_stop()

    def _when_connected(self, *_: object) -> None:
        self._client.subscribe(f"{self._topic}/receipts", 1)

    def _when_disconnected(self, *_: object) -> None:
        self.disconnections += 1

    def _when_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        receipt = json.loads(message.payload)
        self._words.update(dict.fromkeys(receipt["accepted"], "accepted"))
        self._words.update({each["id"]: each["reason"] for each in receipt["quarantined"]})
