"""Flags: reasons to doubt an event. Nothing is deleted; doubted events leave the filtered figures.

A rule against misuse flags each event that it means: a rating, a correction, an answer. Of a
flagged correction the one before it counts; of a flagged rating nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.flag_reasons import PROVENANCE, is_doubt
from broker.store.history import Histories, answer_keys
from broker.store.local_time import Calendar
from broker.store.registry import read_calendars
from broker.store.rollups import Counts, RollupWriter
from broker.store.statements import Row, insert_new, is_listed, listed, to_text, write_rows
from broker.store.tables import Event, Flag, table_of

_COLUMNS: Final = ("event_id", "reason", "rule_version", "flagged_at")


class FlagRows:
    """Writes flags; made once a database, since it holds the statement as text."""

    def __init__(self, dialect: str) -> None:
        """Prepare the statement."""
        self._insert: Final = insert_new(table_of(Flag), _COLUMNS, dialect)

    def insert(self, connection: Connection, flags: Sequence[Row]) -> None:
        """Insert ``flags``, each in the order of the table's columns; those there stay."""
        write_rows(connection, self._insert, sorted(flags))


def flag(
    database: Database, event_ids: Sequence[str], *, reason: str, rule_version: int, at: datetime
) -> None:
    """Flag events for misuse; what is flagged so already stays as it is.

    Raises:
        StoreError: ``reason`` isn't one of misuse, or an event is not in the store.
    """
    _check(reason)
    rows = [(event_id, reason, rule_version, to_ms(at)) for event_id in event_ids]
    with database.transaction() as connection, _recounting(connection, event_ids) as known:
        unknown = sorted(set(event_ids) - known)
        if unknown:
            raise StoreError(f"no such event in the store: {', '.join(unknown[:5])}")
        FlagRows(database.dialect).insert(connection, rows)


def unflag(database: Database, event_ids: Sequence[str], *, reason: str) -> None:
    """Take back a flag for misuse, where there is one.

    Raises:
        StoreError: ``reason`` isn't one of misuse.
    """
    _check(reason)
    table = table_of(Flag)
    is_meant = is_listed(table.c.event_id, database.dialect)
    with database.transaction() as connection, _recounting(connection, event_ids):
        connection.execute(
            delete(table).where(table.c.reason == reason, is_meant),
            {"listed": listed(event_ids, database.dialect)},
        )


def lock_events(connection: Connection) -> None:
    """Let nobody add or flag events until this transaction ends.

    On SQLite ``BEGIN IMMEDIATE`` does so; on PostgreSQL a collector waits, and goes on after. It
    takes rows of ``stream`` before anything else, so that is where it must be stopped: later
    each would wait for the other.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE stream, event IN EXCLUSIVE MODE")


def read_doubted(connection: Connection) -> set[str]:
    """Ids of all events that are out of the filtered figures."""
    table = table_of(Flag)
    query = select(table.c.event_id, table.c.reason)
    return {event_id for event_id, reason in connection.execute(query) if is_doubt(reason)}


def _check(reason: str) -> None:
    if reason in PROVENANCE:
        raise StoreError(f"{reason!r} tells where an event came from; only the intake sets it")


@contextmanager
def _recounting(connection: Connection, event_ids: Sequence[str]) -> Iterator[set[str]]:
    """Change the filtered counts by what happens inside; yields those ids that are stored."""
    lock_events(connection)
    found = _read(connection, event_ids)
    calendars = read_calendars(connection)
    before = _standing(connection, found, calendars)
    yield {row.id for row in found}
    change = _standing(connection, found, calendars)
    change.ratings.filtered.subtract(before.ratings.filtered)
    change.answers.filtered.subtract(before.answers.filtered)
    RollupWriter(connection.dialect.name).add(connection, change)


def _read(connection: Connection, event_ids: Sequence[str]) -> list[Any]:
    table, dialect = table_of(Event), connection.dialect.name
    sql = to_text(select(table).where(is_listed(table.c.id, dialect)), ["listed"], dialect)
    return list(connection.exec_driver_sql(sql, (listed(event_ids, dialect),)))


def _standing(
    connection: Connection, found: Sequence[Any], calendars: Mapping[str, Calendar]
) -> Counts:
    """Where the filtered figures count these events now."""
    counts = Counts()
    ratings = {row.rating or row.id for row in found if row.kind != "answer"}
    histories = Histories(connection.dialect.name).read(connection, sorted(ratings), calendars)
    for history in histories.values():
        if history.filtered_key is not None:
            counts.ratings.filtered[history.filtered_key] += 1
    doubted = read_doubted(connection)
    for row in found:
        if row.kind == "answer" and row.id not in doubted:
            counts.answers.filtered.update(answer_keys(row, calendars[row.site]))
    return counts
