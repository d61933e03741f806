"""What goes wrong on a virtual network, and the clocks that it runs by."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from random import Random
from typing import Protocol


@dataclass(slots=True)
class Faults:
    """What happens to each message on its way to the broker, and again on its way from it.

    Change it at any time; all is well by default. Real networks don't lose or reorder within a
    connection, but brokers do what amounts to it, so what lives through this lives with them.

    Attributes:
        drop: share of messages that vanish, QoS 1 or not, 0 to 1.
        duplicate: share that arrives twice.
        reorder: share that is held back for up to ``held_back_s``, while later ones pass it.
        held_back_s: the longest that a reordered message is held back.
        delay_s: shortest and longest delay of all; without ``reorder`` the order stays.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    held_back_s: float = 1.0
    delay_s: tuple[float, float] = (0.0, 0.0)

    def arrivals(self, chance: Random, now_s: float) -> list[tuple[float, bool]]:
        """When one message arrives: no time, one or two; and whether it keeps its place."""
        if chance.random() < self.drop:
            return []
        copies = 2 if chance.random() < self.duplicate else 1
        return [self._arrival(chance, now_s) for _ in range(copies)]

    def _arrival(self, chance: Random, now_s: float) -> tuple[float, bool]:
        due_s = now_s + chance.uniform(*self.delay_s)
        if chance.random() < self.reorder:
            return due_s + chance.uniform(0.0, self.held_back_s), False
        return due_s, True


class Clock(Protocol):
    """Time as a virtual link knows it."""

    def now_s(self) -> float:
        """Seconds since some moment, never going back."""

    def wait(self, change: threading.Condition, timeout_s: float) -> None:
        """Let up to ``timeout_s`` pass, less if ``change`` (held by the caller) is notified."""


class RealClock:
    """The machine's monotonic clock: for threads, in real time."""

    def now_s(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, change: threading.Condition, timeout_s: float) -> None:
        """Sleep until something changes."""
        change.wait(timeout_s)


class SimulatedClock:
    """A clock that moves only when it is told to, or when somebody waits by it: never sleeps."""

    def __init__(self, now_s: float = 0.0) -> None:
        """Begin at ``now_s``."""
        self._now_s = now_s

    def now_s(self) -> float:
        """Simulated seconds."""
        return self._now_s

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now_s += seconds

    def wait(self, change: threading.Condition, timeout_s: float) -> None:  # noqa: ARG002
        """Let all of ``timeout_s`` pass at once: in one thread nothing can happen meanwhile."""
        self._now_s += timeout_s
