"""A publisher that is never the bottleneck: packets made beforehand, written by hand.

Run as a process: it makes its packets, says ``ready``, waits for a line, sends them over one
connection a device with a bounded window of unacknowledged messages, and prints when it began.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Final

import uuid6

from broker.wire.codec import write_batch
from broker.wire.events import Rating
from broker.wire.topics import topic

DEVICES: Final = 12
WINDOW: Final = 20
_PUBACK_BYTES: Final = 4


def device_name(number: int) -> str:
    """Name of a benchmark's device, and of its touchpoint."""
    return f"bench-{number:02}"


def make_batches(messages: int, events_each: int, seed: int) -> Iterator[tuple[int, bytes]]:
    """Batches of ratings with equal shares of devices: (device number, payload)."""
    random = Random(seed)
    boot, now = str(uuid.UUID(int=random.getrandbits(128))), datetime.now(UTC)
    streams = [uuid.UUID(int=random.getrandbits(128)).hex for _ in range(DEVICES)]
    seqs = [0] * DEVICES
    for message in range(messages):
        device = message % DEVICES
        events = []
        for _ in range(events_each):
            seqs[device] += 1
            events.append(
                Rating(
                    id=str(uuid6.uuid7()),
                    seq=seqs[device],
                    visit=f"{random.getrandbits(128):032x}",
                    touchpoint=device_name(device),
                    survey="reception",
                    survey_version=1,
                    question="overall",
                    scale="faces-4",
                    value=random.randint(1, 4),
                    channel="device",
                    input="button",
                    language="bg",
                    answered_at=now,
                    clock="synced",
                    boot=boot,
                    uptime_ms=seqs[device] * 1000,
                )
            )
        yield device, write_batch(streams[device], events)


def publish_packet(name: str, payload: bytes, mid: int) -> bytes:
    """An MQTT 3.1.1 PUBLISH with QoS 1 (OASIS MQTT 3.1.1, section 3.3)."""
    body = _text(name) + mid.to_bytes(2, "big") + payload
    return b"\x32" + _length(len(body)) + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _length(size: int) -> bytes:
    """Remaining length: seven bits a byte, low end first (section 2.2.3)."""
    encoded = bytearray()
    while True:
        size, low = divmod(size, 128)
        encoded.append(low | (0x80 if size else 0))
        if not size:
            return bytes(encoded)


def _connect(port: int, name: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body = _text("MQTT") + b"\x04\x02\x00\x3c" + _text(name)
    connection.sendall(b"\x10" + _length(len(body)) + body)
    if connection.recv(4) != b"\x20\x02\x00\x00":
        sys.exit(f"the broker on port {port} refuses {name}")
    return connection


class _Sender:
    """One device's connection, with what it still has to send."""

    def __init__(self, port: int, name: str, packets: Sequence[bytes]) -> None:
        self.connection = _connect(port, name)
        self._packets = packets
        self._sent = 0
        self._acknowledged = 0
        self._rest = 0

    @property
    def is_done(self) -> bool:
        return self._acknowledged == len(self._packets)

    def send(self) -> None:
        """Fill the window."""
        until = min(self._acknowledged + WINDOW, len(self._packets))
        if until > self._sent:
            self.connection.sendall(b"".join(self._packets[self._sent : until]))
            self._sent = until

    def take_acknowledgements(self) -> None:
        """Count the PUBACKs that have come."""
        received = self._rest + len(self.connection.recv(65536))
        self._acknowledged += received // _PUBACK_BYTES
        self._rest = received % _PUBACK_BYTES


def send_all(senders: Sequence[_Sender]) -> None:
    """Send everything, and wait for every acknowledgement."""
    with selectors.DefaultSelector() as selector:
        for sender in senders:
            selector.register(sender.connection, selectors.EVENT_READ, sender)
            sender.send()
        while not all(sender.is_done for sender in senders):
            for key, _ in selector.select():
                key.data.take_acknowledgements()
                key.data.send()


def main(port: int, site: str, messages: int, events_each: int, seed: int) -> None:
    """Make, wait, send."""
    packets: list[list[bytes]] = [[] for _ in range(DEVICES)]
    for device, payload in make_batches(messages, events_each, seed):
        mid = len(packets[device]) % 65_535 + 1
        name = topic(site, device_name(device), "events")
        packets[device].append(publish_packet(name, payload, mid))
    senders = [
        _Sender(port, f"publisher-{number}", each) for number, each in enumerate(packets) if each
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    started_s = time.monotonic()
    send_all(senders)
    print(json.dumps({"started_s": started_s, "ended_s": time.monotonic()}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], *(int(argument) for argument in sys.argv[3:6]))
