"""Where edges from any thread become notices in one: the waiting half of every panel."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import selectors
import socket
import threading
import time
from collections.abc import Callable

from hardware.buttons import Buttons, PanelEvent, Press
from hardware.panel import Closure, Notice, Source

SHORTEST_PAUSE_S = 1e-6
"""Below this a clock of floats may not move, and waiting for it would never end."""


def uptime_ms() -> float:
    """Return the device's uptime in milliseconds; it goes on while the device sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) * 1000


class Inbox:
    """Keeps events until their time comes, and lets one thread wait for what they amount to.

    Waiting is one ``select`` over a bell, the sockets of :meth:`attend` and the next deadline:
    nothing is polled, and a press is answered in well under a millisecond.
    """

    def __init__(
        self,
        buttons: Buttons,
        *,
        uptime: Callable[[], float] = uptime_ms,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """Judge events by ``buttons``.

        Args:
            buttons: the debouncers.
            uptime: device uptime in milliseconds, never going back.
            sleep: moves ``uptime`` on by so many seconds, for a simulated clock. Waiting then
                takes no real time, and sockets are not looked at.
        """
        self.buttons = buttons
        self.uptime = uptime
        self._pause = sleep or self._select
        self._seconds = time.monotonic if sleep is None else lambda: uptime() / 1000
        self._lock = threading.Lock()
        self._events: list[tuple[float, int, PanelEvent]] = []
        self._number = itertools.count()
        self._is_woken = False
        self._bell, self._ear = socket.socketpair()
        self._bell.settimeout(0.0)
        self._ear.settimeout(0.0)
        self._selector = selectors.DefaultSelector()
        self.attend(self._ear, self._hear)

    def add(self, *events: PanelEvent) -> None:
        """Let ``events`` happen, each ``after_ms`` from now; from any thread."""
        now_ms = self.uptime()
        with self._lock:
            for event in events:
                entry = (now_ms + event.after_ms, next(self._number), event)
                heapq.heappush(self._events, entry)
        self._ring()

    def inject(self, *closures: Closure) -> None:
        """Let presses that another part saw join ours in order of time; from any thread."""
        now_ms = self.uptime()
        self.add(
            *(
                Press(
                    button=closure.button,
                    id=closure.id,
                    after_ms=min(0.0, closure.at_ms - now_ms),
                    input=closure.input,
                )
                for closure in closures
            )
        )

    def attend(self, source: Source, callback: Callable[[], None]) -> None:
        """While waiting, call ``callback`` whenever ``source`` can be read."""
        self._selector.register(source, selectors.EVENT_READ, callback)

    def leave(self, source: Source) -> None:
        """Attend to ``source`` no more."""
        self._selector.unregister(source)

    def wait(self, timeout_s: float) -> list[Notice]:
        """Wait up to ``timeout_s`` for notices; returns early after :meth:`wake`."""
        end_s = self._seconds() + timeout_s
        while True:
            self._pause(self._pause_s(end_s))
            self._run_due()
            notices = self.buttons.take()
            is_over = end_s - self._seconds() < SHORTEST_PAUSE_S
            if notices or self._is_woken or is_over:
                self._is_woken = False
                return notices

    def wake(self) -> None:
        """End a running or the next :meth:`wait`; from any thread."""
        self._is_woken = True
        self._ring()

    def close(self) -> None:
        """Release the sockets of our own."""
        self._selector.close()
        self._bell.close()
        self._ear.close()

    def _pause_s(self, end_s: float) -> float:
        """How long nothing can happen that we would have to do without being called."""
        if self._is_woken or self.buttons.has_notices:
            return 0.0
        left_s = end_s - self._seconds()
        deadlines = [self.buttons.next_deadline_ms]
        with self._lock:
            deadlines += [self._events[0][0] if self._events else None]
        known = [deadline for deadline in deadlines if deadline is not None]
        if known:
            left_s = min(left_s, (min(known) - self.uptime()) / 1000 + SHORTEST_PAUSE_S)
        return max(0.0, left_s)

    def _run_due(self) -> None:
        now_ms = self.uptime()
        while (entry := self._pop_due(now_ms)) is not None:
            at_ms, event = entry
            self.buttons.feel(event, at_ms)
        self.buttons.tick(now_ms)

    def _pop_due(self, now_ms: float) -> tuple[float, PanelEvent] | None:
        with self._lock:
            if not self._events or self._events[0][0] > now_ms:
                return None
            at_ms, _, event = heapq.heappop(self._events)
            return at_ms, event

    def _select(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(timeout_s):
            key.data()

    def _ring(self) -> None:
        # An error means that it is ringing already, or that nobody waits any more.
        with contextlib.suppress(OSError):
            self._bell.send(b"\0")

    def _hear(self) -> None:
        self._ear.recv(4096)
