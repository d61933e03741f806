"""What was answered to a survey: how many by which channel, and what, with n.

Two minima protect people (docs/decisions/0069). What was said is shown from five answers on, and
grows by at least five at a time: days that brought fewer wait for the next ones, and today always
waits, so that nobody can tell from yesterday's page what one person said. And figures of one desk
at which fewer than three people serve are not shown at all. Touchpoints in test mode have neither
minimum, and are in no figure but their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection, func, select

from analytics.measures.certainty import Certainty, certainty
from analytics.measures.interval import Interval
from analytics.measures.satisfied import SatisfiedShare, satisfied_share
from broker.fleet.surveys import FollowUp, Question, Survey, Texts
from broker.store.database import Database
from broker.store.place_settings import effective
from broker.store.places import devices_at
from broker.store.registry import list_touchpoints
from broker.store.scales import SCALES
from broker.store.tables import AnswerDay, Event, Flag, RatingDay, table_of

MIN_ANSWERS: Final = 5
MIN_STAFF: Final = 3

_rating, _answer = table_of(RatingDay).c, table_of(AnswerDay).c
_event, _flag = table_of(Event).c, table_of(Flag).c

ByDay: TypeAlias = Mapping[date, Counter[str]]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that could be given, and how many gave it.

    Attributes:
        texts: of an option; empty for a value of a scale.
    """

    code: str
    texts: Texts
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers.

    Attributes:
        n: how many answers the figures are of; 0 while there are too few.
        waiting: how many more were given, which the figures don't show yet.
        said: every answer that could be given; of several choices the shares exceed 100 %.
        satisfied: of a rating.
        mean: of a number.
    """

    question: Question | FollowUp
    n: int
    waiting: int
    said: tuple[Said, ...] = ()
    satisfied: SatisfiedShare | None = None
    sureness: Certainty | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What was answered to a survey.

    Attributes:
        channels: channel → how many answered, the most first.
        is_one_desk: it was answered at one desk with too few people; then nothing else is told.
        is_test: of touchpoints in test mode.
    """

    channels: tuple[tuple[str, int], ...]
    asked: tuple[Asked, ...]
    is_one_desk: bool = False
    is_test: bool = False

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(n for _, n in self.channels)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Whose answers to what; ``now`` is local time of the site."""

    code: str
    touchpoints: Collection[str]
    now: datetime
    is_test: bool = False


@dataclass(slots=True)
class _Found:
    """Counts of one question: channel → answers, and day → what was said → how often."""

    channels: Counter[str]
    days: defaultdict[date, Counter[str]]
    answered: Counter[date]


def results_of(feedback: Database, site: str, survey: Survey, now: datetime) -> list[Results]:
    """The results of ``survey`` at ``site``: real ones first, then those in test mode, if any.

    Args:
        feedback: the feedback store.
        site: the municipality.
        survey: its questions; answers to earlier versions count where the codes are the same.
        now: local time of the site; what was answered today is not told yet.
    """
    real, test = _touchpoints(feedback, site)
    with feedback.reading() as connection:
        found = [_results(connection, survey, _Scope(survey.code, real, now))]
        if test:
            scope = _Scope(survey.code, test, now, is_test=True)
            found.append(_results(connection, survey, scope))
    return [results for results in found if not results.is_test or results.n]


def count_answers(feedback: Database, site: str, code: str) -> int:
    """How many answered a survey, by all channels; test mode included."""
    real, test = _touchpoints(feedback, site)
    with feedback.reading() as connection:
        return sum(_answered(_read(connection, code, [*real, *test])).values())


def _touchpoints(feedback: Database, site: str) -> tuple[list[str], list[str]]:
    """Those that count, and those in test mode."""
    known = list_touchpoints(feedback, site)
    return [t.code for t in known if not t.is_test], [t.code for t in known if t.is_test]


def _results(connection: Connection, survey: Survey, scope: _Scope) -> Results:
    found = _read(connection, scope.code, scope.touchpoints)
    channels = tuple(_answered(found).most_common())
    if not scope.is_test and _is_one_desk(connection, scope):
        return Results(channels, (), is_one_desk=True)
    asked = tuple(_asked(connection, scope, each, found) for each in _all(survey))
    return Results(channels, asked, is_test=scope.is_test)


def _all(survey: Survey) -> Iterator[Question | FollowUp]:
    for question in survey.questions:
        yield question
        yield from question.follow_ups


def _read(connection: Connection, code: str, touchpoints: Collection[str]) -> dict[str, _Found]:
    """Question → its counts, as the rules on corrections and misuse leave them."""
    found: dict[str, _Found] = defaultdict(
        lambda: _Found(Counter(), defaultdict(Counter), Counter())
    )
    rated = select(
        _rating.question, _rating.channel, _rating.day, _rating.value, func.sum(_rating.filtered)
    ).where(_rating.survey == code, _rating.touchpoint.in_(touchpoints))
    grouped = (_rating.question, _rating.channel, _rating.day, _rating.value)
    for question, channel, day, value, n in connection.execute(rated.group_by(*grouped)):
        _add(found[question], channel, day, str(value), int(n))
        found[question].answered[day] += int(n)
    answered = select(
        _answer.question, _answer.channel, _answer.day, _answer.option, func.sum(_answer.filtered)
    ).where(
        _answer.survey == code,
        _answer.touchpoint.in_(touchpoints),
        _answer.outcome == "answered",
    )
    keys = (_answer.question, _answer.channel, _answer.day, _answer.option)
    for question, channel, day, option, n in connection.execute(answered.group_by(*keys)):
        if option:
            found[question].days[day][option] += int(n)
        else:
            found[question].channels[channel] += int(n)
            found[question].answered[day] += int(n)
    return found


def _add(found: _Found, channel: str, day: date, said: str, n: int) -> None:
    found.channels[channel] += n
    found.days[day][said] += n


def _answered(found: Mapping[str, _Found]) -> Counter[str]:
    """Channel → how many answered the question that most answered."""
    most: Counter[str] = Counter()
    for each in found.values():
        most |= each.channels
    return most


def _asked(
    connection: Connection,
    scope: _Scope,
    question: Question | FollowUp,
    found: Mapping[str, _Found],
) -> Asked:
    own = question.question if isinstance(question, FollowUp) else question.code
    there = found.get(own)
    if there is None:
        return Asked(question, 0, 0)
    days = told_days(there.answered, None if scope.is_test else scope.now.date())
    n = sum(there.answered[day] for day in days)
    waiting = sum(there.answered.values()) - n
    if isinstance(question, Question) and question.sort == "number" and n:
        mean = _mean(connection, scope, own, days)
        return Asked(question, n, waiting, mean=mean)
    counts: Counter[str] = Counter()
    for day in days:
        counts.update(there.days[day])
    return _with_shares(question, n, waiting, counts)


def told_days(answered: Mapping[date, int], today: date | None) -> list[date]:
    """The days whose answers are told: in blocks of at least :data:`MIN_ANSWERS` answers.

    Days are taken in order; one that brought too few is told together with those after it. Today,
    and what is still too little, waits. ``today`` is ``None`` in test mode: all is told.
    """
    told: list[date] = []
    block: list[date] = []
    for day in sorted(answered):
        if today is None:
            told.append(day)
        elif day < today:
            block.append(day)
            if sum(answered[each] for each in block) >= MIN_ANSWERS:
                told += block
                block = []
    return told


def _with_shares(
    question: Question | FollowUp, n: int, waiting: int, counts: Mapping[str, int]
) -> Asked:
    scale = SCALES[question.scale] if isinstance(question, Question) and question.scale else None
    if not n:
        return Asked(question, 0, waiting)
    if scale is None:
        said = tuple(
            Said(each.code, each.texts, counts.get(each.code, 0), counts.get(each.code, 0) / n)
            for each in question.options
        )
        return Asked(question, n, waiting, said)
    values = {value: counts.get(str(value), 0) for value in scale.values}
    if not sum(values.values()):  # it was on another scale in an earlier version
        return Asked(question, 0, waiting)
    share = satisfied_share(values, scale)
    said = tuple(Said(str(value), {}, count, count / n) for value, count in values.items())
    sureness = certainty(Interval(share.low, share.high))
    return Asked(question, n, waiting, said, share, sureness)


def _mean(
    connection: Connection, scope: _Scope, question: str, days: Collection[date]
) -> float | None:
    """The mean of the numbers stated on ``days``; flagged ones are left out."""
    first = datetime.combine(min(days), time(0), scope.now.tzinfo)
    last = datetime.combine(max(days) + timedelta(days=1), time(0), scope.now.tzinfo)
    query = select(func.avg(_event.stated_number)).where(
        _event.touchpoint.in_(scope.touchpoints),
        _event.survey == scope.code,
        _event.question == question,
        _event.answered_at >= first,
        _event.answered_at < last,
        _event.id.not_in(select(_flag.event_id)),
    )
    found = connection.execute(query).scalar()
    return None if found is None else float(found)


def _is_one_desk(connection: Connection, scope: _Scope) -> bool:
    """Whether all was answered at one point with a device, and fewer than three people serve there.

    A point without a device is no desk: a page of the web, or a poster in a hall.
    """
    where: set[str] = set()
    for column in (_rating, _answer):
        query = select(column.touchpoint).where(
            column.survey == scope.code, column.touchpoint.in_(scope.touchpoints)
        )
        where.update(connection.execute(query.distinct()).scalars())
    if len(where) != 1:
        return False
    (only,), today = where, scope.now.date()
    if only not in devices_at(connection, today):
        return False
    staff = effective(connection, only, today)["staff"].value
    return not isinstance(staff, int) or staff < MIN_STAFF
