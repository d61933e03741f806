"""The report: how a kiosk is, for people far away; no personal data, no secret."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from broker.wire.messages import MAX_REPORT, Heartbeat
from hardware.machine import Machine
from kiosk.destination import broker_addresses
from kiosk.facts import Inner, addresses
from kiosk.log_ring import masked

_LEFT_OUT: Final = frozenset({"v"})
_ROOM: Final = MAX_REPORT - 1_000
"""For the report's lines; the rest is for the notes on what was left out."""


def report(inner: Inner, log: Sequence[str], machine: Machine | None = None) -> str:
    """What is known here, a line each: who, the machine, the network, the heartbeat, the log.

    Args:
        inner: the kiosk's parts; its outbox is not asked, since this may be another thread.
        log: the last lines of the log, masked; the oldest are left out where they don't fit.
        machine: that we run on.
    """
    state = [masked(line) for line in _state(inner, machine or Machine())]
    return "\n".join([*state, "", "log:", *_latest(log, _ROOM - sum(map(_room, state)))])


def _state(inner: Inner, machine: Machine) -> Iterator[str]:
    settings, latest, now = inner.settings, inner.configuration.latest, inner.clock.read()
    yield f"device: {settings.site}/{settings.device}"
    yield f"touchpoint: {'not set up' if latest is None else latest.touchpoint}"
    yield f"python: {platform.python_version()}"
    yield f"system: {platform.system()} {platform.release()} {platform.machine()}"
    yield f"machine: {machine.model() or 'unknown'}"
    yield f"panel: {settings.panel.__struct_config__.tag}"
    yield f"screen: {'none' if settings.screen is None else f'{settings.screen.diagonal_in} in'}"
    yield f"sound: {settings.sound.kind}"
    yield f"up: {now.uptime_ms // 1000} s"
    yield f"clock: {'right' if now.is_synced else 'not known to be right'}"
    yield f"addresses: {', '.join(addresses()) or 'none'}"
    connected = "connected" if inner.is_connected() else "not connected"
    yield f"broker: {broker_addresses(settings) or 'none'}, {connected}"
    received = inner.received()
    ago = None if received is None else (now.uptime_ms - received.uptime_ms) // 1000
    yield f"last receipt: {'none since the start' if ago is None else f'{ago} s ago'}"
    yield from _heartbeat(inner.health.latest)


def _heartbeat(beat: Heartbeat | None) -> Iterator[str]:
    """All that the latest heartbeat says, but for what it can't tell."""
    if beat is None:
        return
    yield ""
    yield "latest heartbeat:"
    for name in beat.__struct_fields__:
        value = getattr(beat, name)
        if name not in _LEFT_OUT and value not in (None, "", ()):
            yield f"{name}: {_shown(value)}"


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _latest(log: Sequence[str], room: int) -> list[str]:
    """The last lines that fit into ``room``, and how many do not."""
    kept: list[str] = []
    for line in reversed(log):
        room -= _room(line)
        if room < 0:
            kept.append(f"({len(log) - len(kept)} earlier lines left out)")
            break
        kept.append(line)
    return kept[::-1]


def _room(line: str) -> int:
    """Characters that a line takes, with its end."""
    return len(line) + 1
