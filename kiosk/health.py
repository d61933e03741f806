"""How the kiosk is: facts for the heartbeat, every minute and at once when something changed."""

from __future__ import annotations

import threading
from importlib import metadata
from typing import Final

from broker.wire.messages import VERSION, Heartbeat
from kiosk.clock import Moment, Reading
from kiosk.database import Counts

HEARTBEAT_S: Final = 60.0
MAX_FAULTS: Final = 64
MAX_FAULT_LENGTH: Final = 80


class Health:
    """Gathers faults from any thread; the relay turns them into heartbeats."""

    def __init__(self, every_s: float = HEARTBEAT_S) -> None:
        self._every_ms = int(every_s * 1000)
        self._lock = threading.Lock()
        self._faults: frozenset[str] = frozenset()
        self._configuration = 0
        self._due_at_ms: int | None = None
        self._version = version()

    @property
    def faults(self) -> frozenset[str]:
        """What is broken, as ``part:fault``."""
        with self._lock:
            return self._faults

    @property
    def configuration(self) -> int:
        """The revision in use."""
        with self._lock:
            return self._configuration

    def set_fault(self, part: str, fault: str, *, is_present: bool) -> None:
        """Note that a part is broken, or whole again."""
        name = {f"{part}:{fault}"[:MAX_FAULT_LENGTH]}
        with self._lock:
            before = self._faults
            self._faults = before | name if is_present else before - name
            if self._faults != before:
                self._due_at_ms = None

    def set_configuration(self, revision: int) -> None:
        """Note which configuration is in use."""
        with self._lock:
            self._configuration = revision
            self._due_at_ms = None

    def hasten(self) -> None:
        """Ask for a heartbeat now."""
        with self._lock:
            self._due_at_ms = None

    def is_due(self, now: Reading) -> bool:
        """Whether it is time for a heartbeat."""
        with self._lock:
            return self._due_at_ms is None or now.uptime_ms >= self._due_at_ms

    def beat(
        self, now: Reading, moment: Moment, stream: str, counts: Counts, disk_free_bytes: int
    ) -> Heartbeat:
        """The heartbeat of ``now``, dated ``moment``; the next is due after the usual time."""
        with self._lock:
            self._due_at_ms = now.uptime_ms + self._every_ms
            return Heartbeat(
                v=VERSION,
                sent_at=moment.answered_at,
                clock=moment.clock,
                boot=now.boot,
                uptime_ms=now.uptime_ms,
                stream=stream,
                last_seq=counts.last_seq,
                waiting=counts.waiting,
                version=self._version,
                configuration=self._configuration,
                faults=tuple(sorted(self._faults)[:MAX_FAULTS]),
                disk_free_bytes=disk_free_bytes,
            )


def version() -> str:
    """The installed version of the program; ``0`` when it runs without being installed."""
    try:
        return metadata.version("otziv")
    except metadata.PackageNotFoundError:
        return "0"
