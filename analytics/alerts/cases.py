"""From what the rules find, and the alerts there are, to what becomes of the alerts. Pure.

A *case* is what is told once: at one place all that gets worse is one case, silence another, good
news a third. A case that is open stays so until none of its rules finds anything any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from analytics.alerts.alert import ITSELF, Alert, Topic, opened
from analytics.alerts.rules import SAME_CASE, Finding
from analytics.measures.minima import MIN_VOTES
from analytics.measures.wording import Wording
from broker.store.places import Place

GOOD_NEWS_AGAIN: Final = timedelta(days=28)
"""Good news of one place is told no oftener."""

Case: TypeAlias = tuple[Place, str]


@dataclass(slots=True)
class Changes:
    """What becomes of the alerts: new ones, newer figures, and ids of those that are over."""

    opened: list[Alert] = field(default_factory=list)
    renewed: list[tuple[str, Wording]] = field(default_factory=list)
    over: list[str] = field(default_factory=list)


def changes(found: Iterable[Finding], latest: Iterable[Alert], now: datetime) -> Changes:
    """What is to be done.

    Args:
        found: by all rules at all places, of one place the most telling first.
        latest: of each topic the newest alert, closed or not.
        now: the moment of the round.
    """
    findings: dict[Case, list[Finding]] = {}
    for each in found:
        findings.setdefault(_case(each.topic), []).append(each)
    newest: dict[Case, Alert] = {}
    for alert in sorted(latest, key=lambda alert: (alert.is_closed is False, alert.opened_at)):
        newest[_case(alert.topic)] = alert  # one that is open comes last, so it stands
    done = Changes()
    for case, ones in findings.items():
        current = newest.get(case)
        if current is None or current.is_closed:
            done.opened += _new(ones, current, now)
        else:
            done.renewed += _renewed(ones, current)
    for case, alert in newest.items():
        if not alert.is_closed and case not in findings:
            done.over.append(alert.id)
    return done


def _case(topic: Topic) -> Case:
    return topic.place, "worse" if topic.rule in SAME_CASE else topic.rule


def _new(ones: Sequence[Finding], last: Alert | None, now: datetime) -> list[Alert]:
    """An alert of the most telling finding that nobody has closed by hand."""
    for each in ones:
        if last is None or _is_news(each, last, now):
            return [opened(each.topic, _at(each.since_ms), now, each.figures)]
    return []


def _is_news(finding: Finding, last: Alert, now: datetime) -> bool:
    if finding.topic.rule == "good-news":
        return now - last.opened_at >= GOOD_NEWS_AGAIN
    if last.closed_at is None or last.closed_by == ITSELF:
        return True
    return _at(finding.crossed_ms) > last.closed_at


def _renewed(ones: Sequence[Finding], current: Alert) -> list[tuple[str, Wording]]:
    """Newer figures; they change by five votes, so that no single one can be told from them."""
    for each in ones:
        if each.topic == current.topic and _differs(each.figures, current.figures):
            return [(current.id, each.figures)]
    return []


def _differs(one: Wording, other: Wording) -> bool:
    key = "n" if "n" in one.numbers else "expected"
    return abs(one.numbers[key] - other.numbers.get(key, 0)) >= MIN_VOTES


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
