"""Ending live connections: whoever is barred at the door may still be inside.

Neither Mosquitto nor NATS ends a connection when its certificate is revoked. Both have one client
of a name only: so we come under the barred one's name, with a certificate of a few minutes, and go.
The barred one is out, its last will is published, and the door is closed to it.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert

from broker.fleet.authority import Authority
from broker.fleet.knock import Door, KnockError, knock
from broker.fleet.private_files import write_private
from broker.fleet.vault import key_pem, new_key
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.tables import table_of

PURPOSE: Final = "guard"
"""Of certificates that we issue to ourselves for minutes; no list shows them for longer."""

LASTS: Final = timedelta(minutes=5)
_PREFIX: Final = "otziv-pass-"


@dataclass(frozen=True, slots=True)
class Pass:
    """A certificate for minutes.

    Attributes:
        serial: as :class:`broker.fleet.authority.Issued` has it.
        subject: whose name it bears.
        path: PEM file with its key and chain.
    """

    serial: str
    subject: str
    path: Path


@contextmanager
def temporary_pass(
    database: Database,
    authority: Authority,
    subject: str,
    now: datetime,
    *,
    lasts: timedelta = LASTS,
    is_barred: bool = False,
) -> Iterator[Pass]:
    """A pass in the name of ``subject``; nothing of it is left afterwards.

    It is in the records meanwhile, since NATS's responder goes by them; other certificates of
    that name are not replaced by it.

    Args:
        database: the records.
        authority: who signs.
        subject: the name.
        now: the time.
        lasts: how long it is good, at the most.
        is_barred: it is recorded as revoked from the start: a canary.
    """
    key = new_key()
    issued = authority.issue(subject, key.public_key(), purpose="service", now=now, lasts=lasts)
    record = Certificate(
        serial=issued.serial,
        purpose=PURPOSE,
        subject=subject,
        key_digest=issued.key_digest,
        pem=issued.pem,
        issued_at=now,
        expires_at=issued.expires_at,
        replaced_at=now,
        revoked_at=now if is_barred else None,
        revoked_why="canary" if is_barred else None,
    )
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # of mode 0700
    try:
        with database.transaction() as connection:
            connection.execute(insert(table_of(Certificate)).values(record.model_dump()))
        path = folder / "pass.pem"
        write_private(path, key_pem(key) + issued.pem.encode())
        yield Pass(issued.serial, subject, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        forget_passes(database, now, issued.serial)


def forget_passes(database: Database, now: datetime, serial: str | None = None) -> None:
    """Strike a pass from the records, and those of killed processes, there and on the disk."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it is another user's, or somebody else was quicker
            if folder.stat().st_mtime < time.time() - LASTS.total_seconds():
                shutil.rmtree(folder)
    table = table_of(Certificate)
    is_over = (table.c.serial == serial) | (table.c.expires_at < now)
    with database.transaction() as connection:
        connection.execute(delete(table).where(table.c.purpose == PURPOSE, is_over))


def evict(
    database: Database, authority: Authority, door: Door, subject: str, now: datetime
) -> None:
    """End the live connection of ``subject``, if there is one.

    A device's kept session is ended, too: nothing waits for a barred device. A service's stays,
    since the same service comes again with its next certificate. A good client of that name is
    out for a moment as well, and comes again.

    Raises:
        KnockError: the broker is not there, or does not let us in.
        StoreError: the database does not answer.
    """
    with temporary_pass(database, authority, subject, now) as ours:
        answer = knock(door, subject, ours.path, is_clean="/" in subject)
    if answer != "let in":
        raise KnockError(
            f"the broker at {door.host}:{door.port} does not let us in as {subject}, so a live "
            "connection of that name could not be ended"
        )
