"""Single votes, read by the index of touchpoint and time: where no rollup is fine enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, literal_column, select

from analytics.questions.asked import Choice
from analytics.questions.statements import Asked, Kind, asked_of, kind_of
from broker.store.columns import to_ms
from broker.store.flag_reasons import PROVENANCE
from broker.store.statements import Row, fetch, is_listed, listed, to_text
from broker.store.tables import Event, Flag, table_of

_RATING: Final = table_of(Event)
_IS_RATING: Final = _RATING.c.kind == literal_column("'rating'")


def read_votes(
    connection: Connection, choice: Choice, codes: Sequence[str], from_at: datetime, to_at: datetime
) -> list[Row]:
    """Votes from ``from_at`` on, until before ``to_at``: touchpoint, site, scale, value, answered
    at (ms), clock and precision. Filtered, a vote has its last value that nobody doubts.
    """
    dialect, asked = connection.dialect.name, asked_of(choice)
    sql = votes(dialect, kind_of(choice), tuple(asked), choice.scale)
    ends = to_ms(from_at), to_ms(to_at)
    return fetch(connection, sql, listed(codes, dialect), *ends, *asked.values())


@cache
def votes(dialect: str, kind: Kind, asked: Asked, scale: str | None = None) -> str:
    """The statement of :func:`read_votes`."""
    rating = _RATING.c
    value: ColumnElement[Any] = rating.value
    if kind == "filtered":
        value = func.coalesce(_last_value(), rating.value)
    timing = rating.answered_at, rating.clock, rating.precision
    query = select(rating.touchpoint, rating.site, rating.scale, value, *timing).where(
        is_listed(rating.touchpoint, dialect),
        rating.answered_at >= bindparam("from_at"),
        rating.answered_at < bindparam("to_at"),
        _IS_RATING,
        *(rating[name] == bindparam(name) for name in asked),
    )
    if scale is not None:
        query = query.where(rating.scale == literal_column(f"'{scale}'"))
    if kind == "filtered":
        query = query.where(~_is_doubted(rating.id))
    return to_text(query, ["listed", "from_at", "to_at", *asked], dialect)


def _last_value() -> ColumnElement[Any]:
    """Of the corrections that nobody doubts, the last: as ``broker.store.history`` has it."""
    change = _RATING.alias("change")
    return (
        select(change.c.value)
        .where(change.c.rating == _RATING.c.id, change.c.kind == literal_column("'correction'"))
        .where(~_is_doubted(change.c.id))
        .order_by(change.c.seq.desc(), change.c.number.desc())
        .limit(literal_column("1"))
        .offset(literal_column("0"))  # else SQLAlchemy binds it
        .scalar_subquery()
    )


def _is_doubted(event_id: ColumnElement[str]) -> ColumnElement[bool]:
    flag = table_of(Flag).c
    of_origin: list[ColumnElement[str]] = [
        literal_column(f"'{reason}'") for reason in sorted(PROVENANCE)
    ]
    return exists().where(flag.event_id == event_id, flag.reason.not_in(of_origin))
