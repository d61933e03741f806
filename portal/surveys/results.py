"""What was answered to a survey: how many by which channel, and what, with n.

Two minima protect people (docs/decisions/0069). What was said is shown from five answers on, and
changes by those of five people at least (:mod:`portal.surveys.told`), so that nobody can tell from
an earlier page what one person said. And figures of one desk at which fewer than three people serve
are not shown at all. Touchpoints in test mode have neither minimum, and are in no figure but their
own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from analytics.measures.certainty import Certainty, certainty
from analytics.measures.interval import Interval
from analytics.measures.minima import MIN_STAFF, MIN_VOTES
from analytics.measures.satisfied import SatisfiedShare, satisfied_share
from broker.fleet.surveys import FollowUp, Question, Survey, Texts
from broker.store.database import Database
from broker.store.place_settings import effective
from broker.store.places import devices_at
from broker.store.registry import list_touchpoints
from broker.store.scales import SCALES
from broker.store.tables import AnswerDay, RatingDay, table_of
from portal.surveys.spread import Spread, spread_as_said
from portal.surveys.stated import stated_by_question
from portal.surveys.told import Tally, release

_rating, _answer = table_of(RatingDay).c, table_of(AnswerDay).c


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
        spread: of numbers and days.
    """

    question: Question | FollowUp
    n: int
    waiting: int
    said: tuple[Said, ...] = ()
    satisfied: SatisfiedShare | None = None
    sureness: Certainty | None = None
    spread: Spread | None = None


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
    """What was answered to one question, as it is now.

    Attributes:
        channels: channel → how many answered.
        places: touchpoint → the same.
        counts: what was said → how many said it.
    """

    channels: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def answered(self, channel: str, touchpoint: str, n: int) -> None:
        """So many more answered."""
        self.channels[channel] += n
        self.places[touchpoint] += n

    @property
    def tally(self) -> Tally:
        """How many answered, and what."""
        return Tally(self.channels.total(), self.counts)


def results_of(
    feedback: Database, portal: Database, site: str, survey: Survey, now: datetime
) -> list[Results]:
    """The results of ``survey`` at ``site``: real ones first, then those in test mode, if any.

    Args:
        feedback: the feedback store.
        portal: the portal's database, which keeps what was told.
        site: the municipality.
        survey: its questions; answers to earlier versions count where the codes are the same.
        now: local time of the site.
    """
    real, test = _touchpoints(feedback, site)
    scope, trial = _Scope(survey.code, real, now), _Scope(survey.code, test, now, is_test=True)
    with feedback.reading() as connection:
        found, tried = (_read_all(connection, survey, each) for each in (scope, trial))
        is_one_desk = _is_one_desk(connection, scope, found)
    results = [_hidden(found)] if is_one_desk else [_told(portal, survey, scope, found)]
    if tried:
        tallies = {question: each.tally for question, each in tried.items()}
        results.append(_shown(survey, trial, tried, tallies))
    return results


def count_answers(feedback: Database, site: str, code: str) -> int:
    """How many answered a survey, by all channels; test mode included."""
    real, test = _touchpoints(feedback, site)
    with feedback.reading() as connection:
        return _answered(_read(connection, code, [*real, *test])).total()


def _touchpoints(feedback: Database, site: str) -> tuple[list[str], list[str]]:
    """Those that count, and those in test mode."""
    known = list_touchpoints(feedback, site)
    return [t.code for t in known if not t.is_test], [t.code for t in known if t.is_test]


def _hidden(found: Mapping[str, _Found]) -> Results:
    return Results(tuple(_answered(found).most_common()), (), is_one_desk=True)


def _told(portal: Database, survey: Survey, scope: _Scope, found: Mapping[str, _Found]) -> Results:
    tallies = {question: each.tally for question, each in found.items()}
    return _shown(survey, scope, found, release(portal, survey.code, tallies, scope.now))


def _shown(
    survey: Survey, scope: _Scope, found: Mapping[str, _Found], told: Mapping[str, Tally]
) -> Results:
    asked = tuple(_asked(scope, each, found, told) for each in _all(survey))
    channels = tuple(_answered(found).most_common())
    return Results(channels, asked, is_test=scope.is_test)


def _all(survey: Survey) -> Iterator[Question | FollowUp]:
    for question in survey.questions:
        yield question
        yield from question.follow_ups


def _read_all(connection: Connection, survey: Survey, scope: _Scope) -> dict[str, _Found]:
    """Question → its counts, numbers and days that were stated among them."""
    found = _read(connection, scope.code, scope.touchpoints)
    for question, counts in stated_by_question(connection, survey, scope.touchpoints).items():
        found[question].counts = counts
    return found


def _read(
    connection: Connection, code: str, touchpoints: Collection[str]
) -> defaultdict[str, _Found]:
    """Question → its counts, as the rules on corrections and misuse leave them."""
    found: defaultdict[str, _Found] = defaultdict(_Found)
    columns = (_rating.question, _rating.channel, _rating.touchpoint, _rating.value)
    rated = select(*columns, func.sum(_rating.filtered)).where(
        _rating.survey == code, _rating.touchpoint.in_(touchpoints)
    )
    for question, channel, where, value, n in connection.execute(rated.group_by(*columns)):
        found[question].answered(channel, where, int(n))
        found[question].counts[str(value)] += int(n)
    columns = (_answer.question, _answer.channel, _answer.touchpoint, _answer.option)
    answered = select(*columns, func.sum(_answer.filtered)).where(
        _answer.survey == code,
        _answer.touchpoint.in_(touchpoints),
        _answer.outcome == "answered",
    )
    for question, channel, where, option, n in connection.execute(answered.group_by(*columns)):
        if option:
            found[question].counts[option] += int(n)
        else:
            found[question].answered(channel, where, int(n))
    return found


def _answered(found: Mapping[str, _Found]) -> Counter[str]:
    """Channel → how many answered the question that most answered."""
    most: Counter[str] = Counter()
    for each in found.values():
        most |= each.channels
    return most


def _asked(
    scope: _Scope,
    question: Question | FollowUp,
    found: Mapping[str, _Found],
    told: Mapping[str, Tally],
) -> Asked:
    own = question.question if isinstance(question, FollowUp) else question.code
    if own not in found:
        return Asked(question, 0, 0)
    tally = told[own]
    waiting = max(0, found[own].tally.n - tally.n)
    if isinstance(question, Question) and question.sort in {"number", "date"}:
        least = 1 if scope.is_test else MIN_VOTES
        spread = spread_as_said(tally.counts, question.sort, least)
        return Asked(question, tally.n, waiting, spread=spread)
    return _with_shares(question, tally.n, waiting, tally.counts)


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


def _is_one_desk(connection: Connection, scope: _Scope, found: Mapping[str, _Found]) -> bool:
    """Whether nearly all was answered at one point with a device where too few people serve.

    Fewer than the minimum from elsewhere hide nothing of what such a desk got. A point without a
    device is no desk: a page of the web, or a poster in a hall.
    """
    places: Counter[str] = Counter()
    for each in found.values():
        places |= each.places
    today = scope.now.date()
    with_device = devices_at(connection, today)
    return any(
        places.total() - n < MIN_VOTES and not _has_team(connection, place, today)
        for place, n in places.items()
        if n and place in with_device
    )


def _has_team(connection: Connection, touchpoint: str, on: date) -> bool:
    staff = effective(connection, touchpoint, on)["staff"].value
    return isinstance(staff, int) and staff >= MIN_STAFF
