"""How long a revoked device still has: live connections on both brokers, barred one by one.

A whole installation runs: broker, fleet and, for NATS, the responder, each a process of its own.
Devices hold their connection, and come again at once when it ends, as somebody would who has
stolen a key. What is measured runs from the commit of the revocation to the last moment at which
the device was inside, however often it came back.
"""

from __future__ import annotations

import itertools
import random
import socket
import ssl
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from broker.fleet.authority import Authority
from broker.fleet.certificates import issue_within, revoke
from broker.fleet.knock import Door, greeting
from broker.fleet.vault import key_pem, new_key
from broker.link.tls import client_context
from broker.server.process import LOOPBACK
from broker.store.database import Database
from otziv.bench.report import Report, Target
from otziv.installation import open_installation
from otziv.protection import protection_of
from otziv.stack import Stack

BROKERS: Final = ("mosquitto", "nats")
LIMIT_S: Final = 60.0
SETTLE_S: Final = 5.0
"""How long we look whether the last one stays out."""
PATIENCE_S: Final = 60.0
_SITE: Final = "bench"
_PING: Final = b"\xc0\x00"
_ACCEPTED: Final = b"\x20\x02\x00\x00"


def measure(runs: int, devices: int = 20) -> Report:
    """Revoke ``devices`` live connections on each broker, ``runs`` times over."""
    taken: dict[str, list[float]] = {broker: [] for broker in BROKERS}
    for _, broker in itertools.product(range(runs), BROKERS):
        taken[broker] += times_until_out(broker, devices)
    worst = max(map(max, taken.values()))
    return Report(
        name="revocation",
        figures={
            f"{broker}_{name}_s": round(figure(taken[broker]), 2)
            for broker in BROKERS
            for name, figure in (("median", statistics.median), ("worst", max))
        }
        | {"runs": {broker: [round(each, 2) for each in times] for broker, times in taken.items()}},
        compared_with={},
        targets={"seconds until out, worst": Target(round(worst, 2), LIMIT_S, "at most")},
        notes=(
            f"{devices} live connections on each broker, {runs} times, revoked one by one",
            "a revoked device tries to come back at once, again and again",
        ),
    )


def times_until_out(broker: str, devices: int) -> list[float]:
    """Seconds from each revocation until that device was out for good.

    Raises:
        TimeoutError: a device did not get in at first, or one was never out.
    """
    with _installation(broker) as (database, authority, door), tempfile.TemporaryDirectory() as at:
        live = [
            _Device(door, *_identity(database, authority, number, Path(at)))
            for number in range(devices)
        ]
        try:
            for device in live:
                device.wait_until_in()
            return _revoke_all(database, live)
        finally:
            for device in live:
                device.stop()


def _revoke_all(database: Database, live: list[_Device]) -> list[float]:
    revoked_s = []
    chance = random.Random(1)
    for device in live:
        revoke(database, device.serial, "benchmark", datetime.now(UTC))
        revoked_s.append(time.monotonic())
        time.sleep(chance.uniform(0.0, 2.0))  # so that all phases of the guard's look are met
    deadline_s = time.monotonic() + PATIENCE_S
    while any(device.is_in for device in live):
        if time.monotonic() > deadline_s:
            raise TimeoutError("a revoked device is still connected")
        time.sleep(0.05)
    time.sleep(SETTLE_S)
    return [
        max(0.0, device.last_in_s - since_s)
        for device, since_s in zip(live, revoked_s, strict=True)
    ]


@contextmanager
def _installation(broker: str) -> Iterator[tuple[Database, Authority, Door]]:
    """A running installation that nobody used before."""
    with tempfile.TemporaryDirectory(prefix="otziv-bench-") as name:
        installation = open_installation(
            Path(name), broker=broker, listen=LOOPBACK, mqtt_port=0, fleet_port=0
        )
        with (
            Stack(installation, is_secure=True) as stack,
            installation.store() as database,
        ):
            protection = protection_of(installation)
            door = Door(LOOPBACK, stack.running.mqtt_port, protection.trust)
            yield database, protection.authority(), door


def _identity(
    database: Database, authority: Authority, number: int, folder: Path
) -> tuple[str, str, Path]:
    """A new device: its name, its serial, and the file with its key and certificate."""
    key, device = new_key(), f"hall-{number}"
    subject, now = f"{_SITE}/{device}", datetime.now(UTC)
    with database.transaction() as connection:
        issued = issue_within(connection, authority, subject, key.public_key(), now)
    path = folder / f"{device}.pem"
    path.write_bytes(key_pem(key) + issued.pem.encode())
    return subject, issued.serial, path


class _Device:
    """A connection held by all means, in a thread of its own.

    Attributes:
        serial: of its certificate.
        is_in: whether it is connected.
        last_in_s: when it was last connected, by the monotonic clock.
    """

    def __init__(self, door: Door, name: str, serial: str, identity: Path) -> None:
        self.serial = serial
        self.is_in = False
        self.last_in_s = 0.0
        self._door = door
        self._name = name
        self._context = client_context(door.trust, identity)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def wait_until_in(self) -> None:
        """Wait for its first connection.

        Raises:
            TimeoutError: there is none.
        """
        deadline_s = time.monotonic() + PATIENCE_S
        while not self.is_in:
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"{self._name} does not get in")
            time.sleep(0.02)

    def stop(self) -> None:
        """Leave."""
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.is_set():
            with suppress(OSError):
                self._hold()
            if self.is_in:
                self.is_in, self.last_in_s = False, time.monotonic()
            self._is_over.wait(0.1)

    def _hold(self) -> None:
        """Connect, and stay until somebody ends it."""
        door = self._door
        with (
            socket.create_connection((door.host, door.port), 5.0) as plain,
            self._context.wrap_socket(plain, server_hostname=door.host) as secure,
        ):
            secure.sendall(greeting(self._name, is_clean=True))
            if secure.recv(4) == _ACCEPTED:
                self.is_in = True
                self._stay(secure)

    def _stay(self, secure: ssl.SSLSocket) -> None:
        secure.settimeout(0.5)
        while not self._is_over.is_set():
            try:
                if not secure.recv(4096):
                    return
            except TimeoutError:
                secure.sendall(_PING)
