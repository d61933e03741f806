"""When to try again: exponential back-off with full jitter, and patience after a takeover."""

from __future__ import annotations

from random import Random
from typing import Final

TAKEOVER_WINDOW_S: Final = 30.0
"""Two clients with one id kick each other; measured 7 times in 6 s without this window."""

_QUICK_END_S: Final = 2.0
_QUICK_ENDS: Final = 3
_SETTLED_S: Final = 60.0


class Backoff:
    """How long to wait before the next attempt: a random time within a window.

    The window doubles with each failed attempt, so that neither a broker nor a name server is
    hammered, and starts over after a connection. All of the window is used (full jitter), so
    that a thousand clients of a restarted broker don't come back in one moment.

    A connection that is made and lost again within seconds, three times over, looks like another
    client with our id. Then the window is at least half a minute, until a connection has lasted a
    minute or nobody is there at all (a broker that is down takes nothing over).
    """

    def __init__(self, chance: Random, *, first_s: float = 0.5, most_s: float = 60.0) -> None:
        """Begin; the first window is ``first_s``, none is above ``most_s`` but a takeover's."""
        self._chance = chance
        self._first_s = first_s
        self._most_s = most_s
        self._failures = 0
        self._quick_ends = 0

    @property
    def looks_like_takeover(self) -> bool:
        """Whether the last connections ended as if somebody else had our id."""
        return self._quick_ends >= _QUICK_ENDS

    def after_failure(self, *, was_reached: bool = False) -> float:
        """Seconds to wait after an attempt that led to no connection.

        ``was_reached`` tells that somebody was there, and did not want us.
        """
        if not was_reached:
            self._quick_ends = 0
        self._failures += 1
        return self._draw(self._first_s * 2.0 ** min(self._failures - 1, 30))

    def after_end(self, lasted_s: float) -> float:
        """Seconds to wait after a connection that lasted ``lasted_s``."""
        self._failures = 0
        if lasted_s < _QUICK_END_S:
            self._quick_ends += 1
        elif lasted_s >= _SETTLED_S:
            self._quick_ends = 0
        if self.looks_like_takeover:
            return self._chance.uniform(0.0, TAKEOVER_WINDOW_S)
        return self._draw(self._first_s)

    def _draw(self, window_s: float) -> float:
        return self._chance.uniform(0.0, min(window_s, self._most_s))
