"""Presses in a rhythm: a stuck key, and somebody who stuffs a desk. Pure.

Visitors come by chance: after one press the next of the same face may come at any time. From a
press and a candidate for the period, the run is followed from beat to beat; presses off the beat
are other people's and are passed over. At a rate of ``r`` presses a second of that face, chance
puts one within ``t`` of a beat with probability ``p = 1 - exp(-2 r t)``, and on ``k - 1`` beats one
after another with ``p ** (k - 1)``. A run is flagged where that is less than ``chance``: so on
a busy desk, where coincidences are many, it must be longer.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from broker.misuse.visits import Doubts, Visit

_CANDIDATES: Final = 4
"""How many of the next presses are tried as the second beat: so many visitors may come between."""


@dataclass(frozen=True, slots=True)
class RhythmLimits:
    """What counts as a rhythm.

    Attributes:
        least_ms, most_ms: periods that are looked for.
        share: how far from the beat, as a part of the period.
        jitter_ms: how far at most.
        visits: the shortest run.
        chance: how probable a run by chance may be, for each press that may begin one.
    """

    least_ms: int
    most_ms: int
    share: float
    jitter_ms: float
    visits: int
    chance: float


def doubt_rhythm(
    visits: Sequence[Visit], limits: RhythmLimits, reason: str, doubts: Doubts
) -> None:
    """Doubt all visits of a run in a rhythm; ``visits`` of one panel, in order.

    Corrections are presses like others: somebody else's vote a moment ago makes them of a beat.
    """
    by_value: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for visit in visits:
        for press in visit.presses:
            by_value[press.value].append((press.at_ms, visit.id))
    for same in by_value.values():
        for run in _runs([at_ms for at_ms, _ in same], limits):
            for index in run:
                _, visit_id = same[index]
                doubts[visit_id].add(reason)


def _runs(times_ms: Sequence[int], limits: RhythmLimits) -> Iterator[list[int]]:
    """Runs in rhythm, as places in ``times_ms``, which rises."""
    count = len(times_ms)
    if count < limits.visits:
        return
    rate = count / max(times_ms[-1] - times_ms[0], 1)
    done = -1
    for start in range(count):
        for second in range(start + 1, min(start + 1 + _CANDIDATES, count)):
            period_ms = times_ms[second] - times_ms[start]
            if second <= done or not limits.least_ms <= period_ms <= limits.most_ms:
                continue
            run = _follow(times_ms, start, second, limits)
            if len(run) >= limits.visits and len(run) >= _needed(rate, period_ms, limits):
                done = run[-1]
                yield run


def _follow(times_ms: Sequence[int], start: int, second: int, limits: RhythmLimits) -> list[int]:
    """The run that begins with these two; its period is that of all its beats so far."""
    run = [start, second]
    while True:
        period_ms = (times_ms[run[-1]] - times_ms[start]) / (len(run) - 1)
        due_ms = times_ms[run[-1]] + period_ms
        after = bisect_left(times_ms, due_ms, run[-1] + 1)
        near = [index for index in (after - 1, after) if run[-1] < index < len(times_ms)]
        found = min(near, key=lambda index: abs(times_ms[index] - due_ms), default=None)
        if found is None or abs(times_ms[found] - due_ms) > _tolerance_ms(period_ms, limits):
            return run
        run.append(found)


def _tolerance_ms(period_ms: float, limits: RhythmLimits) -> float:
    return min(limits.share * period_ms, limits.jitter_ms)


def _needed(rate: float, period_ms: float, limits: RhythmLimits) -> float:
    """How long a run must be for chance; ``rate`` in presses a millisecond."""
    hit = -math.expm1(-2 * rate * _tolerance_ms(period_ms, limits))
    if hit >= 1:
        return math.inf  # so busy that no length tells
    return 1 + math.log(limits.chance) / math.log(hit)
