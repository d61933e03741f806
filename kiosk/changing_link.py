"""A link whose way to the broker can change: a kiosk is enrolled, or gets its next certificate."""

from __future__ import annotations

import select
from typing import Final, Protocol

from broker.link.link import Link, Message
from broker.link.waker import Waker


class TellingLink(Link, Protocol):
    """A link that tells why it has no connection; :class:`broker.link.mqtt.MqttLink`."""

    @property
    def trouble(self) -> str:
        """Why, for people; empty while there is one, and before the first attempt."""


class ChangingLink:
    """A :class:`broker.link.link.Link` over another one, or for the time being over none.

    For one thread, but for :meth:`wake`; :meth:`change` belongs to the same.
    """

    def __init__(self) -> None:
        self._waker: Final = Waker()
        self._inner: TellingLink | None = None
        self._connections = 0

    def change(self, inner: TellingLink | None) -> None:
        """Go over ``inner`` from now on; what is there now says good-bye and is closed.

        Whoever waited for the old one is woken, so nothing that was to be sent is forgotten.
        """
        if self._inner is not None:
            self._connections += self._inner.connections
            self._inner.close()
        self._inner = inner
        self.wake()

    @property
    def has_way(self) -> bool:
        """Whether there is somewhere to go, and something to go with."""
        return self._inner is not None

    @property
    def trouble(self) -> str:
        """Why there is no connection; empty where it is not known."""
        return "" if self._inner is None else self._inner.trouble

    @property
    def is_connected(self) -> bool:
        """Whether there is a way, and the broker answered on it."""
        inner = self._inner
        return inner is not None and inner.is_connected

    @property
    def connections(self) -> int:
        """How many times a connection was made, on whatever way."""
        return self._connections + (0 if self._inner is None else self._inner.connections)

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retained: bool = False) -> bool:
        """Hand a message to the connection, if there is one."""
        if self._inner is None:
            return False
        return self._inner.publish(topic, payload, qos=qos, retained=retained)

    def receive(self, timeout_s: float, limit: int = 1000) -> list[Message]:
        """Wait for messages, or without a way only for :meth:`wake`."""
        if self._inner is not None:
            return self._inner.receive(timeout_s, limit)
        poll = select.poll()
        poll.register(self._waker, select.POLLIN)
        poll.poll(timeout_s * 1000)
        self._waker.was_woken()
        return []

    def acknowledge(self, messages: list[Message]) -> None:
        """Tell the broker that it may forget ``messages``."""
        if self._inner is not None:
            self._inner.acknowledge(messages)

    def wake(self) -> None:
        """Make a running or the next :meth:`receive` return at once; from any thread."""
        inner = self._inner
        if inner is not None:
            inner.wake()
        self._waker.wake()

    def close(self) -> None:
        """Say good-bye, and release the connection."""
        self.change(None)
        self._waker.close()
