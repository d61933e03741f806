"""Proving the log: every entry follows from the one before it, and known heads still stand in it.

The chain alone shows changes, insertions and gaps. Who rewrites all of it, or cuts off its end, is
found by heads that were kept elsewhere: see :mod:`portal.audit.heads`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from broker.store.columns import to_ms
from broker.store.database import Database
from portal.audit.guards import missing_guards
from portal.audit.log import NO_HASH, canonical, chained
from portal.audit.tables import AuditEntry
from portal.store.tables import table_of

_BATCH: Final = 5_000
_entries: Final = table_of(AuditEntry)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a proof.

    Attributes:
        entries: how many were read.
        head: hash of the last good one.
        broken_at: number of the first entry that is not as it was written; ``None``: all are.
        reason: what is wrong with it, for people; empty when nothing is.
        unguarded: which of the database's refusals to change the log are gone; empty: none.
    """

    entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""
    unguarded: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all entries are as they were written."""
        return self.broken_at is None


def verify(database: Database, heads: Mapping[int, str] | None = None) -> Verdict:
    """Read the whole log and prove it.

    Args:
        database: the portal's.
        heads: number → hash as they were seen before.

    Raises:
        UnavailableError: the database does not answer.
    """
    with database.reading() as connection:
        return verify_in(connection, heads or {})


def verify_in(connection: Connection, heads: Mapping[int, str]) -> Verdict:
    """The same on a connection."""
    wanted = select(_entries).order_by(_entries.c.number)
    unguarded = missing_guards(connection)
    # In batches: the log may be larger than memory.
    with connection.execution_options(yield_per=_BATCH).execute(wanted) as rows:
        return replace(_prove(rows, heads), unguarded=unguarded)


def _prove(rows: Iterable[Row[Any]], heads: Mapping[int, str]) -> Verdict:
    number, before = 0, NO_HASH
    for row in rows:
        if row.number != number + 1:
            return Verdict(number, before, number + 1, f"entry {number + 1} is missing")
        if not _is_as_written(row, before):
            return Verdict(number, before, row.number, f"entry {row.number} was changed")
        if heads.get(row.number, row.hash) != row.hash:
            said = f"entry {row.number} is not the one that was there: the log was rewritten"
            return Verdict(number, before, row.number, said)
        number, before = row.number, row.hash
    last = max(heads, default=0)
    if last > number:
        said = f"entries {number + 1} to {last} are missing: the log was cut off"
        return Verdict(number, before, number + 1, said)
    return Verdict(number, before)


def _is_as_written(row: Row[Any], before: str) -> bool:
    said = (
        row.number,
        to_ms(row.at),
        row.actor_kind,
        row.actor,
        row.action,
        row.about,
        row.facts,
    )
    if chained(before, said) != row.hash:
        return False
    try:
        return bool(canonical(json.loads(row.facts)) == row.facts)
    except ValueError:
        return False
