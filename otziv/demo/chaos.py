"""Chaos: when to kill whom, decided by a seed."""

from __future__ import annotations

from random import Random
from typing import Final, Literal, NamedTuple, TypeAlias

Victim: TypeAlias = Literal["broker", "collector", "kiosk"]

VICTIMS: Final[tuple[Victim, ...]] = ("broker", "collector", "kiosk")
KILLS_OF_EACH: Final = 5
"""At least; a minute has room for one more of each."""
CALM_S: Final = 2.0
"""Left alone at the start and at the end."""


class Kill(NamedTuple):
    """Kill ``victim`` at ``at_s`` of the run, and let it lie for ``down_s``."""

    at_s: float
    victim: Victim
    down_s: float


def plan_kills(seed: int, duration_s: float) -> list[Kill]:
    """At least five kills of each kind, spread over the run in random order, in order of time."""
    random = Random(seed)
    each = max(KILLS_OF_EACH, int(duration_s // 10))
    order = [victim for victim in VICTIMS for _ in range(each)]
    random.shuffle(order)
    slot = max(duration_s - 2 * CALM_S, duration_s / 2) / len(order)
    # Who is killed twice in a row must be alive again by the second time.
    start = min(CALM_S, duration_s / 4)
    return [
        Kill(
            at_s=start + slot * (place + random.uniform(0, 0.3)),
            victim=victim,
            down_s=random.uniform(0.1, min(1.5, slot * 0.6)),
        )
        for place, victim in enumerate(order)
    ]
