"""Quarantine: what could not be accepted is kept whole, with its reason, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.statements import fetch, insert_into, is_listed, listed, to_text, write_rows
from broker.store.tables import Quarantined, table_of
from broker.wire.events import MAX_INTEGER

MAX_DETAIL: Final = 1_000
"""Characters of a detail that are kept; it may quote what a stranger sent."""

AT_ONCE: Final = 1_000
"""Entries read at a time, with their payloads: up to 256 MiB of the worst, 500 KB as a rule."""

_ONE_WAITS: Final = "SELECT 1 FROM quarantine WHERE readmitted_at IS NULL LIMIT 1"

_UNDECODABLE: Final = ("bad-topic", "not-json", "too-deep", "too-large")
"""Reasons of what holds no event that could be told."""

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


class Entry(NamedTuple):
    """Something to keep, in the order of its columns.

    Attributes:
        received_ms: when it arrived first, milliseconds since 1970 UTC.
        digest: the same for the same thing sent again.
        stream: as sent; there may be no such row.
        payload: the event, or the message, whole.
    """

    received_ms: int
    digest: str
    site: str
    device: str
    topic: str
    stream: str | None
    seq: int | None
    event_id: str | None
    reason: str
    detail: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Reasoned:
    """How many entries wait for people, and why."""

    reason: str
    number: int


_COLUMNS: Final = (
    *("received_at", "last_seen_at", "times_seen", "digest", "site", "device", "topic", "stream"),
    *("seq", "event_id", "reason", "detail", "payload"),
)


class QuarantineRows:
    """Writes the quarantine; made once a database, since it holds the statements as text."""

    def __init__(self, dialect: str) -> None:
        """Prepare the statements."""
        self._dialect: Final = dialect
        table = table_of(Quarantined)
        self._keep: Final = to_text(_keep(dialect), _COLUMNS, dialect)
        waiting = select(table.c.number, table.c.digest).where(
            is_listed(table.c.event_id, dialect), table.c.readmitted_at.is_(None)
        )
        self._waiting: Final = to_text(waiting, ["listed"], dialect)
        is_row = table.c.number == bindparam("row")
        readmitted = update(table).where(is_row).values(readmitted_at=bindparam("at"))
        self._readmitted: Final = to_text(readmitted, ["at", "row"], dialect)
        refused = (
            update(table)
            .where(is_row)
            .values({name: bindparam(name) for name in ("reason", "detail")})
        )
        self._refused: Final = to_text(refused, ["reason", "detail", "row"], dialect)

    def keep(self, connection: Connection, entries: Sequence[Entry], now_ms: int) -> None:
        """Keep ``entries``. What is kept already is not kept twice, but counted, and gets the
        reason that holds now.
        """
        rows = [(entry.received_ms, now_ms, 1, *_storable(entry)[1:]) for entry in entries]
        write_rows(connection, self._keep, rows)

    def waiting(self, connection: Connection, ids: Sequence[str]) -> list[tuple[int, str]]:
        """Number and digest of the entries of events ``ids`` that still wait."""
        if not fetch(connection, _ONE_WAITS):  # as nearly always, and then a thousand looks less
            return []
        found = fetch(connection, self._waiting, listed(ids, self._dialect))
        return [(number, digest) for number, digest in found]

    def mark_readmitted(self, connection: Connection, numbers: Sequence[int], now_ms: int) -> None:
        """Say that what these entries kept is in the store."""
        write_rows(connection, self._readmitted, [(now_ms, number) for number in numbers])

    def mark_refused(self, connection: Connection, refused: Sequence[tuple[int, str, str]]) -> None:
        """Give entries the reason and detail that hold now; each is number, reason, detail."""
        rows = [(reason, _text(detail), number) for number, reason, detail in refused]
        write_rows(connection, self._refused, rows)


def list_entries(
    database: Database,
    *,
    reason: str | None = None,
    is_waiting: bool = True,
    limit: int | None = 1_000,
    with_payload: bool = True,
) -> list[Quarantined]:
    """Entries in the order of their arrival: those that wait, or those readmitted.

    Args:
        database: where they are.
        reason: only those with this one.
        is_waiting: those that wait; else those readmitted.
        limit: at most so many; ``None`` for all.
        with_payload: else ``payload`` is ``None`` in all of them: for lists, which may be long.
    """
    table = table_of(Quarantined)
    at = table.c.readmitted_at
    columns = [column for column in table.columns if with_payload or column.name != "payload"]
    query = select(*columns).where(at.is_(None) if is_waiting else at.is_not(None))
    if reason is not None:
        query = query.where(table.c.reason == reason)
    return _entries(database, query.order_by(table.c.number).limit(limit))


def waiting_entries(database: Database, *, reason: str | None = None) -> Iterator[Quarantined]:
    """All entries that wait, whole, in the order of their arrival; some at a time are in memory.

    Those that stop waiting meanwhile do no harm, so it may feed
    :meth:`broker.intake.intake.Intake.readmit`.
    """
    table = table_of(Quarantined)
    query = select(table).where(table.c.readmitted_at.is_(None))
    if reason is not None:
        query = query.where(table.c.reason == reason)
    query = query.order_by(table.c.number).limit(AT_ONCE)
    last = 0
    while found := _entries(database, query.where(table.c.number > last)):
        yield from found
        last = found[-1].number or 0


def show_entry(database: Database, number: int) -> Quarantined:
    """One entry, with its payload.

    Raises:
        StoreError: there is none of that number.
    """
    table = table_of(Quarantined)
    found = _entries(database, select(table).where(table.c.number == number))
    if not found:
        raise StoreError(f"quarantine has no entry {number}: list it to see the numbers")
    return found[0]


def count_waiting(database: Database) -> list[Reasoned]:
    """How many entries wait for people, by reason, the most first."""
    table = table_of(Quarantined)
    query = (
        select(table.c.reason, func.count())
        .where(table.c.readmitted_at.is_(None))
        .group_by(table.c.reason)
        .order_by(func.count().desc(), table.c.reason)
    )
    with database.reading() as connection:
        return [Reasoned(reason, number) for reason, number in connection.execute(query)]


def erase_undecodable(database: Database, received_before: datetime) -> int:
    """Erase the bytes that could not be decoded and came before; how many entries had some.

    They may be anything, a stranger's words included. Reasons stay. Events are never erased: not
    those of an unknown version or kind, and not an invalid one that still tells its id, which a
    repaired program may read. One without an id could never be admitted.
    """
    table = table_of(Quarantined)
    erased = (
        update(table)
        .where(
            or_(
                table.c.reason.in_(_UNDECODABLE),
                and_(table.c.reason == "invalid", table.c.event_id.is_(None)),
            ),
            table.c.received_at < received_before,
            table.c.payload.is_not(None),
        )
        .values(payload=None)
    )
    with database.transaction() as connection:
        return connection.execute(erased).rowcount


def _entries(database: Database, query: Select[Any]) -> list[Quarantined]:
    with database.reading() as connection:
        found = connection.execute(query).mappings()
        return [Quarantined(**{"payload": None, **row}) for row in found]


def _keep(dialect: str) -> Insert:
    """Insert an entry, or count one more arrival of it."""
    table = table_of(Quarantined)
    statement = insert_into(table, _COLUMNS, dialect)
    newest = {name: statement.excluded[name] for name in ("last_seen_at", "reason", "detail")}
    once_more = table.c.times_seen + literal_column("1")
    return statement.on_conflict_do_update(
        index_elements=["digest"], set_={**newest, "times_seen": once_more}
    )


def _storable(entry: Entry) -> Entry:
    """``entry`` with nothing in it that a database refuses: strangers send what they like."""
    is_number = entry.seq is not None and 0 < entry.seq <= MAX_INTEGER
    return entry._replace(
        topic=_text(entry.topic),
        stream=None if entry.stream is None else _text(entry.stream),
        seq=entry.seq if is_number else None,
        event_id=None if entry.event_id is None else _text(entry.event_id),
        detail=_text(entry.detail),
    )


def _text(text: str) -> str:
    """``text`` without lone surrogates and NUL, which PostgreSQL has no place for, and not long."""
    sound = text.encode("utf-8", "backslashreplace").decode()
    return sound.replace("\0", "\\0")[:MAX_DETAIL]
