"""Years in which nothing happens, at twelve devices: whatever the rules find there is false.

The votes are those of the large sample town (``otziv.sample_years``) with nothing planted: moods
that differ from day to day and hour to hour, seasons, holidays, reasons, forms from the web.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analytics.alerts.alert import RuleCode
from analytics.alerts.budget import part
from analytics.alerts.rules import (
    Limits,
    Reasons,
    Standing,
    Vote,
    after_reasons,
    after_vote,
    limits_of,
)
from analytics.alerts.silence import HOURS, Week, expected, is_silent
from analytics.alerts.usual import BASE_DAYS, LEFT_OUT_DAYS, Past, usual_of
from broker.store.places import Place
from broker.store.public_holidays import public_holidays
from otziv.sample_years.span import COUNTRY, Span
from otziv.sample_years.town import Desk
from otziv.sample_years.towns import LARGE
from otziv.sample_years.votes import DeskDay, votes_of

ZONE: Final = ZoneInfo("Europe/Sofia")
FIRST_ON: Final = date(2024, 9, 2)
WARM_UP_DAYS: Final = BASE_DAYS + LEFT_OUT_DAYS
WEEKS: Final = 8
"""That the usual week is made of."""
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Day:
    """A day at a desk."""

    past: Past
    votes: Sequence[Vote]
    reasons: Reasons
    pressed_ms: Sequence[int]


@dataclass(slots=True)
class Found:
    """Rule → false alerts, and in how many months."""

    months: float = 0.0
    by_rule: Counter[str] = field(default_factory=Counter)
    votes: int = 0

    def __add__(self, other: Found) -> Found:
        return Found(
            self.months + other.months, self.by_rule + other.by_rule, self.votes + other.votes
        )


def quiet_year(seed: int, days: int = 365) -> Found:
    """A year of the town, after the weeks from which the usual is learnt."""
    span = Span(FIRST_ON + timedelta(days=WARM_UP_DAYS + days - 1), WARM_UP_DAYS + days, ZONE.key)
    town = {Place("touchpoint", desk.code): list(_days(span, desk, seed)) for desk in LARGE.desks}
    found = Found(days / 30.4, votes=sum(len(day.votes) for desk in town.values() for day in desk))
    _share_rules(town, found.by_rule)
    off = set(public_holidays(COUNTRY, span.first_on, span.last_on))
    for desk in town.values():
        found.by_rule["silence"] += _silences(desk, off)
    return found


def _days(span: Span, desk: Desk, seed: int) -> Iterator[Day]:
    visits = span.visits(LARGE, desk)
    mean = sum(visits.values()) / span.days
    for on in span.all:
        midnight_ms = span.midnight_ms(on)
        day = DeskDay(desk, on, midnight_ms, visits.get(on, 0.0), mean, (), None, seed)
        votes, named, answered, pressed = [], Counter[str](), 0, []
        for each in votes_of(day)[0]:
            value = each.corrected or each.value
            if not each.is_day:
                votes.append(Vote(each.at_ms, value <= 2, value >= 3, value == 1))
            if each.channel == "device":
                pressed.append(each.at_ms)
            if each.reason is not None:
                answered += 1
                named[each.reason] += 1
        unhappy = sum(vote.is_unhappy for vote in votes)
        worst = sum(vote.is_worst for vote in votes)
        n = len(votes)
        past = Past(n, unhappy, n - unhappy, worst, 1, answered, dict(named))
        yield Day(past, votes, Reasons(midnight_ms, answered, dict(named)), pressed)


def _share_rules(town: Mapping[Place, Sequence[Day]], by_rule: Counter[str]) -> None:
    """All rules but silence, day by day as the watch reckons them."""
    standing = {place: Standing() for place in town}
    sums = {place: _Sums() for place in town}
    for number in range(len(next(iter(town.values())))):
        for place, days in town.items():
            sums[place].move(days, number - LEFT_OUT_DAYS - 1)
        if number < WARM_UP_DAYS:
            continue
        limits = limits_of(usual_of({place: each.past for place, each in sums.items()}))
        for place, days in town.items():
            standing[place] = _day(standing[place], limits[place], days[number], by_rule)


def _day(before: Standing, limits: Limits, day: Day, by_rule: Counter[str]) -> Standing:
    for vote in day.votes:
        after = after_vote(before, limits, vote)
        _count(before, after, by_rule)
        before = after
    after = after_reasons(before, limits, day.reasons)
    by_rule["reason"] += sum(
        each.is_enough and not (code in before.reasons and before.reasons[code].is_enough)
        for code, each in after.reasons.items()
    )
    return after


def _count(before: Standing, after: Standing, by_rule: Counter[str]) -> None:
    pairs: tuple[tuple[RuleCode, int | None, int | None], ...] = (
        ("unhappy", before.unhappy.crossed_ms, after.unhappy.crossed_ms),
        ("good-news", before.content.crossed_ms, after.content.crossed_ms),
        ("burst", before.burst.crossed_ms, after.burst.crossed_ms),
    )
    for rule, was, now in pairs:
        if now is not None and was is None:
            by_rule[rule] += 1


class _Sums:
    """The past of the base days, moved on day by day."""

    def __init__(self) -> None:
        self._votes = [0] * 5
        self._named: Counter[str] = Counter()
        self._days = 0

    def move(self, days: Sequence[Day], newest: int) -> None:
        """Take in the day ``newest``, and leave out the one that is too old."""
        if newest < 0:
            return
        self._add(days[newest].past, 1)
        self._days = min(self._days + 1, BASE_DAYS)
        if newest >= BASE_DAYS:
            self._add(days[newest - BASE_DAYS].past, -1)

    @property
    def past(self) -> Past:
        """The sum."""
        votes, unhappy, content, worst, answered = self._votes
        return Past(votes, unhappy, content, worst, self._days, answered, dict(self._named))

    def _add(self, past: Past, sign: int) -> None:
        figures = past.votes, past.unhappy, past.content, past.worst, past.answered
        self._votes = [a + sign * b for a, b in zip(self._votes, figures, strict=True)]
        for code, n in past.reasons.items():
            self._named[code] += sign * n


def _silences(days: Sequence[Day], off: set[date]) -> int:
    """How often the rule would have spoken; a silence ends with the next press."""
    pressed = [at_ms for day in days for at_ms in day.pressed_ms]
    begin = bisect_left(pressed, days[WARM_UP_DAYS].reasons.at_ms)
    found, weeks, busiest = 0, dict[int, Week](), dict[int, float]()
    allowed = part("silence", len(LARGE.desks))
    for earlier, later in zip(pressed[begin:], pressed[begin + 1 :], strict=False):
        number = earlier // (7 * _DAY_MS)
        if number not in weeks:
            weeks[number] = _week(pressed, earlier, off)
            busiest[number] = max(weeks[number].votes)
        week = weeks[number]
        most = (later - earlier) / 3_600_000 * busiest[number]
        if is_silent(most, week.a_month, allowed):
            ends = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (earlier, later))
            missed = expected(week, ZONE, off.__contains__, *ends)
            found += is_silent(missed, week.a_month, allowed)
    return found


def _week(pressed: Sequence[int], until_ms: int, off: set[date]) -> Week:
    """The usual week of the eight before."""
    from_ms = until_ms - WEEKS * 7 * _DAY_MS
    votes: dict[int, int] = defaultdict(int)
    for at_ms in pressed[bisect_left(pressed, from_ms) : bisect_left(pressed, until_ms)]:
        local = datetime.fromtimestamp(at_ms / 1000, ZONE)
        votes[local.weekday() * 24 + local.hour] += 1
    first_on = datetime.fromtimestamp(from_ms / 1000, ZONE).date()
    dates = [first_on + timedelta(days=number) for number in range(WEEKS * 7)]
    open_days = Counter(on.weekday() for on in dates if on not in off)
    return Week([votes[hour] / max(1, open_days[hour // 24]) for hour in range(HOURS)])
