"""A secure broker with its authority and records, and clients that tell what they received."""

from __future__ import annotations

import os
import socket
import ssl
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from typing import Self

from paho.mqtt.client import Client as Paho
from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from broker.fleet.authority import Authority
from broker.fleet.callout_keys import callout_keys
from broker.fleet.certificates import issue_within, service_identity
from broker.fleet.enforcement import Gate
from broker.fleet.knock import Door
from broker.fleet.requests import read_certificate
from broker.fleet.revocation import write_lists
from broker.fleet.vault import key_pem, new_key
from broker.link.tls import client_context
from broker.server.choose import SERVERS
from broker.server.control import ProcessControl
from broker.server.process import LOOPBACK, end, free_port, popen_bound
from broker.server.security import Security
from broker.server.server import BrokerServer
from broker.store.migrate import open_database

PATIENCE_S = 20.0
SITE = "troyan"


def wait_until(is_so: Callable[[], bool], what: str, timeout_s: float = PATIENCE_S) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Guest:
    """A client on a raw socket's terms: it may try anything, and keeps what it received."""

    def __init__(
        self,
        hall: SecureHall,
        client_id: str,
        context: ssl.SSLContext,
        *,
        is_persistent: bool = False,
        will: str | None = None,
    ) -> None:
        self.heard: list[tuple[str, bytes, bool]] = []
        self.is_in = False
        self.is_refused = False
        self._settled: set[int] = set()
        self._client = Paho(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=not is_persistent,
            reconnect_on_failure=False,
        )
        self._client.tls_set_context(context)
        self._client.on_message = self._when_message
        self._client.on_connect = self._when_answered
        self._client.on_disconnect = self._when_lost
        self._client.on_subscribe = lambda _c, _d, mid, *_: self._settled.add(mid)
        self._client.on_publish = lambda _c, _d, mid, *_: self._settled.add(mid)
        if will is not None:
            self._client.will_set(will, b"a forged will", qos=1, retain=True)
        try:
            self._client.connect(LOOPBACK, hall.server.port)
            self._client.loop_start()
        except OSError:
            self.is_refused = True
        wait_until(lambda: self.is_in or self.is_refused, f"an answer to {client_id}")

    def _when_message(self, _client: Paho, _data: object, message: MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload), message.retain))

    def _when_answered(
        self, _c: Paho, _d: object, _f: object, reason: ReasonCode, *_: object
    ) -> None:
        self.is_in = not reason.is_failure
        self.is_refused = reason.is_failure

    def _when_lost(self, *_: object) -> None:
        self.is_in = False
        self.is_refused = True

    def hear(self, *filters: str, qos: int = 1) -> Self:
        """Subscribe; granted or not."""
        for each in filters:
            _, mid = self._client.subscribe(each, qos)
            self._wait_until_settled(mid, f"SUBACK of {each}")
        return self

    def say(
        self, topic: str, payload: bytes = b"said", *, qos: int = 1, retained: bool = False
    ) -> Self:
        """Publish, and wait until the broker has taken it or thrown us out."""
        info = self._client.publish(topic, payload, qos, retained)
        self._wait_until_settled(info.mid, f"PUBACK of {topic}")
        return self

    def _wait_until_settled(self, mid: int | None, what: str) -> None:
        wait_until(lambda: mid in self._settled or not self.is_in, what)

    def say_at_once(self, topic: str, payload: bytes) -> None:
        """Publish, and wait for nothing."""
        self._client.publish(topic, payload, 1)

    def payloads(self) -> list[bytes]:
        """All that was received."""
        return [payload for _, payload, _ in self.heard]

    def wait_for(self, payload: bytes) -> None:
        """Wait until ``payload`` was received."""
        wait_until(lambda: payload in self.payloads(), f"{payload!r} in {self.heard}")

    def vanish(self) -> None:
        """Lose the connection without a word, so that the broker publishes the will."""
        connection = self._client.socket()
        assert isinstance(connection, socket.socket)
        connection.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """Say good-bye."""
        self._client.disconnect()
        self._client.loop_stop()


class SecureHall:
    """Everything about one secure broker; use it as a context manager.

    Args:
        kind: ``mosquitto`` or ``nats``.
        folder: for all of it.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.database = open_database(f"sqlite:///{folder / 'feedback.sqlite3'}")
        self.authority = Authority.open(folder / "fleet", b"a passphrase", utc_now())
        self.papers = folder / "papers"
        self.callout_port = free_port()
        self.server = self._make_server()
        self.callout: Popen[bytes] | None = None
        self._leaving = ExitStack()
        self._identities: dict[str, Path] = {}
        self._guests: list[Guest] = []

    def _make_server(self) -> BrokerServer:
        lists = self.papers / "revoked.pem"
        write_lists(self.database, self.authority, lists, utc_now())
        names = (LOOPBACK, "localhost")
        identity = service_identity(
            self.database, self.authority, self.papers, "broker", utc_now(), names=names
        )
        security = Security(
            listen=LOOPBACK,
            identity=identity,
            trust=self.authority.trust_path,
            revoked=lists,
            callout=callout_keys(self.papers).callout(self.callout_port),
        )
        return SERVERS[self.kind](self.folder / "broker", 0, security)

    def __enter__(self) -> Self:
        """Start it."""
        self._leaving.callback(self.database.close)
        self._leaving.enter_context(self.server)
        self._leaving.callback(self.stop_callout)
        if self.kind == "nats":
            self.start_callout()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        for guest in self._guests:
            guest.leave()
        self._leaving.close()

    def start_callout(self) -> None:
        """Start the responder, and wait until it answers."""
        log = self.folder / "callout.log"
        log.unlink(missing_ok=True)
        argv = [sys.executable, "-m", "broker.fleet.callout"]
        argv += ["--port", str(self.callout_port), "--keys", str(self.papers)]
        url = self.database.url.render_as_string(hide_password=False)
        with log.open("wb") as output:
            self.callout = popen_bound(
                argv, stdout=output, stderr=output, env={**os.environ, "OTZIV_DATABASE": url}
            )
        wait_until(lambda: '"answering"' in log.read_text(), "the responder answers")

    def stop_callout(self) -> None:
        """End the responder."""
        if self.callout is not None:
            end(self.callout)

    @property
    def door(self) -> Door:
        """Where clients come in."""
        return Door(LOOPBACK, self.server.port, self.authority.trust_path)

    @property
    def gate(self) -> Gate:
        """The broker as the guard sees it."""
        kind = SERVERS[self.kind]
        lists = self.papers / "revoked.pem" if kind.reads_lists else None
        control = ProcessControl(self.server.pid_path)
        return Gate(self.door, control, lists, kind.rereads_trust)

    def identity(self, name: str) -> Path:
        """PEM file of a device (``site/device``) or a service; the same at each call."""
        if name not in self._identities:
            self._identities[name] = self.new_identity(name)
        return self._identities[name]

    def new_identity(self, name: str) -> Path:
        """A further one of that name, recorded as everyday ones are."""
        key = new_key()
        with self.database.transaction() as connection:
            issued = issue_within(connection, self.authority, name, key.public_key(), utc_now())
        return self.write(key_pem(key) + issued.pem.encode())

    def write(self, pem: bytes) -> Path:
        """A new file with that in it."""
        number, name = tempfile.mkstemp(suffix=".pem", dir=self.folder)
        with os.fdopen(number, "wb") as file:
            file.write(pem)
        return Path(name)

    def guest(
        self,
        name: str,
        *,
        identity: Path | None = None,
        client_id: str | None = None,
        is_persistent: bool = False,
        will: str | None = None,
    ) -> Guest:
        """Somebody who connects with the certificate of ``name``, in order or not."""
        context = client_context(self.authority.trust_path, identity or self.identity(name))
        found = Guest(self, client_id or name, context, is_persistent=is_persistent, will=will)
        self._guests.append(found)
        return found

    def leave_all(self) -> None:
        """All guests say good-bye."""
        while self._guests:
            self._guests.pop().leave()


def serial_in(path: Path) -> str:
    """The serial of the certificate in a PEM file."""
    return read_certificate(path.read_text(encoding="ascii")).serial
