"""The link in memory: the semantics of the real one, with faults to switch on."""

from __future__ import annotations

from random import Random

from broker.link.backoff import Backoff
from broker.link.faults import Faults, RealClock, SimulatedClock
from broker.link.link import ONLINE, LinkError, Message, Will, check_size, check_subscriptions
from broker.link.matching import is_topic
from broker.link.virtual_broker import Packet, VirtualBroker

__all__ = ["Faults", "RealClock", "SimulatedClock", "VirtualBroker", "VirtualLink"]


class VirtualLink:
    """A :class:`broker.link.link.Link` to a :class:`VirtualBroker`.

    It waits by the broker's clock: with a simulated one :meth:`receive` never sleeps.

    Attributes:
        faults: what goes wrong on its way, instead of the broker's own faults.
    """

    def __init__(  # noqa: PLR0913  # as many as a connection has properties
        self,
        broker: VirtualBroker,
        client_id: str,
        *,
        subscriptions: tuple[tuple[str, int], ...] = (),
        is_persistent: bool = False,
        will: Will | None = None,
        chance: Random | None = None,
        most_wait_s: float = 60.0,
    ) -> None:
        """Make a link; ``chance`` draws the back-off."""
        check_subscriptions(subscriptions)
        self.client_id = client_id
        self.subscriptions = subscriptions
        self.is_persistent = is_persistent
        self.will = will
        self.faults: Faults | None = None
        self.generation = 0
        self._broker = broker
        self._backoff = Backoff(chance or Random(), most_s=most_wait_s)  # noqa: S311  # no secret
        self._inbox: list[Message] = []
        self._is_connected = False
        self._connections = 0
        self._since_s = 0.0
        self._retry_at_s = 0.0
        self._has_news = False
        self._is_closed = False

    @property
    def is_connected(self) -> bool:
        """Whether it is connected."""
        return self._is_connected

    @property
    def connections(self) -> int:
        """How many connections were made."""
        return self._connections

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retained: bool = False) -> bool:
        """Send a message; see :class:`broker.link.link.Link`."""
        check_size(topic, payload)
        if not is_topic(topic) or qos not in (0, 1):
            raise LinkError(f"cannot publish to {topic!r} with QoS {qos}")
        with self._broker.changed:
            if self._is_connected:
                self._broker.publish(self, Packet(topic, payload, qos, retained))
            return self._is_connected

    def receive(self, timeout_s: float, limit: int = 1000) -> list[Message]:
        """Return what has come; see :class:`broker.link.link.Link`.

        Raises:
            LinkError: the link is closed.
        """
        if self._is_closed:
            raise LinkError("this link is closed")
        broker = self._broker
        with broker.changed:
            deadline_s = broker.clock.now_s() + timeout_s
            while True:
                next_s = self._advance()
                now_s = broker.clock.now_s()
                if self._inbox or self._has_news or now_s >= deadline_s:
                    return self._take(limit)
                until_s = min(deadline_s, next_s)
                broker.clock.wait(broker.changed, max(0.0, until_s - now_s))

    def _advance(self) -> float:
        """Connect when it is time, and let arrive what is due; return when to look again."""
        now_s = self._broker.clock.now_s()
        if not self._is_connected and now_s >= self._retry_at_s:
            self._connect(now_s)
        next_s = self._broker.settle()
        due_s = [] if next_s is None else [next_s]
        return min(
            [*due_s, *([] if self._is_connected else [self._retry_at_s])], default=now_s + 60
        )

    def _connect(self, now_s: float) -> None:
        self.generation += 1
        if not self._broker.connect(self):
            self._retry_at_s = now_s + self._backoff.after_failure()
            return
        self._is_connected = True
        self._connections += 1
        self._since_s = now_s
        self._has_news = True
        if self.will is not None:
            self.publish(self.will.topic, ONLINE, retained=True)

    def _take(self, limit: int) -> list[Message]:
        self._has_news = False
        taken, self._inbox = self._inbox[:limit], self._inbox[limit:]
        return taken

    def acknowledge(self, messages: list[Message]) -> None:
        """Tell the broker that it may forget ``messages``."""
        with self._broker.changed:
            if self._is_connected:
                tokens = [m.token for m in messages if isinstance(m.token, int)]
                current = [t & 0xFFFF for t in tokens if t >> 16 == self.generation]
                self._broker.acknowledge(self, current)

    def wake(self) -> None:
        """Make a running or the next :meth:`receive` return at once; from any thread."""
        with self._broker.changed:
            self._has_news = True
            self._broker.changed.notify_all()

    def close(self) -> None:
        """Say good-bye; again is harmless."""
        with self._broker.changed:
            if self._is_connected:
                if self.will is not None:
                    self.publish(self.will.topic, self.will.payload, retained=True)
                    self._broker.settle()
                self._broker.disconnect(self)
            self._is_connected = False
            self._is_closed = True

    def when_message(self, message: Message) -> None:
        """Take a message from the broker."""
        self._inbox.append(message)

    def when_lost(self, reason: str) -> None:  # noqa: ARG002  # for the broker's other clients
        """Hear from the broker that the connection is gone."""
        now_s = self._broker.clock.now_s()
        self._is_connected = False
        self.generation += 1
        self._has_news = True
        self._retry_at_s = now_s + self._backoff.after_end(now_s - self._since_s)
