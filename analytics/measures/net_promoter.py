"""The Net Promoter Score of 0-to-10 ratings, with an interval that holds in small samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.measures.index import satisfaction_index
from analytics.measures.shares import DISSATISFIED_TO
from broker.store.scales import SCALES, Scale

_SCALE = SCALES["nps-11"]
_THREE = Scale(0, 2, 2)
"""Detractor, passive, promoter."""


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """The ``score`` and its 95 % interval, all −100 … 100, and the three counts behind them."""

    score: float
    low: float
    high: float
    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """All votes."""
        return self.promoters + self.passives + self.detractors


def net_promoter(counts: Mapping[int, int]) -> NetPromoter:
    """Percent promoters (9, 10) less percent detractors (0–6) of the votes (value → number).

    The score is the satisfaction index of three values, stretched to −100 … 100, and so is the
    interval. B. Rocks, "Interval estimation for the Net Promoter Score", The American Statistician
    70 (2016), recommends an adjusted Wald interval that adds three votes; this one covers the true
    score at least as often (the test reckons both over all samples of 5, 10 and 20 votes), never
    leaves −100 … 100, and isn't of width zero for equal votes.

    Raises:
        ValueError: there are no votes: then there is no figure.
    """
    promoters = sum(n for value, n in counts.items() if value >= _SCALE.satisfied_from)
    detractors = sum(n for value, n in counts.items() if value <= DISSATISFIED_TO[_SCALE])
    passives = sum(counts.values()) - promoters - detractors
    index = satisfaction_index({0: detractors, 1: passives, 2: promoters}, _THREE)
    return NetPromoter(
        2 * index.value - 100,
        2 * index.low - 100,
        2 * index.high - 100,
        promoters,
        passives,
        detractors,
    )
