"""Tries to enrol and to rotate, good and bad, for the administrator to see.

Only the newest are kept, so that a stranger who tries for ever fills no disk.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, delete, insert, select

from broker.store.database import Database
from broker.store.fleet_tables import EnrolmentAttempt
from broker.store.tables import table_of

MOST: Final = 10_000

Result: TypeAlias = Literal[
    "enrolled",
    "enrolled-again",
    "wrong-code",
    "unknown-code",
    "ended-code",
    "no-exchange",
    "rotated",
    "rotated-again",
    "revoked",
    "expired",
    "unknown-certificate",
    "not-valid",
    "too-many",
]
"""What became of it. The administrator is told more than the network: an unknown code and a wrong
one look alike there. ``ended-code``: used by another key, too old, tried too often, or taken back;
``no-exchange``: a proof that belongs to nothing (too late, or said twice); ``too-many``: an address
that asks too often, once a minute."""


def record_attempt(
    connection: Connection,
    now: datetime,
    address: str,
    result: Result,
    *,
    label: str | None = None,
    device: str | None = None,
) -> None:
    """Write down a try.

    Args:
        connection: a transaction.
        now: when.
        address: who tried.
        result: what became of it.
        label: the public part of the code, where it was said.
        device: which it is about, where that is known.
    """
    table = table_of(EnrolmentAttempt)
    made = {"at": now, "address": address, "label": label, "device": device, "result": result}
    number = connection.execute(insert(table).values(made).returning(table.c.number)).scalar_one()
    connection.execute(delete(table).where(table.c.number <= number - MOST))


def list_attempts(
    database: Database, *, since_at: datetime | None = None, limit: int = 200
) -> list[EnrolmentAttempt]:
    """The latest tries, newest first."""
    table = table_of(EnrolmentAttempt)
    query = select(table).order_by(table.c.number.desc()).limit(limit)
    if since_at is not None:
        query = query.where(table.c.at >= since_at)
    with database.reading() as connection:
        return [EnrolmentAttempt(**row) for row in connection.execute(query).mappings()]
