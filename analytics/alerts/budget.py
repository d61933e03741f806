"""The budget: how many false alerts a municipality has a month, and what each rule has of it.

A limit per device would mean twelve times the false alerts at twelve devices. Here the whole
installation has one number; it is shared out to the rules, and what a rule has to the places (and
reasons) that it watches. From a place's part and its votes a month follows how many votes must
lie between two false alerts on average, and from that the limit of its CUSUM.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from analytics.alerts.alert import RuleCode
from analytics.measures.cusum import Cusum
from analytics.measures.run_length import votes_to_alarm

A_MONTH: Final = 1.0
"""False alerts a month over all rules and places at default settings, if votes were independent.
They come in waves, so it is more in truth: docs/alerts.md has what was measured. Two are allowed.
"""

PARTS: Final[Mapping[RuleCode, float]] = {
    "unhappy": 0.45,
    "burst": 0.05,
    "reason": 0.2,
    "silence": 0.1,
    "good-news": 0.2,
}
"""What each rule has of the budget."""

LEAST_VOTES: Final = 200.0
"""Between two false alerts of a place; with fewer the limits mean little."""

_ODDS_STEP: Final = 0.06
"""Usual shares in steps of so much of their log odds, so that limits change seldom."""
_STATES: Final = 150
_GRID: Final = 2.0
"""Limits at which run lengths are reckoned; between them their logarithm is nearly straight."""


def part(rule: RuleCode, topics: int, a_month: float = A_MONTH) -> float:
    """False alerts a month that one topic of a rule has, of ``topics`` that it watches.

    Raises:
        ValueError: nothing is watched.
    """
    if topics < 1:
        raise ValueError("a rule that watches nothing needs no budget")
    return a_month * PARTS[rule] / topics


def watching(usual: float, odds: float, votes_a_month: float, alerts_a_month: float) -> Cusum:
    """The CUSUM that watches one share at one place.

    Args:
        usual: the share that is usual, 0–1.
        odds: how many times greater its odds shall be when it is noticed; below 1: smaller.
        votes_a_month: at that place.
        alerts_a_month: its part of the budget.
    """
    between = max(LEAST_VOTES, votes_a_month / alerts_a_month)
    inside = min(max(usual, 0.01), 0.95)
    step = round(math.log(inside / (1 - inside)) / _ODDS_STEP) * _ODDS_STEP
    share = 1 / (1 + math.exp(-step))
    changed = share * odds / (1 - share + share * odds)
    return Cusum(share, changed, _limit(share, changed, math.log(between)))


def _limit(usual: float, changed: float, wanted: float) -> float:
    """The limit at which so many votes, as a logarithm, lie between two false alarms."""
    low = _GRID
    while _length(usual, changed, low + _GRID) < wanted:
        low += _GRID
    at_low, at_high = (_length(usual, changed, each) for each in (low, low + _GRID))
    return max(1.0, low + (wanted - at_low) / (at_high - at_low) * _GRID)


@lru_cache(maxsize=8192)
def _length(usual: float, changed: float, limit: float) -> float:
    return math.log(votes_to_alarm(Cusum(usual, changed, limit), states=_STATES))
