"""Statements of the questions: written in SQLAlchemy Core, compiled to text once.

A page asks six of them: compiled each time, they would cost more than their answers. ``asked`` are
the names of those columns that must have a given value; the binds come in the order ``listed``,
first day, last day, values of ``asked``. On SQLite ``touchpoint IN json_each(…) AND day BETWEEN …``
is found by the primary key; a test pins its plans.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)

from analytics.measures.shares import DISSATISFIED_TO
from analytics.questions.asked import Choice
from broker.store.scales import SCALES
from broker.store.statements import as_list, is_listed, to_text
from broker.store.tables import AnswerDay, RatingDay, table_of
from broker.store.tally_tables import (
    MOST_VALUES,
    AnswerDayTotal,
    RatingDayTally,
    RatingHourTally,
    RatingHourTotal,
)

Kind: TypeAlias = Literal["raw", "filtered"]
Asked: TypeAlias = tuple[str, ...]

VALUES: Final = range(MOST_VALUES)
_DAY, _CELL, _TOTAL = (
    table_of(model) for model in (RatingDayTally, RatingHourTally, RatingHourTotal)
)
_BY_CHANNEL, _ANSWER, _ANSWERS = (
    table_of(model) for model in (RatingDay, AnswerDay, AnswerDayTotal)
)


def kind_of(choice: Choice) -> Kind:
    """Which of the two counts is meant."""
    return "filtered" if choice.is_filtered else "raw"


def asked_of(choice: Choice) -> Mapping[str, str]:
    """Column → the value that it must have."""
    given = {"survey": choice.survey, "question": choice.question, "channel": choice.channel}
    return {name: value for name, value in given.items() if value is not None}


@cache
def by_touchpoint(dialect: str, kind: Kind, asked: Asked, scale: str | None = None) -> str:
    """Touchpoint, votes by value; without a scale of all scales together, then the least and the
    greatest scale: where they differ, :func:`by_scale` tells them apart.
    """
    days = _days(dialect, kind, asked, scale)
    key = days.c.touchpoint
    scales = () if scale is not None else (func.min(days.c.scale), func.max(days.c.scale))
    query = select(key, *_by_value(days, kind, scale), *scales).group_by(key)
    return _text(_limited(query, days, dialect, asked, scale), asked, dialect)


@cache
def by_scale(dialect: str, kind: Kind, asked: Asked, scale: str | None = None) -> str:
    """Touchpoint, scale, votes by value."""
    days = _days(dialect, kind, asked, scale)
    key = (days.c.touchpoint, days.c.scale)
    query = select(*key, *_by_value(days, kind, scale)).group_by(*key)
    return _text(_limited(query, days, dialect, asked, scale), asked, dialect)


@cache
def by_day(dialect: str, kind: Kind, asked: Asked, scale: str | None = None) -> str:
    """Touchpoint, scale, and as lists: days, votes, satisfied, dissatisfied.

    See ``broker.store.statements.read_list``. Perhaps a day comes several times. A row each would
    take twice as long to fetch.
    """
    days = _days(dialect, kind, asked, scale)
    key = (days.c.touchpoint, days.c.scale)
    columns = (days.c.day, *_three(days, kind, scale))
    listed = (as_list(column, dialect) for column in columns)
    query = select(*key, *listed).group_by(*key)
    return _text(_limited(query, days, dialect, asked, scale), asked, dialect)


@cache
def by_hour(dialect: str, kind: Kind, asked: Asked, scale: str | None = None) -> str:
    """Hour of the week, scale, votes, satisfied, dissatisfied; days are those of blocks."""
    key = (_CELL.c.hour_of_week, _CELL.c.scale)
    query = select(*key, *map(_added, _three(_CELL, kind, scale))).group_by(*key)
    query = query.where(is_listed(_CELL.c.touchpoint, dialect), _within(_CELL.c.block))
    return _text(query.where(*_are(_CELL, asked, scale)), asked, dialect)


@cache
def by_hour_of_all(dialect: str, kind: Kind, asked: Asked, scale: str | None = None) -> str:
    """The same of all touchpoints; without ``listed``, and not by channel."""
    key = (_TOTAL.c.hour_of_week, _TOTAL.c.scale)
    query = select(*key, *map(_added, _three(_TOTAL, kind, scale))).group_by(*key)
    query = query.where(_within(_TOTAL.c.block), *_are(_TOTAL, asked, scale))
    return to_text(query, ["from_on", "to_on", *asked], dialect)


@cache
def by_option(dialect: str, kind: Kind, asked: Asked, _scale: str | None = None) -> str:
    """Outcome, option, answers."""
    key = (_ANSWER.c.outcome, _ANSWER.c.option)
    query = select(*key, _added(_ANSWER.c[kind])).group_by(*key)
    query = query.where(is_listed(_ANSWER.c.touchpoint, dialect), _within(_ANSWER.c.day))
    return _text(query.where(*_are(_ANSWER, asked)), asked, dialect)


@cache
def by_option_of_all(dialect: str, kind: Kind, asked: Asked, _scale: str | None = None) -> str:
    """The same of all touchpoints; without ``listed``, and not by channel."""
    key = (_ANSWERS.c.outcome, _ANSWERS.c.option)
    query = select(*key, _added(_ANSWERS.c[kind])).group_by(*key)
    query = query.where(_within(_ANSWERS.c.day), *_are(_ANSWERS, asked))
    return to_text(query, ["from_on", "to_on", *asked], dialect)


def _days(dialect: str, kind: Kind, asked: Asked, scale: str | None) -> FromClause:
    """A row a day with a column for each value: the tally, or made of the rollup by channel."""
    if "channel" not in asked:
        return _DAY
    table = _BY_CHANNEL
    key = (table.c.touchpoint, table.c.day, table.c.scale)
    values = (
        _added(case((table.c.value == literal_column(str(value)), table.c[kind]), else_=_NOUGHT))
        for value in VALUES
    )
    named = (column.label(f"{kind}_{value}") for value, column in enumerate(values))
    query = select(*key, *named).where(is_listed(table.c.touchpoint, dialect), _within(table.c.day))
    return query.where(*_are(table, asked, scale)).group_by(*key).subquery()


def _limited(query: Any, days: FromClause, dialect: str, asked: Asked, scale: str | None) -> Any:  # noqa: ANN401  # any select
    """``query`` with its conditions; where ``days`` are made for it, they have them already."""
    if days is not _DAY:
        return query
    conditions = is_listed(_DAY.c.touchpoint, dialect), _within(_DAY.c.day)
    return query.where(*conditions, *_are(_DAY, asked, scale))


def _by_value(rows: FromClause, kind: Kind, scale: str | None) -> list[ColumnElement[int]]:
    """Of several rows with a column for each value, the sum of each."""
    return [_added(rows.c[f"{kind}_{value}"]) for value in _values(scale)]


def _added(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The sum, as an integer: PostgreSQL's is a decimal."""
    return cast(func.sum(column), BigInteger)


def _three(rows: FromClause, kind: Kind, scale: str | None) -> list[ColumnElement[int]]:
    """Votes, satisfied, dissatisfied of a row with a column for each value."""
    satisfied = {code: range(each.satisfied_from, each.best + 1) for code, each in SCALES.items()}
    not_so = {code: range(each.worst, DISSATISFIED_TO[each] + 1) for code, each in SCALES.items()}
    return [
        _sum(rows, kind, _values(scale)),
        _of_scale(rows, kind, scale, satisfied),
        _of_scale(rows, kind, scale, not_so),
    ]


def _of_scale(
    rows: FromClause, kind: Kind, scale: str | None, which: Mapping[str, range]
) -> ColumnElement[int]:
    """Votes of those values that the row's scale has in ``which``."""
    if scale is not None:
        return _sum(rows, kind, which[scale])
    cases = (
        (rows.c.scale == literal_column(f"'{code}'"), _sum(rows, kind, values))
        for code, values in which.items()
    )
    return case(*cases, else_=_NOUGHT)


def _values(scale: str | None) -> range:
    """The values that are asked for."""
    return VALUES if scale is None else SCALES[scale].values


_NOUGHT: Final[ColumnElement[int]] = literal_column("0")


def _sum(rows: FromClause, kind: Kind, values: range) -> ColumnElement[int]:
    first, *rest = (rows.c[f"{kind}_{value}"] for value in values)
    found: ColumnElement[int] = first
    for column in rest:
        found = found + column
    return found


def _within(day: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(day >= bindparam("from_on"), day <= bindparam("to_on"))


def _are(table: Table, asked: Asked, scale: str | None = None) -> list[ColumnElement[bool]]:
    wanted = [table.c[name] == bindparam(name) for name in asked]
    if scale is not None:
        wanted.append(table.c.scale == literal_column(f"'{scale}'"))
    return wanted


def _text(query: Any, asked: Asked, dialect: str) -> str:  # noqa: ANN401  # any select
    return to_text(query, ["listed", "from_on", "to_on", *asked], dialect)
