"""When the relay sends again: growing, jittered pauses, so that a fleet does not come in step."""

from __future__ import annotations

from random import Random
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Seconds: TypeAlias = Annotated[float, Meta(gt=0)]


class PaceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How patient the relay is.

    Attributes:
        resend_first_s: pause before a batch without a receipt is sent again.
        resend_most_s: the longest pause.
        grace_s: time with a connection for which presses of unknown time wait for the clock.
        heartbeat_s: between two heartbeats.
    """

    resend_first_s: Seconds = 5.0
    resend_most_s: Seconds = 60.0
    grace_s: Annotated[float, Meta(ge=0)] = 120.0
    heartbeat_s: Seconds = 60.0


class Pace:
    """Doubles the pause at each attempt, a quarter more or less by chance.

    Attributes:
        grace_ms: time with a connection for which presses of unknown time wait for the clock.
    """

    def __init__(self, settings: PaceSettings, chance: Random) -> None:
        self.grace_ms = int(settings.grace_s * 1000)
        self._settings = settings
        self._chance = chance
        self._pause_s = settings.resend_first_s

    def start_over(self) -> None:
        """There was an answer, or a new connection: begin with the shortest pause."""
        self._pause_s = self._settings.resend_first_s

    def next_pause_ms(self) -> int:
        """How long to wait after this attempt."""
        pause_s = self._pause_s * self._chance.uniform(0.75, 1.25)
        self._pause_s = min(self._pause_s * 2, self._settings.resend_most_s)
        return int(pause_s * 1000)


class Grace:
    """How long presses of unknown time wait for the clock.

    Time comes over the network, so only the time *with* a connection counts: a kiosk that is
    switched on at eight and connected at noon keeps its morning until a while after noon. It
    counts in sum, so that a line that breaks every minute can't hold the presses back for good.
    """

    def __init__(self, grace_ms: int) -> None:
        self._left_ms = grace_ms
        self._connected_at_ms: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether presses go as they are."""
        return self._left_ms <= 0

    def note(self, uptime_ms: int, *, is_connected: bool) -> None:
        """It is ``uptime_ms``, and there is a connection or not."""
        if self._connected_at_ms is not None:
            self._left_ms -= uptime_ms - self._connected_at_ms
        self._connected_at_ms = uptime_ms if is_connected else None
