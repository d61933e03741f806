"""Telling systemd that we live, so that it ends us when we don't (sd_notify(3), without a library).

The firmware lives only while both its loops do: the one that serves visitors feeds the watchdog,
and shows it the relay's last sign of life.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping
from typing import Final

RELAY_SILENCE_MS: Final = 180_000
"""So long the relay may be silent. It gives a sign every 5 s, unless it asks a name server: while
the network is down that blocks for 5 s, twice, for each server and search domain."""

FEEDINGS: Final = 3
"""How many times in one interval we feed: one datagram may come late."""


class Watchdog:
    """Tells the service manager how we are; without one, nothing.

    For one thread. A manager that can't be reached is no reason to serve visitors worse: what
    can't be sent is dropped, and if it goes on, we are ended and started anew.

    Args:
        address: of the manager's datagram socket: a path, or ``@`` and an abstract name; empty
            where nobody listens.
        interval_ms: after so long without food it ends us; 0 where it never does.
    """

    def __init__(self, address: str = "", interval_ms: int = 0) -> None:
        self._every_ms = interval_ms // FEEDINGS
        self._due_at_ms = 0
        self._socket: socket.socket | None = None
        self._address = "\0" + address[1:] if address.startswith("@") else address
        if address:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.setblocking(False)  # noqa: FBT003 the method takes no name

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Watchdog:
        """The one that the service manager described in our environment.

        An interval that is meant for another process (``WATCHDOG_PID``) is not ours.
        """
        address = environment.get("NOTIFY_SOCKET", "")
        interval_us = environment.get("WATCHDOG_USEC", "")
        owner = environment.get("WATCHDOG_PID", str(os.getpid()))
        is_ours = interval_us.isdecimal() and owner == str(os.getpid())
        return cls(address, int(interval_us) // 1000 if is_ours else 0)

    def ready(self) -> None:
        """We serve visitors from now on."""
        self._tell("READY=1")

    def stopping(self) -> None:
        """We are ending, as asked."""
        self._tell("STOPPING=1")

    def feed(self, now_ms: int, relay_alive_at_ms: int) -> None:
        """Say that we live, unless that was said just now, or the relay hangs.

        Cheap: to be called at each turn of the loop, which must turn several times an interval.

        Args:
            now_ms: device uptime.
            relay_alive_at_ms: device uptime of the relay's last sign of life.
        """
        if self._every_ms == 0 or now_ms < self._due_at_ms:
            return
        self._due_at_ms = now_ms + self._every_ms
        if now_ms - relay_alive_at_ms <= RELAY_SILENCE_MS:
            self._tell("WATCHDOG=1")

    def close(self) -> None:
        """Say nothing more."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _tell(self, line: str) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.sendto(line.encode(), self._address)
