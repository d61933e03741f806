"""The thread in which the relay runs, beside the visitors."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from broker.link.link import Link
from kiosk.backlog import Backlog
from kiosk.clock import Clock
from kiosk.database import OutboxError
from kiosk.health import Health
from kiosk.relay import Relay

_log: Final = logging.getLogger(__name__)

STEP_S: Final = 5.0
"""How long a step waits when nothing happens: so soon we see that time has arrived."""

RETRY_S: Final = 5.0
"""Before an outbox that failed is tried again."""


class RelayThread:
    """Steps a relay until it is told to stop.

    An outbox that fails is tried again, and is a fault in the heartbeat; so is a full disk. A
    damaged outbox does not mend by itself, and any other failure is a mistake of ours: then the
    whole kiosk ends, and is started anew by whoever watches it, rather than thank visitors for
    presses that will never leave.

    Attributes:
        is_well: ``False`` after such a failure.
        alive_at_ms: device uptime of its last sign of life.
    """

    def __init__(
        self, relay: Relay, link: Link, backlog: Backlog, health: Health, clock: Clock
    ) -> None:
        self.is_well = True
        self.alive_at_ms = clock.uptime_ms()
        self._clock = clock
        self._relay = relay
        self._link = link
        self._backlog = backlog
        self._health = health
        self._thread: threading.Thread | None = None

    def start_with(self, stop: threading.Event, when_failed: Callable[[Exception], None]) -> None:
        """Begin; a failure sets ``stop`` and is given to ``when_failed``."""
        self._thread = threading.Thread(target=self._run, args=(stop, when_failed), name="relay")
        self._thread.start()

    def finish(self) -> None:
        """Wait for the end, once ``stop`` is set."""
        if self._thread is not None:
            self._relay.wake()
            self._thread.join()

    def _run(self, stop: threading.Event, when_failed: Callable[[Exception], None]) -> None:
        try:
            while not stop.is_set():
                self._step(stop)
        except Exception as error:  # noqa: BLE001  # reported, and the end of the kiosk
            _log.exception("the relay failed: ending the kiosk")
            self.is_well = False
            stop.set()
            when_failed(error)
        finally:
            self._link.close()
            self._relay.close()
            self._backlog.close()

    def _step(self, stop: threading.Event) -> None:
        self.alive_at_ms = self._clock.uptime_ms()
        try:
            self._relay.step(STEP_S)
        except OutboxError as error:
            if error.is_damaged:
                raise
            _log.error("the relay waits: %s", error)
            self._health.set_fault("outbox", "not-deletable", is_present=True)
            stop.wait(RETRY_S)
        else:
            self._health.set_fault("outbox", "not-deletable", is_present=False)
        self._health.set_fault("disk", "full", is_present=self._backlog.is_disk_full)
