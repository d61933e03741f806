"""How the kiosk is: facts for the heartbeat, every minute and at once when something changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from broker.wire.messages import VERSION, Heartbeat
from kiosk.clock import Moment, Reading
from kiosk.database import Counts
from kiosk.version import FIRMWARE
from kiosk.vitals import Vitals

HEARTBEAT_S: Final = 60.0
MAX_FAULTS: Final = 64
MAX_FAULT_LENGTH: Final = 80
MAX_REFUSAL: Final = 500


class Health:
    """Gathers faults from any thread; the relay turns them into heartbeats.

    Args:
        every_s: so often there is one when nothing changes.
        read_vitals: reads what the machine says, at each heartbeat.
    """

    def __init__(
        self, every_s: float = HEARTBEAT_S, read_vitals: Callable[[], Vitals] = Vitals
    ) -> None:
        self._every_ms = int(every_s * 1000)
        self._read_vitals = read_vitals
        self._latest: Heartbeat | None = None
        self._lock = threading.Lock()
        self._faults: frozenset[str] = frozenset()
        self._configuration = 0
        self._refusal = ""
        self._due_at_ms: int | None = None

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

    @property
    def refusal(self) -> str:
        """Why the configuration last offered was refused; empty: it was not."""
        with self._lock:
            return self._refusal

    @property
    def latest(self) -> Heartbeat | None:
        """The last heartbeat that was made; ``None`` before the first."""
        with self._lock:
            return self._latest

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

    def set_refusal(self, why: str) -> None:
        """Note why the configuration last offered was refused; empty: it was not."""
        said = why if len(why) <= MAX_REFUSAL else f"{why[: MAX_REFUSAL - 1]}…"
        with self._lock:
            if said != self._refusal:
                self._refusal = said
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
        self,
        now: Reading,
        moment: Moment,
        stream: str,
        counts: Counts,
        oldest_waiting_s: int | None,
    ) -> Heartbeat:
        """The heartbeat of ``now``, dated ``moment``; the next is due after the usual time."""
        vitals = self._read_vitals()
        for part, fault, is_present in vitals.faults():
            self.set_fault(part, fault, is_present=is_present)
        with self._lock:
            self._due_at_ms = now.uptime_ms + self._every_ms
            self._latest = Heartbeat(
                v=VERSION,
                sent_at=moment.answered_at,
                clock=moment.clock,
                boot=now.boot,
                uptime_ms=now.uptime_ms,
                stream=stream,
                last_seq=counts.last_seq,
                waiting=counts.waiting,
                oldest_waiting_s=oldest_waiting_s,
                version=FIRMWARE,
                configuration=self._configuration,
                refusal=self._refusal,
                faults=tuple(sorted(self._faults)[:MAX_FAULTS]),
                clock_offset_ms=vitals.clock_offset_ms,
                temperature_c=vitals.temperature_c,
                throttling=vitals.throttling,
                disk_free_bytes=vitals.disk_free_bytes,
                disk_total_bytes=vitals.disk_total_bytes,
                signal_dbm=vitals.signal_dbm,
                certificate_expires_at=vitals.certificate_expires_at,
            )
            return self._latest
