"""What a kiosk makes of simulated presses: the table "What counts as a press". Pure.

The firmware's own rules live in ``kiosk``, which this room may not see; a test holds both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from broker.misuse.simulated_days import SCALE, Act
from broker.misuse.visits import Press, Visit

_VOID_MS: Final = 50
_STRIKE_MS: Final = 300
CORRECTION_S: Final = 3.0
_MOST_CORRECTIONS: Final = 2


@dataclass(slots=True)
class Seen:
    """A visit as the kiosk saw it, and who really pressed."""

    acts: list[Act] = field(default_factory=list)

    @property
    def voters(self) -> set[int]:
        """The honest visitors whose votes are in it: two, where they were taken for one."""
        return {act.visitor for act in self.acts if act.visitor is not None and act.is_meant}

    @property
    def is_misuse(self) -> bool:
        """Whether it was begun by misuse."""
        return self.acts[0].visitor is None

    def as_visit(self, number: int, midnight_ms: int) -> Visit:
        """As the rules see it."""
        presses = tuple(Press(midnight_ms + round(act.at_s * 1000), act.value) for act in self.acts)
        return Visit(f"{number:06d}", "panel", "overall", SCALE, presses)


def watch(acts: Iterable[Act]) -> list[Seen]:
    """The visits that a kiosk makes of ``acts``, which are in order of time."""
    seen: list[Seen] = []
    previous: Act | None = None
    for act in _without_void(list(acts)):
        is_strike = (
            previous is not None
            and act.value == previous.value
            and _gap_ms(previous, act) < _STRIKE_MS
        )
        previous = act
        if is_strike:
            continue
        if seen and _is_correction(seen[-1], act):
            seen[-1].acts.append(act)
        else:
            seen.append(Seen([act]))
    return seen


def _is_correction(visit: Seen, act: Act) -> bool:
    last = visit.acts[-1]
    is_soon = _gap_ms(last, act) < CORRECTION_S * 1000
    return is_soon and act.value != last.value and len(visit.acts) <= _MOST_CORRECTIONS


def _without_void(acts: Sequence[Act]) -> list[Act]:
    """Without different faces less than 50 ms apart."""
    void = {
        index
        for first in range(len(acts) - 1)
        if _gap_ms(acts[first], acts[first + 1]) < _VOID_MS
        and acts[first + 1].value != acts[first].value
        for index in (first, first + 1)
    }
    return [act for index, act in enumerate(acts) if index not in void]


def _gap_ms(one: Act, other: Act) -> int:
    return round((other.at_s - one.at_s) * 1000)
