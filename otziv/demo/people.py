"""Who presses where, and when: a crowd at each kiosk, in one order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from kiosk.built_in import BUILT_IN_SURVEY
from kiosk.simulator.crowd import Steady, crowd
from otziv.demo.visitors import PlannedPress

BEGIN_S: Final = 60.0
"""The crowd's first minute is left out: a hall that has just opened is emptier than usual."""


def intents(rate: float, seed: int, kiosks: Sequence[str]) -> Iterator[PlannedPress]:
    """Presses at all ``kiosks``, without end.

    Args:
        rate: presses a second, over all of them.
        seed: the same gives the same presses.
        kiosks: their names.
    """
    random = Random(seed)
    profile = Steady(rate / len(kiosks))
    return heapq.merge(*(_at(kiosk, profile, random.getrandbits(32)) for kiosk in kiosks))


def _at(kiosk: str, profile: Steady, seed: int) -> Iterator[PlannedPress]:
    for intent in crowd(BUILT_IN_SURVEY, profile, seed=seed):
        if intent.at_s >= BEGIN_S:
            yield PlannedPress(intent.at_s - BEGIN_S, kiosk, intent.button)
