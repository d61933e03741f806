"""Votes counted by desk and day, as the measures want them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from otziv.sample_years.filling import SampleYear
from otziv.sample_years.planting import Planted
from otziv.sample_years.span import Span
from otziv.sample_years.town import Town
from otziv.sample_years.votes import Served, Vote

ZONE: Final = ZoneInfo("Europe/Sofia")
LAST_ON: Final = date(2026, 6, 14)
"""A Sunday; in the weeks before it are Easter, four holidays more, and a change of the clock."""
HALL: Final = frozenset({"device", "tablet"})


def local(at_ms: int) -> datetime:
    """The time on the town's clocks."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZONE)


def year_of(town: Town, days: int, *, seed: int = 1, last_on: date = LAST_ON) -> SampleYear:
    """Days of ``town``, as its own site or ``town``."""
    return SampleYear(town, town.site or "town", Span(last_on, days, "Europe/Sofia"), seed)


@dataclass
class Tallies:
    """All votes of a town, and what can be asked of them."""

    year: SampleYear
    votes: dict[str, list[Vote]] = field(default_factory=lambda: defaultdict(list))
    served: dict[str, Served] = field(default_factory=lambda: defaultdict(dict))
    received: list[tuple[date, Vote]] = field(default_factory=list)

    @classmethod
    def of(cls, year: SampleYear) -> Tallies:
        """Make all of its days."""
        made = cls(year)
        for on, votes, served in year.days():
            for vote in votes:
                made.votes[vote.touchpoint].append(vote)
                made.received.append((on, vote))
            for touchpoint, hours in served.items():
                made.served[touchpoint].update(hours)
        return made

    def planted(self, kind: str) -> Planted:
        """The only one of its kind."""
        (found,) = [each for each in self.year.planted if each.kind == kind]
        return found

    def unhappy(self, touchpoint: str) -> dict[date, tuple[int, int]]:
        """Day → (unhappy, votes), of votes in the hall, as corrected."""
        days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
        for vote in self.votes[touchpoint]:
            if vote.channel in HALL:
                day = days[local(vote.at_ms).date()]
                day[0] += (vote.corrected or vote.value) <= 2
                day[1] += 1
        return {on: (unhappy, n) for on, (unhappy, n) in sorted(days.items())}


def added(days: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Some days together."""
    return sum(count for count, _ in days), sum(n for _, n in days)
