"""What the fleet's process says of itself, for who has the database and nothing else.

The portal asks it for much (codes, orders, configurations) and speaks to it through the database
only. By its row the portal knows whether it runs, where kiosks enrol, whom they shall trust, and
by which key one writes to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from broker.fleet.authority import Authority
from broker.link.link import Message
from broker.store.database import Database
from broker.store.fleet_tables import FleetPresence
from broker.store.tables import table_of
from broker.wire.topics import Topic

EVERY: Final = timedelta(seconds=30)
GONE_AFTER: Final = timedelta(seconds=100)
"""Without a word for so long it doesn't run, or has no database."""

_PROCESS: Final = "fleet"
_table: Final = table_of(FleetPresence)


@dataclass(frozen=True, slots=True)
class PresenceView:
    """The fleet's process, as it said last.

    Attributes:
        fleet_url: where kiosks enrol.
        fingerprint: of the newest root, as QR codes have it.
        letter_key: for :class:`broker.fleet.vault.LetterBox`.
        seen_at: when it said so.
    """

    fleet_url: str
    fingerprint: str
    letter_key: str
    seen_at: datetime

    def is_running(self, now: datetime) -> bool:
        """Whether it said so lately."""
        return now - self.seen_at < GONE_AFTER


def read_presence(connection: Connection) -> PresenceView | None:
    """What it said last; ``None``: it never ran on this database."""
    row = connection.execute(select(_table)).mappings().first()
    if row is None:
        return None
    return PresenceView(row["fleet_url"], row["fingerprint"], row["letter_key"], row["seen_at"])


class Presence:
    """Says so; a :class:`broker.fleet.chore.Chore`.

    Args:
        database: where.
        authority: whose fingerprint and public key are told.
        fleet_url: where kiosks enrol.
    """

    def __init__(self, database: Database, authority: Authority, fleet_url: str) -> None:
        self._database = database
        self._authority = authority
        self._fleet_url = fleet_url
        self._said_at: datetime | None = None

    def connected(self) -> None:
        """Nothing to say to devices."""

    def take(self, topic: Topic, message: Message) -> None:
        """Nothing to hear."""

    def attend(self, now: datetime) -> None:
        """Say it anew where it is time.

        Raises:
            StoreError: the database does not answer; it is tried again.
        """
        if self._said_at is not None and self._said_at <= now < self._said_at + EVERY:
            return
        row = FleetPresence(
            process=_PROCESS,
            fleet_url=self._fleet_url,
            fingerprint=self._authority.fingerprint,
            letter_key=self._authority.vault.letter_key,
            seen_at=now,
        )
        with self._database.transaction() as connection:
            connection.execute(delete(_table))
            connection.execute(insert(_table).values(row.model_dump()))
        self._said_at = now
