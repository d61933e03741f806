"""Rows of events: from the wire into the store, and their content back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from sqlalchemy import Connection, select

from broker.store.local_time import Calendar
from broker.store.statements import Row, fetch, insert_new, is_listed, listed, to_text, write_rows
from broker.store.tables import Event, table_of
from broker.wire.events import Answer, AnyEvent, Correction, Rating

COLUMNS: Final = tuple(column.name for column in table_of(Event).columns if column.name != "number")
SEQ: Final = COLUMNS.index("seq")
RECEIVED: Final = COLUMNS.index("received_at")

Content: TypeAlias = Row
"""What was said; two events of one id must agree on it. Times, clock, seq, stream and visit may
differ: a kiosk that learns the time dates its waiting events anew."""

_CONTENT: Final = (
    *("kind", "touchpoint", "survey", "survey_version", "channel", "input", "language"),
    *("question", "scale", "value", "rating", "outcome", "options", "stated_number", "stated_on"),
)
_KINDS: Final[dict[type, str]] = {Rating: "rating", Correction: "correction", Answer: "answer"}


class Origin(NamedTuple):
    """Where a delivery came from and when; ``stream`` is the number of its row."""

    site: str
    device: str
    stream: int
    received_ms: int
    calendar: Calendar


class Times(NamedTuple):
    """When an event counts, and what the device claimed where it was not trusted."""

    answered_ms: int
    claimed_ms: int | None


def row_of(event: AnyEvent, origin: Origin, times: Times, said: Row) -> Row:
    """The row of an event in the order of ``COLUMNS``; ``said`` is what :func:`say` gives."""
    return (
        event.id,
        _KINDS[type(event)],
        origin.site,
        origin.device,
        origin.stream,
        event.seq,
        event.visit,
        event.touchpoint,
        event.survey,
        event.survey_version,
        *said,
        event.channel,
        event.input,
        event.language,
        times.answered_ms,
        times.claimed_ms,
        event.clock,
        event.precision,
        event.boot,
        event.uptime_ms,
        origin.received_ms,
    )


def say(event: AnyEvent, question: str | None = None, scale: str | None = None) -> Row:
    """What was said: the columns from ``question`` to ``stated_on``.

    A correction doesn't name ``question`` and ``scale``; its row has those of its rating.
    """
    if isinstance(event, Rating):
        return (event.question, event.scale, event.value, None, None, None, None, None)
    if isinstance(event, Correction):
        return (question, scale, event.value, event.rating, None, None, None, None)
    options = None if event.options is None else json.dumps(event.options)
    day = None if event.date is None else event.date.isoformat()
    return (
        *(event.question, None, None, event.rating),
        *(event.outcome, options, event.number, day),
    )


def content_of(event: AnyEvent) -> Content:
    """The content of an event, as :class:`EventRows` reads it of stored ones."""
    return (
        _KINDS[type(event)],
        event.touchpoint,
        event.survey,
        event.survey_version,
        event.channel,
        event.input,
        event.language,
        *say(event),
    )


class EventRows:
    """Reads and writes events; made once a database, since it holds the statements as text."""

    def __init__(self, dialect: str) -> None:
        """Prepare the statements."""
        table = table_of(Event)
        self._dialect: Final = dialect
        self._insert: Final = insert_new(table, COLUMNS, dialect)
        columns = [table.c[name] for name in ("id", *_CONTENT)]
        query = select(*columns).where(is_listed(table.c.id, dialect))
        self._contents: Final = to_text(query, ["listed"], dialect)

    def insert(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Insert ``rows``; how many were new. Ids that are there already are left alone."""
        return write_rows(connection, self._insert, rows)

    def contents(self, connection: Connection, ids: Sequence[str]) -> dict[str, Content]:
        """Of those ``ids`` that are stored: their content."""
        found = fetch(connection, self._contents, listed(ids, self._dialect))
        return {row[0]: _content(row[1:]) for row in found}


def _content(stored: Row) -> Content:
    """A row's content; of a correction without question and scale, which it doesn't name."""
    if stored[0] != "correction":
        return stored
    return (*stored[:7], None, None, *stored[9:])
