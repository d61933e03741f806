"""Flags: reasons to doubt an event. Nothing is deleted; doubted events leave the filtered figures.

A rule against misuse flags each event that it means: a rating, a correction, an answer. Of a
flagged correction the one before it counts; of a flagged rating nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, delete, select

from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.flag_reasons import JUDGED, OVERREACH, PROVENANCE, is_doubt
from broker.store.history import Histories, answer_keys
from broker.store.local_time import Calendar
from broker.store.registered import read_calendars
from broker.store.rollups import Counts, RollupWriter
from broker.store.statements import Row, insert_new, is_listed, listed, to_text, write_rows
from broker.store.tables import Event, Flag, table_of

Doubt: TypeAlias = tuple[str, str]
"""Event, reason."""

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
    with database.transaction() as connection, _recounting(connection, event_ids):
        _delete(connection, event_ids, reason)


@dataclass(frozen=True, slots=True)
class Change:
    """How many flags were set and how many taken back; a new rule version does both."""

    set: int = 0
    taken_back: int = 0

    def __add__(self, other: Change) -> Change:
        return Change(self.set + other.set, self.taken_back + other.taken_back)


def change_of(
    connection: Connection, event_ids: Sequence[str], wanted: AbstractSet[Doubt], rule_version: int
) -> Change:
    """What :func:`replace_flags` would do; it writes nothing."""
    gone, new = _difference(connection, event_ids, wanted, rule_version)
    return Change(len(new), len(gone))


def replace_flags(
    connection: Connection,
    event_ids: Sequence[str],
    wanted: AbstractSet[Doubt],
    *,
    rule_version: int,
    at: datetime,
) -> Change:
    """Let ``event_ids`` have the ``wanted`` flags of rules and rulings, and no others.

    Inside a transaction in which :func:`lock_events` came first, and what was read for
    ``wanted`` after it. Flags of origin stay; so do those that are there already with this
    version.
    """
    gone, new = _difference(connection, event_ids, wanted, rule_version)
    if not gone and not new:
        return Change()
    with _recounting(connection, sorted({event_id for event_id, _ in gone | new})):
        for reason in sorted({reason for _, reason in gone}):
            _delete(connection, [event_id for event_id, each in gone if each == reason], reason)
        rows = [(event_id, reason, rule_version, to_ms(at)) for event_id, reason in new]
        FlagRows(connection.dialect.name).insert(connection, rows)
    return Change(len(new), len(gone))


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


def _difference(
    connection: Connection, event_ids: Sequence[str], wanted: AbstractSet[Doubt], rule_version: int
) -> tuple[set[Doubt], set[Doubt]]:
    """Flags of judging that are there and shouldn't be, and those that should be and aren't."""
    table, dialect = table_of(Flag), connection.dialect.name
    query = select(table.c.event_id, table.c.reason, table.c.rule_version).where(
        is_listed(table.c.event_id, dialect), table.c.reason.in_(JUDGED)
    )
    found = connection.execute(query, {"listed": listed(event_ids, dialect)})
    there = {(row.event_id, row.reason): row.rule_version for row in found}
    kept = {doubt for doubt in there.keys() & wanted if there[doubt] == rule_version}
    return there.keys() - kept, set(wanted) - kept


def _delete(connection: Connection, event_ids: Sequence[str], reason: str) -> None:
    table, dialect = table_of(Flag), connection.dialect.name
    query = delete(table).where(table.c.reason == reason, is_listed(table.c.event_id, dialect))
    connection.execute(query, {"listed": listed(event_ids, dialect)})


def _doubted_among(connection: Connection, event_ids: Sequence[str]) -> set[str]:
    """Those of ``event_ids`` that are out of the filtered figures."""
    table, dialect = table_of(Flag), connection.dialect.name
    query = select(table.c.event_id, table.c.reason).where(is_listed(table.c.event_id, dialect))
    found = connection.execute(query, {"listed": listed(event_ids, dialect)})
    return {event_id for event_id, reason in found if is_doubt(reason)}


def _check(reason: str) -> None:
    if reason in PROVENANCE | OVERREACH:
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
    answers = [row for row in found if row.kind == "answer"]
    doubted = _doubted_among(connection, [row.id for row in answers])
    for row in answers:
        if row.id not in doubted:
            counts.answers.filtered.update(answer_keys(row, calendars[row.site]))
    return counts
