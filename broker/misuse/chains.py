"""Presses one upon another: bursts, sweeps, repeats, several buttons at once. Pure.

A *chain* is a row of visits at one panel, each begun soon after the last press of the one before.
What a child does in a minute is one chain; so is a family of three, of which nothing is flagged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from broker.misuse.visits import Doubts, Visit
from broker.store.flag_reasons import BURST, REPEAT, SEVERAL_BUTTONS, SWEEP
from broker.wire.scales import SCALES

Chain: TypeAlias = list[Visit]

_SECOND_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class ChainLimits:
    """Where a chain ends, and from where on it is no row of visitors.

    Attributes:
        gap_ms: a greater gap ends a chain.
        burst_presses: from so many presses on, none of a chain is a vote.
        sweep_faces: a chain that pressed every face of a scale with so many is none either.
        linger_ms: a chain no farther from a burst belongs to it: a child that takes a breath.
        repeat_ms: the same face again within this time is the same finger.
        together_ms: two different faces within this time are one hand, as are three in a second.
    """

    gap_ms: int
    burst_presses: int
    sweep_faces: int
    linger_ms: int
    repeat_ms: int
    together_ms: int


def doubt_chains(visits: Sequence[Visit], limits: ChainLimits, doubts: Doubts) -> None:
    """Doubt bursts, what lingers about them, and sweeps; ``visits`` of one panel, in order."""
    chains = list(_chains(visits, limits.gap_ms))
    are_bursts = [_presses(chain) >= limits.burst_presses for chain in chains]
    _spread(chains, are_bursts, limits.linger_ms)
    for chain, is_burst in zip(chains, are_bursts, strict=True):
        if is_burst:
            _doubt(chain, BURST, doubts)
        elif _is_sweep(chain, limits.sweep_faces):
            _doubt(chain, SWEEP, doubts)


def doubt_repeats(visits: Sequence[Visit], limits: ChainLimits, doubts: Doubts) -> None:
    """Doubt the same face again within ``repeat_ms``; the first one of them counts."""
    for before, visit in pairwise(visits):
        is_soon = visit.at_ms - before.last_ms <= limits.repeat_ms
        if is_soon and visit.presses[0].value == before.value:
            doubts[visit.id].add(REPEAT)


def doubt_several_buttons(visits: Sequence[Visit], limits: ChainLimits, doubts: Doubts) -> None:
    """Doubt visits with two presses within ``together_ms``, or three within a second, that are
    not all of one face.
    """
    presses = [(press, visit) for visit in visits for press in visit.presses]
    for count, within_ms in ((2, limits.together_ms), (3, _SECOND_MS)):
        for first in range(len(presses) - count + 1):
            group = presses[first : first + count]
            faces = {press.value for press, _ in group}
            if len(faces) > 1 and group[-1][0].at_ms - group[0][0].at_ms <= within_ms:
                _doubt([visit for _, visit in group], SEVERAL_BUTTONS, doubts)


def _chains(visits: Sequence[Visit], gap_ms: int) -> Iterator[Chain]:
    chain: Chain = []
    for visit in visits:
        if chain and visit.at_ms - chain[-1].last_ms > gap_ms:
            yield chain
            chain = []
        chain.append(visit)
    if chain:
        yield chain


def _presses(chain: Chain) -> int:
    return sum(len(visit.presses) for visit in chain)


def _spread(chains: Sequence[Chain], are_bursts: list[bool], linger_ms: int) -> None:
    """Let each burst take in the chains close to it, and those what is close to them."""
    forward = range(1, len(chains))
    for here, before in [
        *((index, index - 1) for index in forward),
        *((index - 1, index) for index in reversed(forward)),
    ]:
        first, second = sorted((here, before))
        is_close = chains[second][0].at_ms - chains[first][-1].last_ms <= linger_ms
        are_bursts[here] |= are_bursts[before] and is_close


def _is_sweep(chain: Chain, sweep_faces: int) -> bool:
    faces = {press.value for visit in chain for press in visit.presses}
    return len(faces) >= sweep_faces and faces.issuperset(SCALES[chain[0].scale].values)


def _doubt(visits: Sequence[Visit], reason: str, doubts: Doubts) -> None:
    for visit in visits:
        doubts[visit.id].add(reason)
