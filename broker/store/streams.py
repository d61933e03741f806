"""Streams: whose they are, how far their numbers go, and how many of them are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from broker.store.statements import fetch, insert_new, is_listed, listed, to_text, write_rows
from broker.store.tables import Event, Stream, table_of

MOST_JUMP: Final = 10_000_000
"""How far ahead a number is believed of which no event is stored: a press each half minute, day
and night, for ten years."""

MOST_MISSING: Final = 500
"""How many numbers of a stream may be missing on the word of another device: a batch, which is
more than a card loses on its way from one kiosk into another."""


@dataclass(slots=True)
class StreamState:
    """A stream's row, and what the present transaction adds to it.

    Attributes:
        number: of its row.
        device: the first that used it.
        greatest_seq: greatest number heard of.
        stored_seqs: how many different numbers are stored.
        clashes: how many stored events share their number with another one.
    """

    number: int
    device: str
    greatest_seq: int
    stored_seqs: int
    clashes: int

    def hear(self, seq: int) -> None:
        """Take the word of a heartbeat, or of an event not stored, that ``seq`` was given out.

        An absurd one is not believed: a single word would leave the account wrong for good.
        """
        if seq <= self.greatest_seq + MOST_JUMP:
            self.greatest_seq = max(self.greatest_seq, seq)

    def hear_from(self, device: str, seq: int) -> None:
        """The same; of another device only what leaves no more than ``MOST_MISSING`` missing."""
        if device == self.device or seq <= self.stored_seqs + MOST_MISSING:
            self.hear(seq)


class StreamRows:
    """Reads and writes streams; made once a database, since it holds the statements as text."""

    def __init__(self, dialect: str) -> None:
        """Prepare the statements."""
        self._dialect: Final = dialect
        table, event = table_of(Stream), table_of(Event)
        fresh = ("stream", "device", "greatest_seq", "stored_seqs", "clashes")
        self._insert: Final = insert_new(table, fresh, dialect)
        # Locked on PostgreSQL, so that two collectors can't miss that their numbers clash.
        query = (
            select(*(table.c[name] for name in ("stream", "number", *fresh[1:])))
            .where(is_listed(table.c.stream, dialect))
            .order_by(table.c.stream)
            .with_for_update()
        )
        self._select: Final = to_text(query, ["listed"], dialect)
        binds = ["greatest", "stored", "clashing", "row"]
        change = (
            update(table)
            .where(table.c.number == bindparam("row"))
            .values(
                greatest_seq=bindparam("greatest"),
                stored_seqs=bindparam("stored"),
                clashes=bindparam("clashing"),
            )
        )
        self._update: Final = to_text(change, binds, dialect)
        holders = select(event.c.seq, event.c.id).where(
            event.c.stream == bindparam("stream"), is_listed(event.c.seq, dialect)
        )
        self._holders: Final = to_text(holders, ["stream", "listed"], dialect)

    def open(self, connection: Connection, devices: Mapping[str, str]) -> dict[str, StreamState]:
        """The states of the streams that are the keys of ``devices``.

        A stream that is new belongs to the device that ``devices`` gives for it.
        """
        found = self._read(connection, list(devices))
        fresh = sorted(devices.keys() - found.keys())
        if fresh:
            rows = [(stream, devices[stream], 0, 0, 0) for stream in fresh]
            write_rows(connection, self._insert, rows)
            found |= self._read(connection, fresh)
        return found

    def save(self, connection: Connection, states: Sequence[StreamState]) -> None:
        """Write the states back."""
        ordered = sorted(states, key=lambda state: state.number)
        rows = [
            (state.greatest_seq, state.stored_seqs, state.clashes, state.number)
            for state in ordered
        ]
        write_rows(connection, self._update, rows)

    def holders(
        self, connection: Connection, state: StreamState, seqs: Sequence[int]
    ) -> dict[int, set[str]]:
        """Of ``seqs``, those that are stored: the ids of the events that have them."""
        found: dict[int, set[str]] = {}
        listed_seqs = listed(seqs, self._dialect)
        for seq, event_id in fetch(connection, self._holders, state.number, listed_seqs):
            found.setdefault(seq, set()).add(event_id)
        return found

    def _read(self, connection: Connection, streams: Sequence[str]) -> dict[str, StreamState]:
        found = fetch(connection, self._select, listed(streams, self._dialect))
        return {row[0]: StreamState(*row[1:]) for row in found}
