"""What is broken: noted where it is found, told where it is asked for."""

from __future__ import annotations

import logging
import threading
from typing import Final

from hardware.panel import Fault

_log: Final = logging.getLogger(__name__)


class Faults:
    """Faults of a part, noted from any thread; each change is told once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._present: set[tuple[str, str]] = set()
        self._untold: list[Fault] = []

    def note(self, part: str, fault: str, *, is_present: bool, why: str = "") -> None:
        """Note that ``part`` has ``fault``, or no longer; ``why`` goes to the log."""
        name = (part, fault)
        with self._lock:
            if is_present == (name in self._present):
                return
            self._present ^= {name}
            self._untold.append(Fault(part, fault, is_present))
        _log.warning("%s:%s is %s; %s", part, fault, "there" if is_present else "gone", why)

    def take(self) -> list[Fault]:
        """Return the changes since the last call."""
        with self._lock:
            untold, self._untold = self._untold, []
        return untold
