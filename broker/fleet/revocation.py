"""Revocation lists for brokers, and which revocations still have to be enforced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update

from broker.files import write_whole
from broker.fleet.authority import Authority
from broker.fleet.certificates import revoked
from broker.fleet.eviction import PURPOSE
from broker.fleet.private_files import locked
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.tables import table_of


@dataclass(frozen=True, slots=True)
class Barred:
    """A certificate that was revoked, and that brokers may still let in.

    Attributes:
        serial: the certificate's.
        subject: its name.
        is_client: it is good for connecting; a server's never was.
    """

    serial: str
    subject: str
    is_client: bool


def write_lists(database: Database, authority: Authority, path: Path, now: datetime) -> bytes:
    """Put fresh revocation lists at ``path``, all or nothing; what was written.

    To be called before Mosquitto starts, which needs the file, and at each revocation.

    Raises:
        StoreError: the database does not answer.
        OSError: the file can't be written.
    """
    with database.reading() as connection:
        barred = revoked(connection, now)
    content = authority.revocation_lists(barred, now)
    put_lists(path, content)
    return content


def put_lists(path: Path, content: bytes) -> None:
    """Put these lists at ``path``, all or nothing, for everyone to read: they tell no secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent):  # guard, ``serve`` and ``broker render`` may write at once
        write_whole(path, content, 0o644)


def to_enforce(database: Database) -> list[Barred]:
    """Who was revoked and not yet seen to be kept out, oldest first."""
    table = table_of(Certificate)
    query = (
        select(table.c.serial, table.c.subject, table.c.purpose)
        .where(table.c.revoked_at.is_not(None), table.c.enforced_at.is_(None))
        .where(table.c.purpose != PURPOSE)
        .order_by(table.c.revoked_at, table.c.serial)
    )
    with database.reading() as connection:
        return [
            Barred(serial, subject, purpose != "server")
            for serial, subject, purpose in connection.execute(query)
        ]


def enforced_since(database: Database, since: datetime) -> list[str]:
    """Names of clients whose revocation has been enforced since then."""
    table = table_of(Certificate)
    query = select(table.c.subject).where(
        table.c.enforced_at > since, table.c.purpose.not_in(("server", PURPOSE))
    )
    with database.reading() as connection:
        return sorted(set(connection.execute(query).scalars()))


def mark_enforced(database: Database, serials: Sequence[str], now: datetime) -> None:
    """Write down that brokers were seen to keep these out."""
    table = table_of(Certificate)
    with database.transaction() as connection:
        for serial in serials:
            connection.execute(
                update(table).where(table.c.serial == serial).values(enforced_at=now)
            )
