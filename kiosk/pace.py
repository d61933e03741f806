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
        grace_s: uptime until which presses of unknown time wait for the clock.
        heartbeat_s: between two heartbeats.
    """

    resend_first_s: Seconds = 5.0
    resend_most_s: Seconds = 60.0
    grace_s: Annotated[float, Meta(ge=0)] = 120.0
    heartbeat_s: Seconds = 60.0


class Pace:
    """Doubles the pause at each attempt, a quarter more or less by chance.

    Attributes:
        grace_ms: uptime until which presses of unknown time wait for the clock.
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
