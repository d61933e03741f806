"""What the book is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analytics.period import Period
from broker.store.places import Place
from broker.store.scales import SCALES


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the book; ``None`` is all.

    Attributes:
        places: whose votes are meant; places in one another count once.
        question: a rated one. Without it the first one of each survey is meant: sums over several
            questions of one visitor would count him several times.
        is_filtered: as the rules on corrections and misuse leave votes; else as first pressed.
    """

    period: Period
    places: frozenset[Place] | None = None
    survey: str | None = None
    question: str | None = None
    channel: str | None = None
    scale: str | None = None
    is_filtered: bool = True

    def at(self, *places: Place) -> Asked:
        """The same of these places."""
        return replace(self, places=frozenset(places))

    def in_period(self, period: Period) -> Asked:
        """The same of another time."""
        return replace(self, period=period)


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes on one scale; ``counts`` has every value of the scale, worst first.

    Attributes:
        period: from the first to the last of the days whose votes are in it.
    """

    scale: str
    counts: Mapping[int, int]
    period: Period

    @property
    def n(self) -> int:
        """All votes."""
        return sum(self.counts.values())

    @property
    def satisfied(self) -> int:
        """How many are satisfied (design §3)."""
        return sum(
            n for value, n in self.counts.items() if value >= SCALES[self.scale].satisfied_from
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What people answered.

    Attributes:
        answered: how many did.
        skipped: how many did not, or let the time pass.
        options: code → how many chose it, most first; some choose several.
    """

    answered: int
    skipped: int
    options: Mapping[str, int]
