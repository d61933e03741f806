"""The collector's loop: receive, admit, send receipts, acknowledge; never in another order.

Group commit without a timer: one transaction takes whatever waits by then. A quiet hall is
answered at once, a busy morning in large transactions, and nothing is ever waited for.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from broker.collector.holding import MOST_HELD_BYTES, Arrival, Holding
from broker.collector.receipts import Letter, receipts
from broker.collector.sorting import deliver, sort
from broker.intake.delivery import Delivery, Outcome
from broker.intake.intake import Intake, utc_now
from broker.intake.poison import admit_around
from broker.link.link import Link, LinkError
from broker.store.database import Database
from broker.store.errors import StoreError, UnavailableError
from broker.store.status import Heard, StatusWriter
from broker.wire.topics import filter_all

SUBSCRIPTIONS: Final = tuple((filter_all(ch), 1) for ch in ("events", "health", "availability"))
CLIENT_ID: Final = "collector"
"""Also the name in its certificate, which a broker with certificates takes it by."""

MOST_BYTES: Final = 2 * 1024 * 1024
"""Payload of one transaction: some 5,000 events, a tenth of a second. One message may be more."""

STATUS_EVERY_S: Final = 2.0
"""How often what was heard of devices is written; that needs a commit of its own."""

FIRST_PAUSE_S: Final = 0.5
MOST_PAUSE_S: Final = 30.0
"""Between attempts while the database does not answer; each pause is twice the one before."""

_WAIT_S: Final = 1.0

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Collector:
    """Takes what devices send over ``link`` into ``database``.

    While the database does not answer, messages are kept and not acknowledged, and it is tried
    again with growing pauses. The broker keeps the rest, and the kiosks keep everything.

    What devices say of themselves goes its own way: it may be lost, since the next word comes
    within a minute, and must never keep a vote waiting.
    """

    def __init__(
        self,
        link: Link,
        database: Database,
        *,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        when_connected: Callable[[], None] = lambda: None,
        most_held_bytes: int = MOST_HELD_BYTES,
    ) -> None:
        """Make a collector.

        Args:
            link: subscribed to ``SUBSCRIPTIONS``.
            database: where events are stored.
            clock: dates arrivals.
            monotonic: seconds, to time pauses.
            when_connected: called each time the broker has accepted our subscriptions.
            most_held_bytes: payload kept while the database does not answer.
        """
        self._link: Final = link
        self._intake: Final = Intake(database, clock)
        self._status: Final = StatusWriter(database)
        self._clock: Final = clock
        self._monotonic: Final = monotonic
        self._when_connected: Final = when_connected
        self._held: Final = Holding(most_held_bytes)
        self._is_overfull = False
        self._heard = Heard()
        self._connections = 0
        self._pause_s = 0.0
        self._not_before_s = 0.0
        self._status_due_s = 0.0

    def run(self, is_over: Callable[[], bool]) -> None:
        """Work until ``is_over``, and finish what has been received by then."""
        while not is_over():
            self.step(_WAIT_S)
        self._status_due_s = 0.0
        self._settle_all()
        self._tell_status()

    def step(self, timeout_s: float) -> None:
        """Wait up to ``timeout_s`` for messages, and settle all that there are."""
        messages = self._link.receive(timeout_s)
        if self._link.connections != self._connections:
            # What was held came over a connection that has ended: it will be delivered again.
            self._connections = self._link.connections
            self._held.clear()
            self._when_connected()
        found = sort(messages, self._clock())
        self._link.acknowledge(found.words)
        self._heard.update(found.heard)
        self._hold(found.arrivals)
        self._settle_when_due()
        self._tell_status()

    def _hold(self, arrivals: Sequence[Arrival]) -> None:
        """Hold arrivals, and settle some to make room where that can be done now.

        What there is still no room for stays unacknowledged, and will come again.
        """
        for arrival in arrivals:
            if self._held.hold(arrival):
                continue
            self._settle_when_due()
            if not self._held.hold(arrival) and not self._is_overfull:
                self._is_overfull = True
                _log.error("too-much-held", held=len(self._held))

    def _settle_when_due(self) -> None:
        if self._monotonic() >= self._not_before_s:
            self._settle_all()

    def _settle_all(self) -> None:
        try:
            while self._held:
                self._settle(self._held.portion(MOST_BYTES))
            self._pause_s = 0.0
            self._is_overfull = False
        except Exception as error:  # noqa: BLE001  # a fault of ours must not lose votes either
            self._pause(error)

    def _pause(self, error: Exception) -> None:
        """Keep what is held, unacknowledged, and try again later."""
        self._pause_s = min(max(2 * self._pause_s, FIRST_PAUSE_S), MOST_PAUSE_S)
        self._not_before_s = self._monotonic() + self._pause_s
        is_fault_of_ours = not isinstance(error, StoreError)
        if not is_fault_of_ours:  # what does not answer us would keep the status waiting too
            self._status_due_s = max(self._status_due_s, self._not_before_s)
        facts = {"held": len(self._held), "again_in_s": self._pause_s}
        _log.error(
            "not-stored", error=str(error), exc_info=error if is_fault_of_ours else None, **facts
        )

    def _settle(self, arrivals: Sequence[Arrival]) -> None:
        """Commit, then send receipts, then acknowledge."""
        deliveries = [deliver(arrival) for arrival in arrivals]
        outcomes = admit_around(self._intake, deliveries)
        for letter in receipts(deliveries, outcomes):
            self._publish(letter)
        self._link.acknowledge(self._held.let_go(arrivals))
        _raise_alarms(deliveries, outcomes)
        refused = sum(len(outcome.refused) for outcome in outcomes)
        if refused:
            _log.warning("quarantined", events=refused)

    def _publish(self, letter: Letter) -> None:
        try:
            self._link.publish(letter.topic, letter.payload)
        except LinkError as error:
            # The device sends again what has no receipt; other devices wait for theirs.
            _log.error("receipt-not-sent", topic=letter.topic, error=str(error))

    def _tell_status(self) -> None:
        """Write what was heard, when it is time and there is something."""
        if not self._heard or self._monotonic() < self._status_due_s:
            return
        self._status_due_s = self._monotonic() + STATUS_EVERY_S
        try:
            self._status.write(self._heard)
        except UnavailableError as error:
            _log.warning("status-not-written", error=str(error))
            return
        except Exception as error:  # noqa: BLE001  # no word of a device may stop the votes
            # It would fail again and again; whoever lives says something new within a minute.
            _log.error("status-dropped", error=str(error), exc_info=error)
        self._heard = Heard()


def _raise_alarms(deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]) -> None:
    """Log events whose card must have been moved or copied, a line a device, stream and reason."""
    counts = Counter(
        (delivery.site, delivery.device, delivery.reading.stream, reason)
        for delivery, outcome in zip(deliveries, outcomes, strict=True)
        for _id, reason in outcome.alarms
    )
    for (site, device, stream, reason), events in counts.items():
        _log.warning(reason, site=site, device=device, stream=stream, events=events)
