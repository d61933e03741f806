"""The rules at one place: votes in, findings out. Pure; one for the watch and its benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from analytics.alerts import burst
from analytics.alerts.alert import RuleCode, Topic
from analytics.alerts.budget import A_MONTH, part, watching
from analytics.alerts.burst import Burst
from analytics.alerts.evidence import NOTHING, Evidence, weighed
from analytics.alerts.usual import Usual
from analytics.alerts.wording import of_burst, of_good_news, of_reason, of_unhappy
from analytics.measures.cusum import Cusum
from analytics.measures.minima import MIN_VOTES
from analytics.measures.wording import Wording
from broker.store.places import Place

RISEN: Final = 3.5
"""By how much the odds of an unhappy vote grow in what is watched for: from 15 to 38 of 100.
Greater changes are found nearly as fast as by a CUSUM made for them, lesser ones still found."""
REASON_RISEN: Final = 3.0
"""The same of a reason."""
FALLEN: Final = 0.5
"""The same of a vote that is not satisfied, for good news: from 15 to 8 of 100."""

SAME_CASE: Final[frozenset[RuleCode]] = frozenset({"unhappy", "burst", "reason"})
"""Rules that may find one and the same thing; the first to find it tells it."""


class Vote(NamedTuple):
    """A vote, as far as the rules look at it."""

    at_ms: int
    is_unhappy: bool
    is_content: bool
    is_worst: bool


class Reasons(NamedTuple):
    """What those said who said why, on a day that ends at ``at_ms``: reason → how many."""

    at_ms: int
    answered: int
    named: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is watched for at one place."""

    unhappy: Cusum
    content: Cusum
    burst: burst.Watching
    reasons: Mapping[str, Cusum]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the votes of one place say so far."""

    unhappy: Evidence = NOTHING
    content: Evidence = NOTHING
    reasons: Mapping[str, Evidence] = field(default_factory=dict)
    burst: Burst = burst.NONE


@dataclass(frozen=True, slots=True)
class Finding:
    """That a rule has found something, and still does."""

    topic: Topic
    since_ms: int
    crossed_ms: int
    figures: Wording


def limits_of(usual: Mapping[Place, Usual], a_month: float = A_MONTH) -> dict[Place, Limits]:
    """What is watched for at each place: the budget of all, shared out.

    Args:
        usual: of all places of the installation that are watched.
        a_month: the budget, see ``analytics.alerts.budget``.
    """
    places = len(usual)
    reasons = sum(len(each.reasons) for each in usual.values())
    return {
        place: Limits(
            watching(each.unhappy, RISEN, each.votes_a_month, part("unhappy", places, a_month)),
            watching(
                each.discontent, FALLEN, each.votes_a_month, part("good-news", places, a_month)
            ),
            burst.watching(each.worst, each.votes_a_month, part("burst", places, a_month)),
            {
                code: watching(
                    share, REASON_RISEN, each.answers_a_month, part("reason", reasons, a_month)
                )
                for code, share in each.reasons.items()
            },
        )
        for place, each in usual.items()
    }


def after_vote(before: Standing, limits: Limits, vote: Vote) -> Standing:
    """What stands after one more vote; votes come in order of time."""
    return Standing(
        weighed(before.unhappy, limits.unhappy, vote.at_ms, vote.is_unhappy),
        weighed(before.content, limits.content, vote.at_ms, not vote.is_content),
        before.reasons,
        burst.seen(before.burst, limits.burst, vote.at_ms, is_worst=vote.is_worst),
    )


def after_reasons(before: Standing, limits: Limits, day: Reasons) -> Standing:
    """What stands after a day's answers to why; a day's answers have no order."""
    if not day.answered:
        return before
    found = {
        code: weighed(
            before.reasons.get(code, NOTHING),
            cusum,
            day.at_ms,
            min(day.named.get(code, 0), day.answered),
            day.answered,
        )
        for code, cusum in limits.reasons.items()
    }
    return replace(before, reasons={code: each for code, each in found.items() if each != NOTHING})


def after_all(
    before: Standing, limits: Limits, votes: Iterable[Vote], days: Iterable[Reasons]
) -> Standing:
    """What stands after all of them."""
    for vote in votes:
        before = after_vote(before, limits, vote)
    for day in days:
        before = after_reasons(before, limits, day)
    return before


def findings(place: Place, standing: Standing, limits: Limits, now_ms: int) -> Iterator[Finding]:
    """What is found at a place, the most telling first; nothing on fewer than five votes."""
    unhappy, content = standing.unhappy, standing.content
    if unhappy.crossed_ms is not None:
        figures = of_unhappy(unhappy, limits.unhappy.usual)
        yield Finding(Topic("unhappy", place), unhappy.since_ms, unhappy.crossed_ms, figures)
    if content.crossed_ms is not None:
        figures = of_good_news(content, limits.content.usual)
        yield Finding(Topic("good-news", place), content.since_ms, content.crossed_ms, figures)
    last_hour = burst.at(standing.burst, now_ms)
    if last_hour.crossed_ms is not None and last_hour.n >= MIN_VOTES:
        since_ms, figures = last_hour.votes[0][0], of_burst(last_hour, limits.burst.usual)
        yield Finding(Topic("burst", place), since_ms, last_hour.crossed_ms, figures)
    for code, evidence in standing.reasons.items():
        if code not in limits.reasons or evidence.counted < MIN_VOTES:
            continue
        if evidence.crossed_ms is not None:
            figures = of_reason(evidence, limits.reasons[code].usual)
            topic = Topic("reason", place, code)
            yield Finding(topic, evidence.since_ms, evidence.crossed_ms, figures)
