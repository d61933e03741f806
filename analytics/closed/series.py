"""Reading the rollups by day, and closing them series by series."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from sqlalchemy import Connection, Table, bindparam, select

from analytics.closed.blocks import ANSWERS, NOTHING, VOTES, Closed, Day, closed
from analytics.closed.few_people import are_few, is_hidden, of_few_people
from analytics.closed.standing import Days, Standing
from broker.store.statements import Row, fetch, to_text
from broker.store.tables import AnswerDay, RatingDay, table_of

MOST_VALUES: Final = 11
"""No scale has more: its values are 0 to 10."""

OUTCOMES: Final = ("answered", "skipped", "timeout")


class RatingSeries(NamedTuple):
    """Ratings that are told apart from others."""

    standing: Standing
    survey: str
    question: str
    scale: str
    channel: str


class AnswerSeries(NamedTuple):
    """Answers that are told apart from others; counts begin with the three outcomes, then come
    the question's ``options``.
    """

    standing: Standing
    survey: str
    question: str
    channel: str


Ratings: TypeAlias = Mapping[RatingSeries, Closed]
Answers: TypeAlias = Mapping[AnswerSeries, Closed]
_Days: TypeAlias = Mapping[str, AbstractSet[str]]
Options: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
"""Survey, question → the codes of what was chosen, in the order in which they are counted."""


def read_ratings(connection: Connection, standings: Sequence[Days], before: Ratings) -> Ratings:
    """The ratings of all days of ``standings``; ``before`` is what was read earlier."""
    by_day: dict[RatingSeries, dict[str, list[int]]] = defaultdict(dict)
    rows = list(_standing_rows(connection, table_of(RatingDay), standings))
    staff = _fewest_staff(standings)
    where: dict[RatingSeries, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for standing, row in _of_enough_people(rows, staff, (2, 4, 5)):
        touchpoint, day, survey, question, scale, channel, value, raw, filtered = row
        series = RatingSeries(standing, survey, question, scale, channel)
        counts = by_day[series].setdefault(day, [0] * (2 * MOST_VALUES))
        counts[value] += filtered
        counts[MOST_VALUES + value] += raw
        where[series][day].add(touchpoint)
    everywhere = _everywhere(where)
    return {
        series: closed(
            _days(days, MOST_VALUES, where[series]),
            before.get(series, NOTHING),
            VOTES,
            partial(_names, staff, everywhere[series.standing]),
        )
        for series, days in by_day.items()
    }


def read_answers(
    connection: Connection, standings: Sequence[Days], before: Answers, known: Options
) -> tuple[Answers, Options]:
    """The answers of all days of ``standings``, and what their counts mean.

    Options keep their order in ``known``: what was counted earlier goes on meaning the same.
    """
    found_rows = list(_standing_rows(connection, table_of(AnswerDay), standings))
    staff = _fewest_staff(standings)
    rows = list(_of_enough_people(found_rows, staff, (2, 4)))
    options = _options((row for _, row in rows), known)
    by_day: dict[AnswerSeries, dict[str, list[int]]] = defaultdict(dict)
    where: dict[AnswerSeries, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for standing, row in rows:
        touchpoint, day, survey, question, channel, outcome, option, raw, filtered = row
        names = options[survey, question]
        width = len(OUTCOMES) + len(names)
        series = AnswerSeries(standing, survey, question, channel)
        counts = by_day[series].setdefault(day, [0] * (2 * width))
        at = len(OUTCOMES) + names.index(option) if option else OUTCOMES.index(outcome)
        counts[at] += filtered
        counts[width + at] += raw
        where[series][day].add(touchpoint)
    everywhere = _everywhere(where)
    found = {
        series: closed(
            _days(
                days, len(OUTCOMES) + len(options[series.survey, series.question]), where[series]
            ),
            before.get(series, NOTHING),
            ANSWERS,
            partial(_names, staff, everywhere[series.standing]),
        )
        for series, days in by_day.items()
    }
    return found, options


def _options(rows: Iterable[Row], known: Options) -> Options:
    found = {key: dict.fromkeys(names) for key, names in known.items()}
    for row in rows:
        names = found.setdefault((row[2], row[3]), {})
        if row[6]:
            names[row[6]] = None
    return {key: tuple(names) for key, names in found.items()}


def _standing_rows(
    connection: Connection, table: Table, standings: Sequence[Days]
) -> Iterator[tuple[Standing, Row]]:
    """The rows of a rollup in the order of its key, each with where it counts."""
    starts = [each.from_on.isoformat() for each in standings]
    query = select(table).where(
        table.c.day >= bindparam("from_on"), table.c.day <= bindparam("to_on")
    )
    sql = to_text(query, ["from_on", "to_on"], connection.dialect.name)
    ends = standings[0].from_on.isoformat(), standings[-1].to_on.isoformat()
    for row in fetch(connection, sql, *ends):
        days = standings[bisect_right(starts, row[1]) - 1]
        standing = days.standings.get(row[0])
        if standing is not None:
            yield standing, row


def _everywhere(
    where: Mapping[RatingSeries, _Days] | Mapping[AnswerSeries, _Days],
) -> dict[Standing, set[str]]:
    """Where votes count → all the touchpoints at which they were given."""
    found: dict[Standing, set[str]] = defaultdict(set)
    for series, days in where.items():
        found[series.standing].update(*days.values())
    return found


def _names(staff: Mapping[str, int], everywhere: AbstractSet[str], where: AbstractSet[str]) -> bool:
    """Whether votes of ``where`` would name few people; those of all there are judged already."""
    return where != everywhere and are_few(where, staff)


def _fewest_staff(standings: Sequence[Days]) -> dict[str, int]:
    """Touchpoint → the fewest people who ever served there, where that is entered."""
    staff: dict[str, int] = {}
    for days in standings:
        for touchpoint, n in days.staff.items():
            staff[touchpoint] = min(n, staff.get(touchpoint, n))
    return staff


def _of_enough_people(
    rows: Sequence[tuple[Standing, Row]], staff: Mapping[str, int], traits: tuple[int, ...]
) -> Iterator[tuple[Standing, Row]]:
    """Those rows that name nobody; ``traits`` are the columns that can be chosen."""
    pick = itemgetter(*traits)
    hidden = of_few_people(((where, row[0], pick(row)) for where, row in rows), staff)
    for where, row in rows:
        if not (hidden and is_hidden(where, pick(row), hidden)):
            yield where, row


def _days(
    by_day: Mapping[str, list[int]], width: int, where: Mapping[str, AbstractSet[str]]
) -> list[Day]:
    return [
        Day(date.fromisoformat(day), tuple(counts[:width]), tuple(counts[width:]), where[day])
        for day, counts in sorted(by_day.items())
    ]
