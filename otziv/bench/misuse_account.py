"""Accounts of simulated days: honest votes that rules cost, and what is left of a misuse."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from broker.misuse.simulated_panel import Seen

TRUE_SHARE: Final = 90.0
"""Percent of the honest visitors who are satisfied."""

Doubted: TypeAlias = Mapping[str, set[str]]
"""Name of a visit → the reasons to doubt it."""


@dataclass(slots=True)
class Cost:
    """Honest votes, and those that were flagged, of some days."""

    votes: int = 0
    flagged: int = 0
    merged: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)

    def add(self, seen: Sequence[Seen], doubted: Doubted) -> None:
        """Count a day."""
        for number, visit in enumerate(seen):
            voters = len(visit.voters)
            self.votes += voters
            self.merged += max(0, voters - 1)
            if reasons := doubted.get(name_of(number)):
                self.flagged += voters
                self.by_reason.update(dict.fromkeys(reasons, voters))

    @property
    def flagged_percent(self) -> float:
        """Honest votes that were flagged."""
        return self._percent(self.flagged)

    @property
    def merged_percent(self) -> float:
        """Honest votes that the kiosk took for a correction of somebody else's."""
        return self._percent(self.merged)

    @property
    def reasons(self) -> dict[str, float]:
        """Honest votes that were flagged, by reason."""
        return {reason: self._percent(count) for reason, count in sorted(self.by_reason.items())}

    def _percent(self, votes: int) -> float:
        return round(100 * votes / self.votes, 2)


@dataclass(slots=True)
class Outcome:
    """One misuse over some days: shares of the satisfied in percent, and what was caught."""

    raw: list[float] = field(default_factory=list)
    filtered: list[float] = field(default_factory=list)
    misuse: int = 0
    caught: int = 0

    def add(self, seen: Sequence[Seen], doubted: Doubted) -> None:
        """Count a day."""
        kept = [visit for number, visit in enumerate(seen) if not doubted.get(name_of(number))]
        self.raw.append(share(visit.acts[0].value for visit in seen))
        self.filtered.append(share(visit.acts[-1].value for visit in kept))
        misuse = sum(visit.is_misuse for visit in seen)
        self.misuse += misuse
        self.caught += misuse - sum(visit.is_misuse for visit in kept)

    def as_document(self) -> dict[str, Any]:
        """Its figures."""
        return {
            "raw_share": round(statistics.fmean(self.raw), 1),
            "filtered_share": self.filtered_share,
            "error_points": round(self.error, 2),
            "error_points_95": round(self.error_95, 2),
            "misuse_caught": round(self.caught / self.misuse, 3) if self.misuse else None,
        }

    @property
    def filtered_share(self) -> float:
        """The mean of the filtered shares."""
        return round(statistics.fmean(self.filtered), 1)

    @property
    def error(self) -> float:
        """How far the mean of the filtered shares is from the truth."""
        return abs(statistics.fmean(self.filtered) - TRUE_SHARE)

    @property
    def error_95(self) -> float:
        """How far the filtered share of a day is from the truth, on 95 % of days at most."""
        errors = sorted(abs(share - TRUE_SHARE) for share in self.filtered)
        return errors[math.ceil(0.95 * len(errors)) - 1]


def share(values: Iterable[int]) -> float:
    """Percent of the satisfied among values on the scale of the simulated days."""
    satisfied = [value >= 3 for value in values]
    return 100 * sum(satisfied) / len(satisfied)


def name_of(number: int) -> str:
    """The name of a day's visit, by its number."""
    return f"{number:06d}"
