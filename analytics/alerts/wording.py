"""What an alert says, in the way of ``analytics.measures.wording``: message, numbers, how sure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from analytics.alerts.alert import RuleCode
from analytics.alerts.burst import Burst
from analytics.alerts.evidence import Evidence
from analytics.measures.wording import Wording

MESSAGES: Final = Path(__file__).with_name("messages")
"""Catalogues for ``analytics.measures.saying``."""


def _(message: str) -> str:
    """Mark ``message`` for the catalogues."""
    return message


TITLES: Final[Mapping[RuleCode, str]] = {
    "unhappy": _("More unhappy ratings than usual"),
    "burst": _("Many of the worst rating at once"),
    "reason": _("A reason is named more often"),
    "silence": _("No ratings"),
    "good-news": _("Good news: more are satisfied than usual"),
}


def of_title(rule: RuleCode) -> Wording:
    """What the rule has found, in a few words."""
    return Wording(TITLES[rule], "sure")


def of_unhappy(found: Evidence, usual: float) -> Wording:
    """The share of unhappy votes rose above the usual one."""
    text = _("{count} of the last {n} ratings are unhappy; {usual} of 100 are usual")
    return Wording(text, "sure", _numbers(found.counted, found.votes, usual))


def of_burst(found: Burst, usual: float) -> Wording:
    """Many of the worst value within an hour."""
    text = _("{count} of {n} ratings within an hour are the worst; {usual} of 100 are usual")
    return Wording(text, "sure", _numbers(found.worst, found.n, usual))


def of_reason(found: Evidence, usual: float) -> Wording:
    """One reason is named more often."""
    text = _("{count} of the last {n} who said why named it; {usual} of 100 are usual")
    return Wording(text, "sure", _numbers(found.counted, found.votes, usual))


def of_silence(missed: float) -> Wording:
    """No votes, and how many are usual in that time."""
    text = _("No ratings came in, about {expected} are usual in that time")
    return Wording(text, "sure", {"expected": round(missed)})


def of_good_news(found: Evidence, usual: float) -> Wording:
    """More are satisfied; ``usual`` is the usual share of those who are not."""
    text = _("{count} of the last {n} ratings are satisfied; {usual} of 100 are usual")
    return Wording(text, "sure", _numbers(found.votes - found.counted, found.votes, 1 - usual))


def _numbers(count: int, n: int, usual: float) -> dict[str, int]:
    return {"count": count, "n": n, "usual": math.floor(100 * usual + 0.5)}
