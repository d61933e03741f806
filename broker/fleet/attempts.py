"""Tries to enrol and to rotate, good and bad, for the administrator to see.

They are limited, so that a stranger who tries for ever fills no disk; what is too many is dropped
from the oldest of the same address, so that he does not wash away what others did.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, delete, func, insert, select

from broker.fleet.notices import INSTALLATION, close_within, open_within
from broker.store.database import Database
from broker.store.fleet_tables import EnrolmentAttempt
from broker.store.tables import table_of

MOST: Final = 10_000
MANY_WRONG: Final = 20
"""Within an hour. Nobody mistypes that often."""
HOUR: Final = timedelta(hours=1)
WRONG_CODES: Final = "wrong-codes"
"""The notice that somebody tries codes, or mistypes them."""

Result: TypeAlias = Literal[
    "enrolled",
    "enrolled-again",
    "wrong-code",
    "unknown-code",
    "ended-code",
    "no-exchange",
    "rotated",
    "rotated-again",
    "key-copied",
    "not-in-use",
    "revoked",
    "expired",
    "unknown-certificate",
    "not-valid",
    "too-many",
]
"""What became of it. The administrator is told more than the network: an unknown code and a wrong
one look alike there. ``ended-code``: used by another key, too old, tried too often, or taken back;
``no-exchange``: a proof that belongs to nothing (too late, or said twice); ``key-copied``: rotated,
though the old key had vouched for another one before; ``not-in-use``: the device is in the drawer;
``too-many``: an address that asks too often, once a minute."""

_WRONG: Final[tuple[Result, ...]] = ("wrong-code", "unknown-code", "ended-code")


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
    if connection.execute(select(func.count()).select_from(table)).scalar_one() > MOST:
        others = select(table.c.number).where(table.c.number != number)
        oldest = others.order_by(table.c.address != address, table.c.number).limit(1)
        connection.execute(delete(table).where(table.c.number == oldest.scalar_subquery()))


def tell_of_wrong_codes(
    connection: Connection, address: str, now: datetime, *, is_dead: bool
) -> None:
    """Open a notice, if a code died of wrong tries, or many wrong ones came within an hour."""
    wrong = _count_wrong(connection, now)
    if is_dead or wrong >= MANY_WRONG:
        detail = json.dumps({"wrong": wrong, "address": address})
        open_within(connection, INSTALLATION, WRONG_CODES, detail, now)


def close_wrong_codes(database: Database, now: datetime) -> None:
    """Close that notice after an hour without a wrong code."""
    with database.transaction() as connection:
        if not _count_wrong(connection, now):
            close_within(connection, INSTALLATION, WRONG_CODES, now)


def _count_wrong(connection: Connection, now: datetime) -> int:
    """How many wrong codes came within the last hour."""
    table = table_of(EnrolmentAttempt)
    query = select(func.count()).where(table.c.at > now - HOUR, table.c.result.in_(_WRONG))
    return connection.execute(query).scalar_one()


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
