"""The loop of the fleet's process: it hears devices, and lets each chore do what is due.

One thread, one link. A chore that fails does not stop the others, and what the database does not
take now is tried again, with growing pauses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from broker.fleet.chore import Chore
from broker.link.link import Link, Message
from broker.store.errors import StoreError
from broker.wire.errors import WireError
from broker.wire.topics import Topic, filter_all, parse_topic

SUBSCRIPTIONS: Final = tuple((filter_all(channel), 1) for channel in ("replies", "availability"))

FIRST_PAUSE: Final = timedelta(seconds=1)
MOST_PAUSE: Final = timedelta(seconds=30)
"""Before a chore that failed is tried again; each pause is twice the one before."""

_WAIT_S: Final = 0.25
_AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(slots=True)
class _Turn:
    """A chore, and when it may be tried again after it failed."""

    chore: Chore
    pause: timedelta = timedelta(0)
    not_before: datetime = _AT_ONCE


class Keeper:
    """Lets ``chores`` take turns.

    Args:
        link: subscribed to ``SUBSCRIPTIONS``.
        chores: in this order.
        clock: what is told to chores.
    """

    def __init__(
        self, link: Link, chores: Sequence[Chore], clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._link = link
        self._turns = [_Turn(chore) for chore in chores]
        self._clock = clock
        self._connections = 0

    def run(self, is_over: Callable[[], bool]) -> None:
        """Work until ``is_over``."""
        while not is_over():
            self.step(_WAIT_S)

    def step(self, timeout_s: float) -> None:
        """Wait up to ``timeout_s`` for what devices say, hand it on, and do what is due."""
        messages = self._link.receive(timeout_s)
        if self._link.connections != self._connections:
            self._connections = self._link.connections
            for turn in self._turns:
                self._guard(turn, turn.chore.connected)
        for message in messages:
            self._hand_on(message)
        self._link.acknowledge(messages)
        for turn in self._turns:
            self._attend(turn)

    def _hand_on(self, message: Message) -> None:
        try:
            topic = parse_topic(message.topic)
        except WireError as error:
            _log.warning("unreadable", topic=message.topic[:200], reason=error.reason)
            return
        for turn in self._turns:
            self._take(turn, topic, message)

    def _take(self, turn: _Turn, topic: Topic, message: Message) -> None:
        self._guard(turn, lambda: turn.chore.take(topic, message))

    def _attend(self, turn: _Turn) -> None:
        now = self._clock()
        if now < turn.not_before <= now + MOST_PAUSE:  # later than that: the clock was set back
            return
        if self._guard(turn, lambda: turn.chore.attend(now)):
            turn.pause = timedelta(0)
            return
        turn.pause = min(max(2 * turn.pause, FIRST_PAUSE), MOST_PAUSE)
        turn.not_before = now + turn.pause

    def _guard(self, turn: _Turn, work: Callable[[], None]) -> bool:
        """Whether ``work`` was done; one chore's fault is no other's."""
        name = type(turn.chore).__name__
        try:
            work()
        except StoreError as error:
            _log.warning("chore-waits", chore=name, error=str(error))
            return False
        except Exception as error:  # noqa: BLE001  # of whatever kind, the other chores go on
            _log.error("chore-failed", chore=name, error=str(error), exc_info=error)
            return False
        return True
