"""What a transaction has taken in, until it is written, all at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from broker.intake.statements import Statements
from broker.store.events import RECEIVED, SEQ
from broker.store.flag_reasons import ALARMS, SEQ_CLASH
from broker.store.history import History
from broker.store.rollups import AnswerKey, Counts, RatingKey
from broker.store.statements import Row
from broker.store.streams import MOST_MISSING, StreamState
from broker.wire.events import MAX_INTEGER


class OvertakenError(Exception):
    """Some ids are in the store already; nothing may be written before they are looked up."""


@dataclass(slots=True)
class Share:
    """What a transaction has of one stream.

    Attributes:
        state: the stream's row.
        rows: its accepted events.
        heard_seq: the greatest number in it that is believed, accepted or not.
    """

    state: StreamState
    rows: list[Row] = field(default_factory=list)
    heard_seq: int = 0

    def believe(self, seq: int) -> bool:
        """Whether another device's ``seq`` is believed, which then has been heard.

        It is where it goes on from the greatest, as a card that was moved does, and where no more
        than ``MOST_MISSING`` are missing by it.
        """
        greatest = max(self.state.greatest_seq, self.heard_seq)
        if seq > max(greatest + 1, self.state.stored_seqs + len(self.rows) + MOST_MISSING):
            return False
        self.heard_seq = max(self.heard_seq, seq)
        return True


@dataclass(slots=True)
class Harvest:
    """Everything to be written.

    Attributes:
        shares: by stream.
        ratings: where each accepted rating is counted, by id.
        answers: where each accepted answer is counted.
        corrected: ratings with new corrections, and where the filtered figures counted them.
        flags: event id, reason, version of the rule, milliseconds since 1970 UTC.
        doubted: ids of those that are out of the filtered figures from the start.
        doubted_answers: where each of the answers among them is counted.
    """

    shares: dict[str, Share] = field(default_factory=dict)
    ratings: dict[str, RatingKey] = field(default_factory=dict)
    answers: list[AnswerKey] = field(default_factory=list)
    corrected: dict[str, tuple[History, RatingKey | None]] = field(default_factory=dict)
    flags: list[Row] = field(default_factory=list)
    doubted: set[str] = field(default_factory=set)
    doubted_answers: list[AnswerKey] = field(default_factory=list)

    def write(self, connection: Connection, statements: Statements) -> None:
        """Write rows, rollups, flags and streams.

        Raises:
            OvertakenError: another row has one of the ids; roll back, look up, and judge again.
        """
        rows = [row for share in self.shares.values() for row in share.rows]
        if rows and statements.events.insert(connection, rows) != len(rows):
            raise OvertakenError
        statements.rollups.add(connection, self._counts())
        for share in self.shares.values():
            self._number(connection, statements, share)
        statements.streams.save(connection, [share.state for share in self.shares.values()])
        statements.flags.insert(connection, self.flags)

    def alarms(self) -> dict[str, list[str]]:
        """Event id → what people must hear of at once, of all that are written."""
        found: dict[str, list[str]] = {}
        for event_id, reason, *_ in self.flags:
            if reason in ALARMS:
                found.setdefault(event_id, []).append(reason)
        return found

    def _counts(self) -> Counts:
        counts = Counts()
        counts.ratings.count(self.ratings.values())
        counts.answers.count(self.answers)
        counts.answers.filtered.subtract(self.doubted_answers)
        filtered = counts.ratings.filtered
        filtered.subtract(self.ratings[each] for each in self.doubted & self.ratings.keys())
        for history, before in self.corrected.values():
            if before is not None:
                filtered[before] -= 1
            if history.filtered_key is not None:
                filtered[history.filtered_key] += 1
        return counts

    def _number(self, connection: Connection, statements: Statements, share: Share) -> None:
        """Bring the stream's row up to date, and flag events that share a number.

        Numbers rise, so that whether one is taken need nearly never be looked up.
        """
        state, seqs = share.state, {row[SEQ] for row in share.rows}
        if len(seqs) == len(share.rows) and min(seqs, default=MAX_INTEGER) > state.greatest_seq:
            state.stored_seqs += len(seqs)
        elif seqs:
            self._find_clashes(share, statements.streams.holders(connection, state, sorted(seqs)))
        # What is stored is in the account, whatever its number; of the rest, what can be believed.
        state.greatest_seq = max(state.greatest_seq, max(seqs, default=0))
        state.hear(share.heard_seq)

    def _find_clashes(self, share: Share, holders: dict[int, set[str]]) -> None:
        """``holders``: by number, the ids of all events that have it, the new ones included."""
        fresh = {row[0] for row in share.rows}
        at_ms = max(row[RECEIVED] for row in share.rows)
        for ids in holders.values():
            earlier = len(ids - fresh)
            share.state.stored_seqs += not earlier
            if len(ids) > 1:
                share.state.clashes += len(ids) - (earlier if earlier > 1 else 0)
                self.flags += [(event_id, SEQ_CLASH, 1, at_ms) for event_id in sorted(ids)]
