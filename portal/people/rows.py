"""Rows of this area as the objects of their tables."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, select

from portal.store.tables import PortalTable, table_of

Row = TypeVar("Row", bound=PortalTable)


def rows(
    connection: Connection,
    model: type[Row],
    *where: ColumnElement[bool],
    order: tuple[str, ...] = (),
    most: int | None = None,
    is_locked: bool = False,
) -> list[Row]:
    """Rows that fulfil all of ``where``.

    Args:
        connection: of the caller's transaction.
        model: of which table.
        where: conditions.
        order: columns.
        most: how many at the most.
        is_locked: keep them from others until the end of the transaction; SQLite has one writer
            at a time anyway.
    """
    table = table_of(model)
    asked = select(table).where(*where).order_by(*(table.c[name] for name in order)).limit(most)
    if is_locked:
        asked = asked.with_for_update()
    return [model(**found) for found in connection.execute(asked).mappings()]


def row(
    connection: Connection,
    model: type[Row],
    *where: ColumnElement[bool],
    is_locked: bool = False,
) -> Row | None:
    """The first such row, if there is one."""
    return next(iter(rows(connection, model, *where, most=1, is_locked=is_locked)), None)
