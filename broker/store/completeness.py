"""Completeness: of every device and stream, made = stored + only in quarantine + missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    distinct,
    func,
    literal,
    select,
    union_all,
)

from broker.store.database import Database
from broker.store.tables import Device, Event, Quarantined, Stream, table_of

FIRST_GAPS: Final = 5


@dataclass(frozen=True, slots=True)
class Completeness:
    """One stream's account, in numbers of events; ``missing`` is never below 0.

    Attributes:
        device: the first that used the stream.
        stream: the outbox's id.
        made: the greatest number heard of, in events or heartbeats: numbers start at 1 and never
            skip.
        stored: different numbers in the store.
        quarantined: different numbers that are only in quarantine, sent by registered devices.
        missing: the rest: under way, waiting in the device, or lost.
        gaps: the first few missing ranges, each from and to, both included; empty where they
            were not asked for.
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


def completeness(
    database: Database, device: str | None = None, *, with_gaps: bool = False
) -> list[Completeness]:
    """The account of every stream, or of one device's, by device and age.

    Costs a row a stream and an entry that waits in quarantine, not an event: the intake counts
    along. ``with_gaps`` walks through the numbers of streams with something missing, by index:
    a tenth of a second or two for 300,000, so ask only where people look at them.
    """
    with database.reading() as connection:
        rows = connection.execute(_accounts(device)).all()
        return [_account(connection, row, with_gaps=with_gaps) for row in rows]


def _account(connection: Connection, row: Any, *, with_gaps: bool) -> Completeness:  # noqa: ANN401  # a database's row
    missing = row.greatest_seq - row.stored_seqs - row.kept_seqs
    gaps = _first_gaps(connection, row) if with_gaps and missing else ()
    return Completeness(
        row.device,
        row.stream,
        row.greatest_seq,
        row.stored_seqs,
        row.kept_seqs,
        missing,
        gaps,
        row.clashes,
    )


def _accounts(device: str | None) -> Select[Any]:
    """Streams with what is kept of them; one statement, so that all is of one moment."""
    entry, event, stream = table_of(Quarantined), table_of(Event), table_of(Stream)
    is_stored = (
        select(event.c.number)
        .where(event.c.stream == stream.c.number, event.c.seq == entry.c.seq)
        .exists()
    )
    kept = (
        select(entry.c.stream, func.count(distinct(entry.c.seq)).label("seqs"))
        .join(stream, stream.c.stream == entry.c.stream)
        .where(_is_of_account(stream.c.greatest_seq), ~is_stored)
        .group_by(entry.c.stream)
        .subquery()
    )
    query = (
        select(stream, func.coalesce(kept.c.seqs, 0).label("kept_seqs"))
        .outerjoin(kept, kept.c.stream == stream.c.stream)
        .order_by(stream.c.device, stream.c.number)
    )
    return query if device is None else query.where(stream.c.device == device)


def _is_of_account(greatest_seq: ColumnElement[int] | int) -> ColumnElement[bool]:
    """Whether an entry accounts for a number of its stream.

    Not when a stranger names the stream, which would hide what is missing; and only up to the
    greatest number that is believed, since that of an invalid event may be anything.
    """
    entry, home = table_of(Quarantined), table_of(Device)
    is_registered = (
        select(home.c.name)
        .where(and_(home.c.name == entry.c.device, home.c.site == entry.c.site))
        .exists()
    )
    return and_(entry.c.readmitted_at.is_(None), entry.c.seq <= greatest_seq, is_registered)


def _first_gaps(connection: Connection, row: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401  # a database's row
    """The first few ranges of missing numbers of a stream: steps above 1 from one to the next."""
    event, entry = table_of(Event), table_of(Quarantined)
    known = union_all(
        select(literal(0).label("seq")),
        select(event.c.seq).where(event.c.stream == row.number),
        select(entry.c.seq).where(entry.c.stream == row.stream, _is_of_account(row.greatest_seq)),
        select(literal(row.greatest_seq + 1)),
    ).subquery()
    following = func.lead(known.c.seq).over(order_by=known.c.seq).label("following")
    steps = select(known.c.seq, following).subquery()
    query = (
        select(steps.c.seq + 1, steps.c.following - 1)
        .where(steps.c.following > steps.c.seq + 1)
        .order_by(steps.c.seq)
        .limit(FIRST_GAPS)
    )
    return tuple((first, last) for first, last in connection.execute(query))
