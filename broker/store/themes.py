"""Themes of comments: how many there were, and nothing of what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from broker.store.database import Database
from broker.store.place_tables import ThemeCount
from broker.store.statements import put, write_rows
from broker.store.tables import table_of

_table: Final = table_of(ThemeCount)
_COLUMNS: Final = ("touchpoint", "survey", "month", "theme", "number")


class ThemeMonth(NamedTuple):
    """How many comments of ``month`` (``2026-11``) were about ``theme``."""

    touchpoint: str
    survey: str
    month: str
    theme: str
    number: int


def put_theme_counts(database: Database, counts: Sequence[ThemeMonth]) -> None:
    """Write what the counts are now; said twice, it is the same."""
    with database.transaction() as connection:
        write_rows(connection, put(_table, _COLUMNS, database.dialect), counts)


def read_theme_counts(
    connection: Connection,
    *,
    touchpoints: Sequence[str] | None = None,
    survey: str | None = None,
    first_month: str = "",
    last_month: str = "9999-12",
) -> dict[str, int]:
    """Theme → comments about it, the most frequent first; a comment may be about several.

    Args:
        connection: where.
        touchpoints: codes; else all.
        survey: code; else all.
        first_month: ``2026-01``.
        last_month: included.
    """
    number = func.sum(_table.c.number)
    query = (
        select(_table.c.theme, number)
        .where(_table.c.month.between(first_month, last_month))
        .group_by(_table.c.theme)
        .having(number > 0)
        .order_by(number.desc(), _table.c.theme)
    )
    if touchpoints is not None:
        query = query.where(_table.c.touchpoint.in_(touchpoints))
    if survey is not None:
        query = query.where(_table.c.survey == survey)
    return {theme: int(count) for theme, count in connection.execute(query)}
