"""Completeness: of every device and stream, made = stored + only in quarantine + missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, distinct, func, select

from broker.store.database import Database
from broker.store.flag_reasons import SEQ_CLASH
from broker.store.tables import Event, Flag, Quarantined, Stream, table_of

FIRST_GAPS: Final = 5


@dataclass(frozen=True, slots=True)
class Completeness:
    """One stream's account, in numbers of events.

    Attributes:
        device: the first that used the stream.
        stream: the outbox's id.
        made: the greatest number heard of, in events or heartbeats: numbers start at 1 and never
            skip.
        stored: different numbers in the store.
        quarantined: different numbers that are only in quarantine.
        missing: the rest: under way, waiting in the device, or lost.
        gaps: the first few missing ranges, each from and to, both included.
        clashes: events that share their number with another one: a copied card.
    """

    device: str
    stream: str
    made: int
    stored: int
    quarantined: int
    missing: int
    gaps: tuple[tuple[int, int], ...]
    clashes: int


def completeness(database: Database, device: str | None = None) -> list[Completeness]:
    """The account of every stream, or of one device's, by device and age.

    Costs a row a stream, not an event: the intake keeps the numbers. Only where something is
    missing are numbers walked through, by index, up to the first few gaps.
    """
    table = table_of(Stream)
    query = select(table).order_by(table.c.device, table.c.number)
    if device is not None:
        query = query.where(table.c.device == device)
    with database.reading() as connection:
        kept, clashes = _quarantined(connection), _clashes(connection)
        return [
            _account(connection, row, kept.get(row.stream, 0), clashes.get(row.number, 0))
            for row in connection.execute(query).all()
        ]


def _account(connection: Connection, row: Any, quarantined: int, clashes: int) -> Completeness:  # noqa: ANN401  # a database's row
    missing = row.greatest_seq - row.stored_seqs - quarantined
    gaps = _first_gaps(connection, row) if missing else ()
    return Completeness(
        row.device,
        row.stream,
        row.greatest_seq,
        row.stored_seqs,
        quarantined,
        missing,
        gaps,
        clashes,
    )


def _quarantined(connection: Connection) -> dict[str, int]:
    """By stream, how many different numbers are in quarantine and not in the store."""
    entry, event, stream = table_of(Quarantined), table_of(Event), table_of(Stream)
    is_stored = (
        select(event.c.number)
        .where(event.c.stream == stream.c.number, event.c.seq == entry.c.seq)
        .exists()
    )
    query = (
        select(entry.c.stream, func.count(distinct(entry.c.seq)))
        .join(stream, stream.c.stream == entry.c.stream)
        .where(entry.c.readmitted_at.is_(None), ~is_stored)
        .group_by(entry.c.stream)
    )
    return dict(connection.execute(query).all())


def _clashes(connection: Connection) -> dict[int, int]:
    """By number of the stream's row, how many events share their number with another."""
    event, flag = table_of(Event), table_of(Flag)
    query = (
        select(event.c.stream, func.count())
        .join(flag, flag.c.event_id == event.c.id)
        .where(flag.c.reason == SEQ_CLASH)
        .group_by(event.c.stream)
    )
    return dict(connection.execute(query).all())


def _first_gaps(connection: Connection, row: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401  # a database's row
    """The first few ranges of missing numbers of a stream."""
    event, entry = table_of(Event), table_of(Quarantined)
    known = select(event.c.seq).where(event.c.stream == row.number)
    kept = select(entry.c.seq).where(
        entry.c.stream == row.stream, entry.c.readmitted_at.is_(None), entry.c.seq.is_not(None)
    )
    query = known.union(kept).order_by("seq")
    found = connection.execution_options(yield_per=1000).execute(query).scalars()
    return find_gaps(found, row.greatest_seq, FIRST_GAPS)


def find_gaps(known: Iterable[int], greatest: int, limit: int) -> tuple[tuple[int, int], ...]:
    """The first ``limit`` ranges of 1 … ``greatest`` that are not in ``known``, which rises."""
    gaps: list[tuple[int, int]] = []
    expected = 1
    for seq in known:
        if seq > expected:
            gaps.append((expected, seq - 1))
        if len(gaps) == limit:
            return tuple(gaps)
        expected = seq + 1
    if expected <= greatest:
        gaps.append((expected, greatest))
    return tuple(gaps)
