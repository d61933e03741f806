"""What the maintenance screen tells: who this kiosk is, where it is on the network, how it does."""

from __future__ import annotations

import fcntl
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from hardware.machine import Machine
from kiosk.clock import Clock, Reading, instant
from kiosk.configuration import ConfigurationFile
from kiosk.database import Counts
from kiosk.destination import broker_addresses
from kiosk.faults import in_words, refusal_in_words
from kiosk.health import Health
from kiosk.scene import Fact
from kiosk.settings import Settings
from kiosk.version import FIRMWARE
from kiosk.words import Words

_SIOCGIFADDR: Final = 0x8915


@dataclass(frozen=True, slots=True)
class Inner:
    """The parts that facts are read from.

    Attributes:
        counts: of the outbox.
        is_connected: whether there is a broker.
        received: when the last receipt came; ``None`` since the start.
    """

    settings: Settings
    configuration: ConfigurationFile
    health: Health
    clock: Clock
    counts: Callable[[], Counts]
    is_connected: Callable[[], bool]
    received: Callable[[], Reading | None]


def facts(inner: Inner, words: Words) -> tuple[Fact, ...]:
    """All lines, the most asked for first."""
    return (*_who(inner, words), *_network(inner, words), *_work(inner, words))


def _who(inner: Inner, words: Words) -> Iterator[Fact]:
    settings, latest = inner.settings, inner.configuration.latest
    touchpoint = settings.touchpoint if latest is None else latest.touchpoint
    yield Fact(name=words("Device"), text=f"{settings.site}/{settings.device}")
    yield Fact(name=words("Touchpoint"), text=touchpoint or words("not set up"))
    yield Fact(name=words("Version"), text=FIRMWARE)
    revision = words("none") if latest is None else str(latest.revision)
    yield Fact(name=words("Configuration"), text=revision)
    if (refused := inner.configuration.refused) is not None:
        why = refusal_in_words(refused.refusal, words)
        yield Fact(name=words("Refused"), text=why, mark="bad")
        yield Fact(name=words("For the administrator"), text=str(refused), mark="bad")


def _network(inner: Inner, words: Words) -> Iterator[Fact]:
    found = ", ".join(addresses()) or words("none")
    yield Fact(name=words("Address"), text=found)
    if (signal := Machine().signal_dbm()) is not None:
        yield Fact(name=words("Signal"), text=f"{signal} dBm")
    yield Fact(
        name=words("Server"),
        text=broker_addresses(inner.settings) or words("none"),
        mark="good" if inner.is_connected() else "bad",
    )


def _work(inner: Inner, words: Words) -> Iterator[Fact]:
    counts, now = inner.counts(), inner.clock.read()
    yield Fact(
        name=words("Outbox"),
        text=words(
            "{made} pressed, {waiting} waiting", made=counts.last_seq, waiting=counts.waiting
        ),
    )
    zone, received = inner.configuration.zone, inner.received()
    receipt = words("not since the start") if received is None else _moment(received, zone)
    yield Fact(name=words("Last receipt"), text=receipt)
    yield Fact(
        name=words("Clock"),
        text=_moment(now, zone),
        mark="good" if now.is_synced else "unknown",
    )
    for fault in sorted(inner.health.faults):
        yield Fact(name=words("Fault"), text=in_words(fault, words), mark="bad")


def _moment(reading: Reading, zone: ZoneInfo) -> str:
    return f"{instant(reading.wall_ms).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def addresses() -> list[str]:
    """IPv4 addresses of this machine, each with its interface; its own loop left out."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, request)
            except OSError:  # it has none
                continue
            if name != "lo":
                found.append(f"{socket.inet_ntoa(answer[20:24])} ({name})")
    return found
