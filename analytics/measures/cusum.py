"""CUSUM of votes by likelihood ratio: how much more they speak for a worse share than the usual.

It goes on from vote to vote or period to period, over nights and days, so that a change which no
single day shows is found all the same. State in, state out: whoever runs it keeps the state.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cusum:
    """What is watched for.

    Attributes:
        usual: the share of unhappy votes while all is as usual; between 0 and 1.
        changed: the share that shall be noticed: greater to notice worse, smaller for better.
        limit: the score at which it is an alarm.
    """

    usual: float
    changed: float
    limit: float

    def __post_init__(self) -> None:
        if not (0 < self.usual < 1 and 0 < self.changed < 1 and self.usual != self.changed):
            raise ValueError(f"shares between 0 and 1, one unlike the other, not {self}")
        if not self.limit > 0:
            raise ValueError(f"the limit is a score above 0, not {self.limit}")

    @property
    def unhappy(self) -> float:
        """What one unhappy vote adds to the score."""
        return math.log(self.changed / self.usual)

    @property
    def other(self) -> float:
        """What one other vote adds to the score."""
        return math.log((1 - self.changed) / (1 - self.usual))


@dataclass(frozen=True, slots=True)
class Score:
    """Where a CUSUM stands.

    Attributes:
        value: natural logarithm of the likelihood ratio, never below 0.
        votes: how many came since it was last 0: about so long ago the change began.
        unhappy: how many of them were unhappy.
        is_alarm: whether the limit was reached; the next step starts anew.
    """

    value: float
    votes: int
    unhappy: int
    is_alarm: bool


START: Final = Score(0.0, 0, 0, is_alarm=False)


def stepped(before: Score, cusum: Cusum, unhappy: int, n: int = 1) -> Score:
    """The score after ``n`` more votes of which ``unhappy`` were so.

    One vote at a time is the Bernoulli CUSUM. In a period of many votes their order isn't used, so
    there are somewhat fewer alarms than vote by vote, never more.

    Source: E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); M. R. Reynolds and
    Z. G. Stoumbos, "A CUSUM chart for monitoring a proportion when inspecting continuously",
    Journal of Quality Technology 31 (1999).

    Raises:
        ValueError: ``unhappy`` is not within ``n``.
    """
    if not 0 <= unhappy <= n:
        raise ValueError(f"no votes: {unhappy} of {n} unhappy")
    if before.is_alarm:
        before = START
    value = before.value + unhappy * cusum.unhappy + (n - unhappy) * cusum.other
    if value <= 0:
        return START
    is_alarm = value >= cusum.limit
    return Score(value, before.votes + n, before.unhappy + unhappy, is_alarm=is_alarm)


def scores(cusum: Cusum, periods: Iterable[tuple[int, int]], before: Score = START) -> list[Score]:
    """The score after each period, (unhappy, votes)."""
    found = []
    for unhappy, n in periods:
        before = stepped(before, cusum, unhappy, n)
        found.append(before)
    return found
