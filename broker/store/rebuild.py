"""Reckoning the rollups anew from the rows: the proof that they agree, and the cure if not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    case,
    cast,
    delete,
    func,
    literal_column,
    select,
)

from broker.store.database import Database
from broker.store.flags import lock_events, read_doubted
from broker.store.history import Change, History, answer_keys, slot_of
from broker.store.local_time import Calendar
from broker.store.registered import read_calendars
from broker.store.rollups import ROLLUPS, Counts, RollupWriter
from broker.store.statements import to_text
from broker.store.streams import StreamRows, StreamState
from broker.store.tables import Device, DeviceStatus, Event, Meta, Quarantined, Stream, table_of
from broker.wire.errors import REASONS as UNDECODABLE

_AT_ONCE: Final = 10_000
"""Rows fetched at a time."""
_MOST_KEYS: Final = 200_000
"""Counts held in memory before they are written."""


_DUE: Final = "rollups-to-count"
"""The mark of a migration that brought rollups which nobody counted yet."""


def is_due(connection: Connection) -> bool:
    """Whether rollups wait for being counted."""
    query = select(table_of(Meta).c.value).where(table_of(Meta).c.key == _DUE)
    return connection.execute(query).scalar() is not None


def rebuild(database: Database, *, only_if_due: bool = False) -> int:
    """Reckon all rollups anew from the rows, in one transaction; collectors wait meanwhile.

    It reads some 200,000 events a second, and holds the corrections in memory, which are few.

    Args:
        database: the feedback store.
        only_if_due: do nothing unless a migration wants it; another program may have done it.

    Returns:
        How many ratings and answers were counted.

    Raises:
        UnavailableError: as any transaction.
    """
    with database.transaction() as connection:
        lock_events(connection)
        if only_if_due and not is_due(connection):
            return 0
        connection.execute(delete(table_of(Meta)).where(table_of(Meta).c.key == _DUE))
        for model in ROLLUPS:
            connection.execute(delete(table_of(model)))
        _count_streams(connection)
        return _count_all(connection)


def _count_all(connection: Connection) -> int:
    calendars, doubted = read_calendars(connection), read_doubted(connection)
    changes = _changes(connection)
    writer, counts = RollupWriter(connection.dialect.name), Counts()
    counted = 0
    for row in _rows(connection, are_corrections=False):
        counted += 1
        if row.kind == "rating":
            _count_rating(counts, _history(row, calendars, changes, doubted))
        else:
            keys = answer_keys(row, calendars[row.site])
            counts.answers.raw.update(keys)
            if row.id not in doubted:
                counts.answers.filtered.update(keys)
        if len(counts) > _MOST_KEYS:
            writer.add(connection, counts)
            counts = Counts()
    writer.add(connection, counts)
    return counted


def _count_rating(counts: Counts, history: History) -> None:
    counts.ratings.raw[history.key] += 1
    if history.filtered_key is not None:
        counts.ratings.filtered[history.filtered_key] += 1


def _history(
    row: Any,  # noqa: ANN401  # a database's row
    calendars: Mapping[str, Calendar],
    changes: Mapping[str, list[Change]],
    doubted: set[str],
) -> History:
    slot = slot_of(calendars[row.site], row.answered_at, row.clock, row.precision)
    where = (row.touchpoint, row.survey, row.question, row.scale, row.channel)
    key = (*where, slot, row.value)
    return History(row.id, row.device, key, changes.get(row.id, []), doubted)


def _changes(connection: Connection) -> dict[str, list[Change]]:
    """All corrections, by rating."""
    found: dict[str, list[Change]] = defaultdict(list)
    for row in _rows(connection, are_corrections=True):
        found[row.rating].append(Change(row.seq, row.number, row.id, row.value))
    return found


def _rows(connection: Connection, *, are_corrections: bool) -> Iterator[Any]:
    """Corrections, or all else, undecoded and some at a time."""
    table = table_of(Event)
    is_correction = table.c.kind == literal_column("'correction'")
    query = select(table).where(is_correction if are_corrections else ~is_correction)
    sql = to_text(query, [], connection.dialect.name)
    yield from connection.execution_options(yield_per=_AT_ONCE).exec_driver_sql(sql)


def _count_streams(connection: Connection) -> None:
    """Reckon the account of each stream anew from what is stored, and the words about it.

    What was heard of it before is one of them: heartbeats of old are gone, and only they told of
    the last events of a dead device. What is absurd is taken back.
    """
    table = table_of(Stream)
    words = _words(connection)
    counted = {row.stream: row for row in connection.execute(_numbers())}
    states = []
    for row in connection.execute(select(table)).all():
        count = counted.get(row.number)
        known = (count.greatest, count.seqs, count.clashes) if count else (0, 0, 0)
        state = StreamState(row.number, row.device, *known)
        for word in sorted([row.greatest_seq, *words[row.stream]]):
            state.hear(word)
        states.append(state)
    StreamRows(connection.dialect.name).save(connection, states)


def _numbers() -> Select[Any]:
    """By stream: how many different numbers are stored, the greatest, and how many clash."""
    event = table_of(Event)
    each = (
        select(event.c.stream, event.c.seq, func.count().label("events"))
        .group_by(event.c.stream, event.c.seq)
        .subquery()
    )
    clashing = cast(func.sum(case((each.c.events > 1, each.c.events), else_=0)), BigInteger)
    return select(
        each.c.stream,
        func.max(each.c.seq).label("greatest"),
        func.count().label("seqs"),
        clashing.label("clashes"),
    ).group_by(each.c.stream)


def _words(connection: Connection) -> dict[str, list[int]]:
    """By stream: the greatest numbers that its device told of, in what is kept of it and could be
    read, and in its last heartbeat. What others were believed was noted before.
    """
    home, entry, beat = table_of(Device), table_of(Quarantined), table_of(DeviceStatus)
    stream = table_of(Stream)
    kept = select(entry.c.stream, func.max(entry.c.seq)).where(
        entry.c.readmitted_at.is_(None),
        entry.c.reason.not_in(list(UNDECODABLE)),
        entry.c.device == home.c.name,
        entry.c.site == home.c.site,
        stream.c.stream == entry.c.stream,
        stream.c.device == entry.c.device,
    )
    beats = select(beat.c.stream, func.max(beat.c.last_seq)).where(
        beat.c.device == home.c.name,
        beat.c.site == home.c.site,
        stream.c.stream == beat.c.stream,
        stream.c.device == beat.c.device,
    )
    found: dict[str, list[int]] = defaultdict(list)
    for query in (kept.group_by(entry.c.stream), beats.group_by(beat.c.stream)):
        for stream, seq in connection.execute(query):
            if stream is not None and seq is not None:
                found[stream].append(seq)
    return found
