"""Reading what a statement finds of some touchpoints on some days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from sqlalchemy import Connection

from analytics.period import Period
from analytics.questions.asked import Choice, Spans
from analytics.questions.statements import Asked, Kind, asked_of, kind_of
from broker.store.statements import Row, fetch, listed

Statement: TypeAlias = Callable[[str, Kind, Asked, str | None], str]


def read(
    connection: Connection, statement: Statement, choice: Choice, spans: Spans
) -> Iterator[Row]:
    """The rows of all ``spans``, one after the other."""
    dialect, asked = connection.dialect.name, asked_of(choice)
    sql = statement(dialect, kind_of(choice), tuple(asked), choice.scale)
    for days, codes in spans.items():
        yield from fetch(connection, sql, listed(codes, dialect), *_ends(days), *asked.values())


def read_by_place(
    connection: Connection, statement: Statement, choice: Choice, period: Period
) -> Iterator[tuple[Mapping[str, tuple[int, ...]], list[Row]]]:
    """Rows that begin with a touchpoint, and with them touchpoint → numbers of the places that it
    stood in on those days. A touchpoint of several places, of which one lies in another, is read
    once.
    """
    for days, places_of in choice.scope.parts.items():
        both = days.common(period)
        if both is not None:
            yield places_of, list(read(connection, statement, choice, {both: list(places_of)}))


def read_all(
    connection: Connection, statement: Statement, choice: Choice, days: Period
) -> list[Row]:
    """The rows of a total over all touchpoints."""
    asked = asked_of(choice)
    sql = statement(connection.dialect.name, kind_of(choice), tuple(asked), choice.scale)
    return fetch(connection, sql, *_ends(days), *asked.values())


def _ends(days: Period) -> tuple[str, str]:
    return days.from_on.isoformat(), days.to_on.isoformat()
