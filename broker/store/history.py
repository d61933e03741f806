"""A rating and its corrections: what it counts as."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, literal_column, select

from broker.store.flag_reasons import is_doubt
from broker.store.local_time import QUARTER_MS, Calendar, Slot
from broker.store.rollups import AnswerKey, RatingKey
from broker.store.statements import Row, fetch, is_listed, listed, to_text
from broker.store.tables import Event, Flag, table_of


class Change(NamedTuple):
    """A correction, in the order in which corrections hold: by ``seq``, then by arrival."""

    seq: int
    number: int
    id: str
    value: int


@dataclass(slots=True)
class History:
    """One rating.

    Attributes:
        device: that made it.
        key: where its first value is counted.
        changes: its corrections, in any order.
        doubted: ids, of the rating or of corrections, that are flagged as doubtful.
    """

    id: str
    device: str
    key: RatingKey
    changes: list[Change] = field(default_factory=list)
    doubted: set[str] = field(default_factory=set)

    @property
    def filtered_key(self) -> RatingKey | None:
        """Where the filtered figures count it: its last value; nowhere when it is doubted."""
        if self.id in self.doubted:
            return None
        changes = [change for change in self.changes if change.id not in self.doubted]
        return (*self.key[:-1], max(changes).value) if changes else self.key


def slot_of(calendar: Calendar, answered_ms: int, clock: str, precision: str) -> Slot:
    """Where an answer is counted; by the hour only where the hour can be trusted."""
    slot = calendar[answered_ms // QUARTER_MS]
    if clock == "unknown" or precision == "day":
        return slot.without_hour()
    return slot


class Histories:
    """Reads histories; made once a database, since it holds the statements as text."""

    def __init__(self, dialect: str) -> None:
        """Prepare the statements."""
        self._dialect: Final = dialect
        event, flag = table_of(Event), table_of(Flag)
        names = ("id", "device", "touchpoint", "survey", "question", "scale", "channel", "value")
        timing = ("site", "answered_at", "clock", "precision")
        # Locked on PostgreSQL: of two corrections at once, the later must see the earlier.
        ratings = (
            select(*(event.c[name] for name in (*names, *timing)))
            .where(is_listed(event.c.id, dialect), event.c.kind == literal_column("'rating'"))
            .order_by(event.c.id)
            .with_for_update()
        )
        changes = select(
            event.c.rating, event.c.seq, event.c.number, event.c.id, event.c.value
        ).where(is_listed(event.c.rating, dialect), event.c.kind == literal_column("'correction'"))
        flags = select(flag.c.event_id, flag.c.reason).where(is_listed(flag.c.event_id, dialect))
        self._ratings: Final = to_text(ratings, ["listed"], dialect)
        self._changes: Final = to_text(changes, ["listed"], dialect)
        self._flags: Final = to_text(flags, ["listed"], dialect)

    def read(
        self, connection: Connection, ids: Sequence[str], calendars: Mapping[str, Calendar]
    ) -> dict[str, History]:
        """Of those ``ids`` that are stored ratings: their histories; ``calendars`` by site."""
        found = {
            row[0]: _history(row, calendars) for row in self._rows(connection, self._ratings, ids)
        }
        owners = {rating: rating for rating in found}
        for rating, *change in self._rows(connection, self._changes, list(found)):
            found[rating].changes.append(Change(*change))
            owners[change[2]] = rating
        for event_id, reason in self._rows(connection, self._flags, list(owners)):
            if is_doubt(reason):
                found[owners[event_id]].doubted.add(event_id)
        return found

    def _rows(self, connection: Connection, sql: str, ids: Sequence[str]) -> list[Row]:
        if not ids:
            return []
        return fetch(connection, sql, listed(ids, self._dialect))


def _history(row: Row, calendars: Mapping[str, Calendar]) -> History:
    rating, device, *where, value, site, at, clock, precision = row
    slot = slot_of(calendars[site], at, clock, precision)
    touchpoint, survey, question, scale, channel = where
    return History(rating, device, (touchpoint, survey, question, scale, channel, slot, value))


def answer_keys(row: Any, calendar: Calendar) -> list[AnswerKey]:  # noqa: ANN401  # any row
    """Where a stored answer is counted; ``row`` has the columns of ``event``, undecoded."""
    slot = slot_of(calendar, row.answered_at, row.clock, row.precision)
    key = AnswerKey(
        row.touchpoint, row.survey, row.question, row.channel, slot, row.outcome, option=""
    )
    return key.choices(json.loads(row.options) if row.options else ())
