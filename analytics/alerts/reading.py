"""What the watch reads of the feedback store: places, what is usual there, and new votes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from analytics.alerts.rules import Reasons, Vote
from analytics.alerts.silence import HOURS, Week
from analytics.alerts.usual import BASE_DAYS, LEFT_OUT_DAYS, Past
from analytics.closed.standing import read_standings
from analytics.measures.shares import DISSATISFIED_TO
from analytics.period import Period
from analytics.questions.asked import Choice, Scope, read_scope
from analytics.questions.figures import key_figures
from analytics.questions.hours import hour_grids
from analytics.questions.raw_votes import read_votes
from analytics.questions.reasons import reasons
from broker.store.asked_texts import read_asked
from broker.store.columns import to_ms
from broker.store.place_settings import SettingsOfDay
from broker.store.places import Place
from broker.store.public_holidays import public_holidays
from broker.store.scales import SCALES
from broker.store.tables import Event, RatingDay, Site, table_of

REASON: Final = "reason"
"""Code of the question why."""
WEEK_DAYS: Final = 56
"""That the usual week is made of."""
_DAY: Final = timedelta(days=1)
_PRESSED: Final = "device"


@dataclass(frozen=True, slots=True)
class Watched:
    """A place that is watched.

    Attributes:
        path: the place itself and the named places above it, the site last.
        unit: code of the unit that serves there, if one is entered.
        touchpoints: whose votes count there and at no smaller place, and the question of each.
    """

    place: Place
    name: str
    path: tuple[Place, ...]
    unit: str | None
    zone: ZoneInfo
    touchpoints: Mapping[str, str]


def read_watched(connection: Connection, on: date) -> list[Watched]:
    """All places that may be named, with votes of their own in the base days."""
    (days,) = read_standings(connection, on, on)
    names = {each.place: each.name for each in days.named}
    site = table_of(Site).c
    zones = {
        code: ZoneInfo(zone) for code, zone in connection.execute(select(site.code, site.timezone))
    }
    questions = _main_questions(connection, base(on))
    here: dict[Place, dict[str, str]] = defaultdict(dict)
    for code, standing in days.standings.items():
        if code in questions:
            here[standing.place][code] = questions[code]
    found = []
    for place, touchpoints in here.items():
        standing = days.standings[next(iter(touchpoints))]
        zone = zones[standing.path[-1].code]
        found.append(Watched(place, names[place], standing.path, standing.unit, zone, touchpoints))
    return found


def base(on: date) -> Period:
    """The days that are the past on a day."""
    newest = on - (LEFT_OUT_DAYS + 1) * _DAY
    return Period(newest - (BASE_DAYS - 1) * _DAY, newest)


def _main_questions(connection: Connection, period: Period) -> dict[str, str]:
    """Touchpoint → the question that is rated most: one vote a visitor."""
    day = table_of(RatingDay).c
    votes = func.sum(day.filtered)
    query = (
        select(day.touchpoint, day.question, votes)
        .where(day.day.between(period.from_on, period.to_on))
        .group_by(day.touchpoint, day.question)
        .having(votes > 0)
        .order_by(votes, day.question)
    )
    return {touchpoint: question for touchpoint, question, _ in connection.execute(query)}


def read_past(connection: Connection, watched: Sequence[Watched], on: date) -> dict[Place, Past]:
    """The votes of the base days at each place."""
    period = base(on)
    scope = _scope(connection, watched, period)
    begun = _begun(connection, period)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for question, codes in _by_question(watched).items():
        for figure in key_figures(
            connection, Choice(_only(scope, codes), question=question), period
        ):
            scale, at = SCALES[figure.scale], counts[figure.place.code]
            at["votes"] += figure.n
            at["content"] += figure.satisfied
            at["worst"] += figure.counts.get(scale.worst, 0)
            upto = DISSATISFIED_TO[scale]
            at["unhappy"] += sum(n for value, n in figure.counts.items() if value <= upto)
    for each in reasons(connection, Choice(scope, question=REASON), period):
        counts[each.place.code]["answered"] += each.answered
        named[each.place.code].update(each.options)
    return {
        each.place: _past(each, counts, named, (period.to_on - _first(each, begun)).days + 1)
        for each in watched
    }


def _past(
    watched: Watched,
    counts: Mapping[str, Counter[str]],
    named: Mapping[str, Counter[str]],
    span: int,
) -> Past:
    sums, why = Counter[str](), Counter[str]()
    for code in watched.touchpoints:
        sums.update(counts.get(code, {}))
        why.update(named.get(code, {}))
    return Past(
        sums["votes"], sums["unhappy"], sums["content"], sums["worst"], span, sums["answered"], why
    )


def _begun(connection: Connection, period: Period) -> dict[str, date]:
    """Touchpoint → the first of the base days with votes."""
    day = table_of(RatingDay).c
    query = (
        select(day.touchpoint, func.min(day.day))
        .where(day.day.between(period.from_on, period.to_on))
        .group_by(day.touchpoint)
    )
    return dict(connection.execute(query).all())


def _first(watched: Watched, begun: Mapping[str, date]) -> date:
    return min(begun[code] for code in watched.touchpoints)


def read_weeks(connection: Connection, watched: Sequence[Watched], on: date) -> dict[str, Week]:
    """Touchpoint → the usual week of presses at its device; days off are left out."""
    period = Period(on - WEEK_DAYS * _DAY, on - _DAY)
    scope = _scope(connection, watched, period)
    off = read_days_off(connection, watched, period)
    found = {}
    for question, codes in _by_question(watched).items():
        choice = Choice(_only(scope, codes), question=question, channel=_PRESSED)
        votes: dict[str, list[int]] = defaultdict(lambda: [0] * HOURS)
        for grid in hour_grids(connection, choice, period):
            at = votes[grid.place.code]
            votes[grid.place.code] = [a + b for a, b in zip(at, grid.votes, strict=True)]
        for code, hours in votes.items():
            days = Counter(day.weekday() for day in period.days if day not in off[code])
            found[code] = Week([n / max(1, days[hour // 24]) for hour, n in enumerate(hours)])
    return found


def read_days_off(
    connection: Connection, watched: Sequence[Watched], period: Period
) -> dict[str, set[date]]:
    """Touchpoint → days on which its usual week doesn't hold: holidays, and days of other hours."""
    settings = SettingsOfDay(connection, period.to_on)
    found = {}
    for code in (code for each in watched for code in each.touchpoints):
        set_there = settings.of(Place("touchpoint", code))
        special = {date.fromisoformat(day["on"]) for day in set_there["opening.special_days"].value}
        country = set_there["holidays"].value
        held = set(public_holidays(country, *period)) if country else set[date]()
        found[code] = held | special
    return found


def read_last_press(connection: Connection, touchpoint: str, before: datetime) -> datetime | None:
    """When the device there was last pressed, doubted presses too."""
    event = table_of(Event).c
    query = (
        select(event.answered_at)
        .where(event.touchpoint == touchpoint, event.answered_at <= before)
        .where(event.kind == "rating", event.channel == _PRESSED)
        .order_by(event.answered_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def read_new_votes(
    connection: Connection, watched: Watched, from_at: datetime, until_at: datetime
) -> list[Vote]:
    """Votes that nobody doubts, in order of time, from ``from_at`` until before ``until_at``."""
    scope = Scope(Period(from_at.date(), until_at.date()), (), {}, (), frozenset())
    found = []
    for question, codes in _by_question([watched]).items():
        choice = Choice(scope, question=question)
        for _, _, name, value, at_ms, _, precision in read_votes(
            connection, choice, codes, from_at, until_at
        ):
            if precision != "day":
                scale = SCALES[name]
                is_unhappy, is_content = (
                    value <= DISSATISFIED_TO[scale],
                    value >= scale.satisfied_from,
                )
                found.append(Vote(at_ms, is_unhappy, is_content, value == scale.worst))
    return sorted(found)


def read_new_reasons(
    connection: Connection, watched: Watched, from_on: date, to_on: date
) -> list[Reasons]:
    """What was said to why, day by day; both ends are in it."""
    period = Period(from_on, to_on)
    scope = _scope(connection, [watched], period)
    found = []
    for day in period.days:
        answered, named = 0, Counter[str]()
        for each in reasons(connection, Choice(scope, question=REASON), Period(day, day)):
            answered += each.answered
            named.update(each.options)
        found.append(Reasons(midnight_ms(day, watched.zone), answered, named))
    return found


def read_reason_texts(connection: Connection) -> dict[str, Mapping[str, str]]:
    """Code of a reason → language → text, as the newest survey has it."""
    found: dict[str, Mapping[str, str]] = {}
    for survey in read_asked(connection).values():
        for (question, option), texts in survey.options.items():
            if question == REASON:
                found[option] = texts
    return found


def midnight_ms(day: date, zone: ZoneInfo) -> int:
    """Where a local day begins, in ms since 1970 UTC."""
    return to_ms(datetime.combine(day, time(), zone).astimezone(UTC))


def _scope(connection: Connection, watched: Iterable[Watched], period: Period) -> Scope:
    places = [Place("touchpoint", code) for each in watched for code in each.touchpoints]
    return read_scope(connection, period, places)


def _only(scope: Scope, codes: Iterable[str]) -> Scope:
    return scope.only(Place("touchpoint", code) for code in codes)


def _by_question(watched: Iterable[Watched]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in watched:
        for code, question in each.touchpoints.items():
            found[question].append(code)
    return found


def touchpoints(watched: Sequence[Watched]) -> Iterator[str]:
    """All that are watched."""
    return (code for each in watched for code in each.touchpoints)
