"""A published month against another published one.

Only what is published is compared with what is published: a figure against one that nobody may see
would tell of that one, and what is taken back is in no comparison either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from analytics.measures.change import Change, change, false_discovery_rates
from analytics.measures.wording import LIKELY_P, SURE_P, is_narrow, reads_alike
from analytics.published.results import Figure, Results

Verdict: TypeAlias = Literal[
    "surely-better", "surely-worse", "probably-better", "probably-worse", "same", "too-early"
]


@dataclass(frozen=True, slots=True)
class Compared:
    """How the share satisfied changed.

    Attributes:
        scale: of both.
        rate: p of the change, corrected for being one of several units.
    """

    scale: str
    change: Change
    rate: float

    @property
    def verdict(self) -> Verdict:
        """In a word, by p and the interval, as :func:`analytics.measures.wording.of_change`."""
        if reads_alike(self.change):
            return "same"
        if self.rate <= SURE_P:
            return "surely-better" if self.change.difference > 0 else "surely-worse"
        if self.rate <= LIKELY_P:
            return "probably-better" if self.change.difference > 0 else "probably-worse"
        return "same" if is_narrow(self.change) else "too-early"


def compared(now: Mapping[str, Results], before: Mapping[str, Results]) -> dict[str, Compared]:
    """Unit → its change, for those that have a figure on the same scale in both."""
    changes = {
        unit: found
        for unit, results in now.items()
        if unit in before and (found := _change(results, before[unit])) is not None
    }
    rates = false_discovery_rates([each.p for _, each in changes.values()])
    return {
        unit: Compared(scale, found, rate)
        for (unit, (scale, found)), rate in zip(changes.items(), rates, strict=True)
    }


def _change(now: Results, before: Results) -> tuple[str, Change] | None:
    figure = now.main
    if figure is None:
        return None
    earlier = next((each for each in before.figures if each.scale == figure.scale), None)
    if earlier is None:
        return None
    spread = max(figure.spread, earlier.spread)
    return figure.scale, change(_counts(earlier), _counts(figure), spread=spread)


def _counts(figure: Figure) -> tuple[int, int]:
    return figure.satisfied.count, figure.satisfied.n
