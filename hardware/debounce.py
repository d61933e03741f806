"""From contact chatter to presses: one state machine a button, with time passed in.

The rule is the table "What counts as a press" (docs/architecture.md):

==================================================  ============================================
what the contact does                               it is
==================================================  ============================================
closed for 8 ms in sum within 12 ms of an edge      a closure, as of that edge
closed for less (a spike of 3 ms, a brush of 7 ms)  nothing
open for 30 ms without a break                      a release
closed again before that                            the same closure still
held for 10 s                                       stuck, until it is released
==================================================  ============================================

*Any* closing edge may begin the 12 ms: chatter of 20 ms counts as soon as the contact has settled.
A button that is closed when we first look was not seen to close: no closure, but stuck after 10 s.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

CLOSED_MS: Final = 8.0
WINDOW_MS: Final = 12.0
OPEN_MS: Final = 30.0
STUCK_MS: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class Change:
    """What a debouncer found.

    Attributes:
        kind: ``freed`` follows the ``released`` of a button that was stuck.
        at_ms: of the first edge (``closed``), of the last one (``released``, ``freed``), or when
            the ten seconds were over (``stuck``).
    """

    kind: Literal["closed", "released", "stuck", "freed"]
    at_ms: float


@dataclass(frozen=True, slots=True)
class _Pulse:
    """A time for which the contact was closed, now over."""

    start_ms: float
    length_ms: float


class Debouncer:
    """Debounces one button. It reads no clock and calls nobody.

    Each change is found from the times of the edges, not from when we were called, so a caller
    that comes late finds the same. A time before the last one given counts as the last one.
    """

    def __init__(self, *, is_closed: bool = False, at_ms: float = 0.0) -> None:
        self._now_ms = at_ms
        self._is_closed = is_closed
        self._edge_ms = at_ms
        self._pulses: deque[_Pulse] = deque()
        self._held_since_ms = at_ms if is_closed else None
        self._is_stuck = False

    @property
    def is_held(self) -> bool:
        """Whether a closure was found and its release was not."""
        return self._held_since_ms is not None

    @property
    def next_deadline_ms(self) -> float | None:
        """When :meth:`tick` will find something unless an edge comes first; ``None``: never."""
        change_ms, _ = self._next()
        return change_ms

    def edge(self, *, is_closed: bool, at_ms: float) -> list[Change]:
        """The contact closed or opened at ``at_ms``; returns what that brought to light."""
        changes = self.tick(at_ms)
        if is_closed == self._is_closed:
            return changes
        if not (is_closed or self.is_held):
            self._remember_pulse()
        self._is_closed = is_closed
        self._edge_ms = self._now_ms
        return changes + self.tick(at_ms)

    def tick(self, at_ms: float) -> list[Change]:
        """It is ``at_ms`` and the contact is as it was; returns what has become certain."""
        self._now_ms = max(self._now_ms, at_ms)
        changes: list[Change] = []
        while True:
            change_ms, change = self._next()
            if change_ms is None or change is None or change_ms > self._now_ms:
                return changes
            changes += self._apply(change)

    def _next(self) -> tuple[float | None, Change | None]:
        """What will be certain next, and when, if the contact stays as it is."""
        if self._held_since_ms is None:
            return self._next_closure() if self._is_closed else (None, None)
        if not self._is_closed:
            return self._edge_ms + OPEN_MS, Change("released", self._edge_ms)
        if self._is_stuck:
            return None, None
        stuck_ms = max(self._held_since_ms + STUCK_MS, self._edge_ms)
        return stuck_ms, Change("stuck", stuck_ms)

    def _next_closure(self) -> tuple[float, Change]:
        """The earliest window whose pulses and the one under way come to 8 ms."""
        earlier_ms = sum(pulse.length_ms for pulse in self._pulses)
        for pulse in self._pulses:
            closure_ms = self._edge_ms + CLOSED_MS - earlier_ms
            if closure_ms <= pulse.start_ms + WINDOW_MS:
                return closure_ms, Change("closed", pulse.start_ms)
            earlier_ms -= pulse.length_ms
        return self._edge_ms + CLOSED_MS, Change("closed", self._edge_ms)

    def _remember_pulse(self) -> None:
        self._pulses.append(_Pulse(self._edge_ms, self._now_ms - self._edge_ms))
        while self._pulses and self._pulses[0].start_ms + WINDOW_MS <= self._now_ms:
            self._pulses.popleft()

    def _apply(self, change: Change) -> list[Change]:
        if change.kind == "closed":
            self._held_since_ms = change.at_ms
            self._pulses.clear()
        elif change.kind == "stuck":
            self._is_stuck = True
        else:
            was_stuck = self._is_stuck
            self._held_since_ms, self._is_stuck = None, False
            if was_stuck:
                return [change, Change("freed", change.at_ms)]
        return [change]
