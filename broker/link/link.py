"""The protocol of every link, and what passes over it.

A link is *pulled*: nothing happens between two calls of :meth:`Link.receive`, which sends what
is queued, reads what has come, keeps the session alive and reconnects. No thread, no lock, and
the same loop runs over a simulated network with a simulated clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from broker.link.matching import is_filter

MAX_PAYLOAD_BYTES: Final = 256 * 1024
"""What receivers accept; brokers are set to twice as much."""

ONLINE: Final = b"online"
"""What a link with a will says, retained, at the will's topic while it is connected."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as received.

    Attributes:
        topic: where it was published.
        payload: its bytes, not yet decoded.
        retained: whether the broker had kept it from before.
        token: the link's own mark, for :meth:`Link.acknowledge`; ``None`` for QoS 0.
    """

    topic: str
    payload: bytes
    retained: bool = False
    token: object | None = None


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says for us when we vanish; published with QoS 1, retained."""

    topic: str
    payload: bytes


class LinkError(Exception):
    """A link that can't be used as asked (not: a network that is down, which is ordinary)."""


def check_size(topic: str, payload: bytes) -> None:
    """Raise :class:`LinkError` for a payload that no receiver accepts."""
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise LinkError(
            f"a message of {len(payload)} bytes to {topic!r} is above the limit of "
            f"{MAX_PAYLOAD_BYTES}: split it"
        )


def check_subscriptions(subscriptions: tuple[tuple[str, int], ...]) -> None:
    """Raise :class:`LinkError` for a filter or a QoS that no broker would grant us."""
    for wanted, qos in subscriptions:
        if not is_filter(wanted) or qos not in (0, 1):
            raise LinkError(f"cannot subscribe to {wanted!r} with QoS {qos}")


class Link(Protocol):
    """A connection to a broker that comes and goes.

    Delivery is at least once at best: PUBACK means nothing (design §2), so there is no call that
    waits for it. What must arrive is sent again by whoever wants it to arrive.
    """

    @property
    def is_connected(self) -> bool:
        """Whether the broker answered, at the last look, and we heard of no end since."""

    @property
    def connections(self) -> int:
        """How many times a connection was made: a higher number tells that there was a break."""

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retained: bool = False) -> bool:
        """Hand a message to the connection; ``False`` where there is none, and it is dropped.

        Raises:
            LinkError: the message is above the limit of the wire.
        """

    def receive(self, timeout_s: float, limit: int = 1000) -> list[Message]:
        """Wait up to ``timeout_s`` for messages, and return at most ``limit`` that are there.

        Returns early with an empty list after :meth:`wake`, and when the connection comes up or
        breaks. While there is no connection it tries to make one, with jittered back-off.
        """

    def acknowledge(self, messages: list[Message]) -> None:
        """Tell the broker that it may forget ``messages``.

        Those of an earlier connection are left out, since the broker delivers them again: at once
        after a reconnect, or (NATS) when its waiting time for acknowledgements is over. What is
        acknowledged now is sent by the next :meth:`receive`.
        """

    def wake(self) -> None:
        """Make a running or the next :meth:`receive` return at once; from any thread."""

    def close(self) -> None:
        """Say good-bye (``offline`` for the will's topic first), and release the connection."""
