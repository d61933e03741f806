"""Statements of the hot path: written in SQLAlchemy Core, compiled to text once a database.

Executing Core costs some 40 µs a statement and several a row (reference: 5.4 µs against 1.8 µs a
row); its text and plain tuples, handed to the driver's cursor, cost what the driver costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    any_,
    bindparam,
    func,
    literal_column,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from sqlalchemy import ClauseElement, Dialect

Row: TypeAlias = tuple[Any, ...]

_LANE: Final = {"sqlite": "0", "postgresql": "mod(pg_backend_pid(), 8)"}
"""Two who write at once seldom meet in a row that counts for all places; whose lane a count is in
means nothing, and one may be negative."""

# Positional marks, so that tuples bind.
_DIALECTS: Final[dict[str, Dialect]] = {
    name: make_url(f"{driver}://").get_dialect()(paramstyle=style)  # type: ignore[call-arg]  # all real ones take it
    for name, driver, style in (
        ("sqlite", "sqlite", "qmark"),
        ("postgresql", "postgresql+psycopg", "format"),
    )
}


def fetch(connection: Connection, sql: str, *binds: object) -> list[Row]:
    """All rows that ``sql`` finds, by the driver's own cursor."""
    cursor = connection.connection.cursor()
    cursor.execute(sql, binds)
    return list(cursor.fetchall())


def write_rows(connection: Connection, sql: str, rows: Sequence[Row]) -> int:
    """Execute ``sql`` with each of ``rows``; how many rows it wrote."""
    if not rows:
        return 0
    cursor = connection.connection.cursor()
    cursor.executemany(sql, rows)
    return cursor.rowcount


def insert_into(
    table: Table, columns: Sequence[str], dialect: str
) -> sqlite.Insert | postgresql.Insert:
    """An insert of one row of ``columns``, for a conflict clause to be added."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values: dict[str, object] = {name: bindparam(name) for name in columns}
    return make(table).values(values).inline()


def insert_new(table: Table, columns: Sequence[str], dialect: str) -> str:
    """Insert rows of ``columns``; what is there already stays, and is not in ``rowcount``."""
    statement = insert_into(table, columns, dialect).on_conflict_do_nothing()
    return to_text(statement, columns, dialect)


def add_counts(table: Table, columns: Sequence[str], dialect: str) -> str:
    """Add counts, which are all but the key, to the row of a rollup, or make one.

    A column ``lane`` is filled in here: another one for each connection, as far as there are.
    """
    statement = insert_into(table, columns, dialect)
    if "lane" in table.c:
        statement = statement.values(lane=literal_column(_LANE[dialect]))
    sums = {
        name: table.c[name] + statement.excluded[name]
        for name in columns
        if name not in table.primary_key
    }
    statement = statement.on_conflict_do_update(index_elements=table.primary_key, set_=sums)
    return to_text(statement, columns, dialect)


def put(table: Table, columns: Sequence[str], dialect: str) -> str:
    """Write ``columns`` of the row with that primary key, or make one."""
    statement = insert_into(table, columns, dialect)
    rest = {name: statement.excluded[name] for name in columns if name not in table.primary_key}
    statement = statement.on_conflict_do_update(index_elements=table.primary_key, set_=rest)
    return to_text(statement, columns, dialect)


def is_listed(column: Column[Any], dialect: str) -> ColumnElement[bool]:
    """Whether ``column`` is in a list bound as one value (see :func:`listed`), however long."""
    if dialect == "sqlite":
        values = func.json_each(bindparam("listed", type_=Text)).table_valued("value")
        return column.in_(select(values.c.value))
    return column == any_(bindparam("listed", type_=ARRAY(column.type)))


def listed(values: Sequence[str] | Sequence[int], dialect: str) -> object:
    """``values`` as :func:`is_listed` wants them."""
    return msgspec.json.encode(values).decode() if dialect == "sqlite" else list(values)


def as_list(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """All values of a group's rows, to be read by :func:`read_list`; several in the same order."""
    return (func.json_group_array if dialect == "sqlite" else func.array_agg)(column)


def read_list(found: str | list[Any]) -> list[Any]:
    """What :func:`as_list` found: SQLite tells it as JSON."""
    return msgspec.json.decode(found) if isinstance(found, str) else found


def to_text(statement: ClauseElement, binds: Sequence[str], dialect: str) -> str:
    """SQL of ``statement``, whose marks stand in the order of ``binds``."""
    compiled = statement.compile(dialect=_DIALECTS[dialect])
    order = getattr(compiled, "positiontup", None)
    if order != list(binds):
        raise AssertionError(f"marks in order {order}, expected {list(binds)}")
    return str(compiled)
