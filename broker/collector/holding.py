"""What has arrived and is not yet stored: each message once, and not more than memory allows.

A broker delivers again what is not acknowledged in time, and kiosks send again what has no
receipt; while the database is away the same bytes come again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from broker.link.link import Message

MOST_HELD_BYTES: Final = 64 * 1024 * 1024
"""Payload held: some 150,000 events. What comes above is left to the broker and the kiosks."""


class Arrival(NamedTuple):
    """A message, and when it came in first."""

    message: Message
    at: datetime


class Holding:
    """Arrivals in their order, each with all the marks under which it was delivered."""

    def __init__(self, most_bytes: int = MOST_HELD_BYTES) -> None:
        """Hold nothing yet, and never more than ``most_bytes`` of payload."""
        self._most_bytes: Final = most_bytes
        self._arrivals: Final[dict[tuple[str, bytes], Arrival]] = {}
        self._repeated: Final[dict[tuple[str, bytes], dict[object, Message]]] = {}
        self._size_bytes = 0

    def __len__(self) -> int:
        return len(self._arrivals)

    def hold(self, arrival: Arrival) -> bool:
        """Hold an arrival, or only its mark where the same is held; ``False``: no room."""
        message = arrival.message
        key = (message.topic, message.payload)
        held = self._arrivals.get(key)
        if held is None:
            if self._size_bytes + len(message.payload) > self._most_bytes:
                return False
            self._arrivals[key] = arrival
            self._size_bytes += len(message.payload)
        elif message.token is not None:
            # A message of its own, so that the bytes of the repetition are not kept.
            again = Message(held.message.topic, held.message.payload, token=message.token)
            self._repeated.setdefault(key, {})[message.token] = again
        return True

    def portion(self, most_bytes: int) -> list[Arrival]:
        """The first arrivals, up to ``most_bytes`` of payload, but at least one."""
        portion: list[Arrival] = []
        size_bytes = 0
        for arrival in self._arrivals.values():
            size_bytes += len(arrival.message.payload)
            if size_bytes > most_bytes and portion:
                break
            portion.append(arrival)
        return portion

    def let_go(self, arrivals: Sequence[Arrival]) -> list[Message]:
        """Stop holding ``arrivals``; everything that is to be acknowledged for them."""
        messages: list[Message] = []
        for message, _at in arrivals:
            key = (message.topic, message.payload)
            del self._arrivals[key]
            self._size_bytes -= len(message.payload)
            messages.append(message)
            messages += self._repeated.pop(key, {}).values()
        return messages

    def clear(self) -> None:
        """Hold nothing."""
        self._arrivals.clear()
        self._repeated.clear()
        self._size_bytes = 0
