"""The relay: empties the outbox through a link, and lets go of an event only on its receipt.

One batch is under way at a time. Nothing is remembered of what was sent but its ids: after a
break, and when no receipt comes, the next batch is taken from the outbox anew.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final, Protocol

from broker.link.link import Link, Message
from broker.wire.codec import read, write_batch
from broker.wire.errors import WireError
from broker.wire.events import AnyEvent
from broker.wire.messages import MAX_EVENTS, Receipt
from kiosk.backlog import Backlog
from kiosk.clock import Clock, Reading
from kiosk.identity import Identity
from kiosk.pace import Grace, Pace
from kiosk.streams import Batch, Streams

_log: Final = logging.getLogger(__name__)


class Duties(Protocol):
    """What else is done over the same link; :class:`kiosk.housekeeping.Housekeeping`."""

    def take(self, message: Message) -> None:
        """Take a message that is no receipt."""

    def attend(self, now: Reading, *, is_new_connection: bool) -> None:
        """Do what is due."""


class Relay:
    """Sends what the outbox holds, batch by batch. For one thread, but for :meth:`wake`.

    Args:
        link: subscribed to ``identity.subscriptions()``.
        backlog: the outbox.
        identity: who we are.
        clock: uptime and wall time.
        pace: when to send again.
        duties: what else is done over the link, if anything.

    Attributes:
        received: when the last receipt came; ``None`` since the start.
    """

    def __init__(
        self,
        link: Link,
        backlog: Backlog,
        identity: Identity,
        clock: Clock,
        pace: Pace,
        duties: Duties | None = None,
    ) -> None:
        self.received: Reading | None = None
        self._link = link
        self._streams = Streams(backlog)
        self._clock = clock
        self._pace = pace
        self._grace = Grace(pace.grace_ms)
        self._duties = duties
        self._events_topic = identity.topic("events")
        self._receipts_topic = identity.topic("receipts")
        self._connections = link.connections
        self._under_way: set[str] = set()
        self._send_again_at_ms = 0

    def add(self, salvaged: Backlog) -> None:
        """Send what was salvaged of a broken outbox, too, and remove it once it is empty."""
        self._streams.add(salvaged)

    def step(self, timeout_s: float) -> None:
        """Wait up to ``timeout_s`` for something to happen, and do what follows from it.

        Raises:
            OutboxError: the outbox can't be read or written; what was under way is sent again.
        """
        messages = self._link.receive(min(timeout_s, self._patience_s()))
        for message in messages:
            self._take(message)
        self._link.acknowledge(messages)
        is_new_connection = self._link.connections != self._connections
        if is_new_connection:
            self._connections = self._link.connections
            self._under_way.clear()
            self._pace.start_over()
        now = self._clock.read()
        self._grace.note(now.uptime_ms, is_connected=self._link.is_connected)
        if self._streams.keep_anchor(now):
            _log.info("the clock is right: presses of this boot can be dated")
        self._send(now)
        if self._duties is not None:
            self._duties.attend(now, is_new_connection=is_new_connection)

    def close(self) -> None:
        """Release what was added."""
        self._streams.close()

    def wake(self) -> None:
        """There is a new event; from any thread."""
        self._link.wake()

    def _patience_s(self) -> float:
        """How long nothing has to be sent again."""
        if not (self._under_way and self._link.is_connected):
            return float("inf")
        return max(0.0, (self._send_again_at_ms - self._clock.uptime_ms()) / 1000)

    def _take(self, message: Message) -> None:
        """Take a message; one that makes no sense is dropped, and says so in the log."""
        try:
            if message.topic == self._receipts_topic:
                self._take_receipt(read(message.payload, Receipt))
            elif self._duties is not None:
                self._duties.take(message)
        except WireError as error:
            _log.warning("ignored a message at %s: %s", message.topic, error)

    def _take_receipt(self, receipt: Receipt) -> None:
        """Let go of what the collector has. Old, repeated and strangers' receipts do no harm."""
        done = {*receipt.accepted, *(refused.id for refused in receipt.quarantined)}
        if not self._streams.delete(receipt.stream, done):
            _log.info("ignored a receipt of another stream, %.40s", receipt.stream)
            return
        self.received = self._clock.read()
        for refused in receipt.quarantined:
            _log.warning("event %.40s is in quarantine: %.80s", refused.id, refused.reason)
        if done & self._under_way:
            self._pace.start_over()
        self._under_way -= done

    def _send(self, now: Reading) -> None:
        """Send the next batch, unless one is under way and it is not yet time for it again."""
        is_waiting = self._under_way and now.uptime_ms < self._send_again_at_ms
        if is_waiting or not self._link.is_connected:
            return
        self._under_way.clear()
        batch = self._streams.pending(MAX_EVENTS, None if self._grace.is_over else now.boot)
        if not batch.events:
            return
        payload, sent = _pack(batch)
        if self._link.publish(self._events_topic, payload):
            self._under_way = {event.id for event in sent}
            self._send_again_at_ms = now.uptime_ms + self._pace.next_pause_ms()


def _pack(batch: Batch) -> tuple[bytes, Sequence[AnyEvent]]:
    """As many events of ``batch`` as fit into a message; one alone always does."""
    stream, events = batch
    while True:
        try:
            return write_batch(stream, events), events
        except WireError:
            if len(events) == 1:
                raise
            events = events[: len(events) // 2]
