"""Connections to the endpoint: few of one address, and none that is silent for long.

Else one stranger could keep all connections that we have, and say nothing.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from broker.fleet.allowance import Allowance, network_of

MOST_CONNECTIONS: Final = 40
"""Of one address at the same time: a hundred kiosks behind one router take turns."""
HEAD_S: Final = 15.0
"""How long we wait for the head of a connection's next request."""
_PER_MINUTE: Final = 300
"""New connections of one address; asyncio gives them a minute for the TLS handshake."""


class Porch(socket.socket):
    """A listening socket that hangs up on an address with too many new connections a minute."""

    def __init__(self, listening: socket.socket, per_minute: int = _PER_MINUTE) -> None:
        super().__init__(listening.family, listening.type, fileno=listening.detach())
        self._allowance = Allowance(per_minute)

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        """The next connection.

        Raises:
            ConnectionAbortedError: it was one too many.
        """
        connection, address = super().accept()
        if self._allowance.excess(address[0], time.monotonic()):
            connection.close()
            raise ConnectionAbortedError
        return connection, address


class PatientProtocol(H11Protocol):
    """HTTP on one connection; :func:`patient_protocol` makes the class to use."""

    most: int
    head_s: float
    connected: Counter[str]
    network = ""
    hanging_up: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override]  # as uvicorn's own has it
        self, transport: asyncio.Transport
    ) -> None:
        """Hang up where there are too many of that address already."""
        super().connection_made(transport)
        self.network = network_of(self.client[0] if self.client else "")
        self.connected[self.network] += 1
        if self.connected[self.network] > self.most:
            transport.abort()
        self._expect_head()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._expect_head()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.connected[self.network] -= 1
        if not self.connected[self.network]:
            del self.connected[self.network]
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._stop_waiting()
        self.hanging_up = self.loop.call_later(self.head_s, self._hang_up_after, self.scope)

    def _hang_up_after(self, last: object) -> None:
        if self.scope is last:  # no other head has come
            self.transport.abort()

    def _stop_waiting(self) -> None:
        if self.hanging_up is not None:
            self.hanging_up.cancel()


def patient_protocol(most: int, head_s: float) -> type[PatientProtocol]:
    """HTTP for one :class:`uvicorn.Server`, which counts its own connections."""
    made: type[PatientProtocol] = type(
        "CountedProtocol",
        (PatientProtocol,),
        {"most": most, "head_s": head_s, "connected": Counter()},
    )
    return made
