"""Work done again and again in a thread of its own, beside what a process serves."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Final, Self

import structlog

from broker.store.errors import StoreError

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("portal.rounds")
_END_WITHIN_S: Final = 5


class Rounds(ABC):
    """A thread that attends until it is left; whatever fails is logged and tried again."""

    def __init__(
        self, name: str, clock: Callable[[], datetime], *, first_after_s: float, every_s: float
    ) -> None:
        self._name: Final = name
        self._clock: Final = clock
        self._first_after_s: Final = first_after_s
        self._every_s: Final = every_s
        self._is_over: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def attend(self, now: datetime) -> None:
        """One round.

        Raises:
            StoreError: a database does not answer.
        """

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End; a round that takes its time is not waited for."""
        self._is_over.set()
        self._thread.join(_END_WITHIN_S)

    def _run(self) -> None:
        wait_s = self._first_after_s
        while not self._is_over.wait(wait_s):
            wait_s = self._every_s
            try:
                self.attend(self._clock())
            except StoreError as error:
                _log.warning(f"{self._name}-wait", error=str(error))
            except Exception as error:  # noqa: BLE001  # the next round may do better
                _log.error(f"{self._name}-failed", error=str(error), exc_info=error)
