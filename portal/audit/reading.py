"""Reading the log: filtered, the newest first, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select

from portal.audit.tables import AuditEntry
from portal.store.tables import table_of

PAGE: Final = 50
MOST_EXPORTED: Final = 100_000
_entries: Final = table_of(AuditEntry)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty does not matter.

    Attributes:
        actor: id of an account.
        action: ``area.verb``, or its beginning.
        about: id of what it was done to.
        from_at: not before.
        until_at: before.
    """

    actor: str = ""
    action: str = ""
    about: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is shown."""

    number: int
    at: datetime
    actor_kind: str
    actor: str
    action: str
    about: str
    facts: dict[str, Any]


def read_entries(
    connection: Connection, wanted: Wanted, *, before: int | None = None, most: int = PAGE
) -> list[Entry]:
    """Entries with smaller numbers than ``before``, the newest first."""
    found = select(_entries).where(*_conditions(wanted))
    if before is not None:
        found = found.where(_entries.c.number < before)
    return [
        _entry(row)
        for row in connection.execute(found.order_by(_entries.c.number.desc()).limit(most))
    ]


def export(connection: Connection, wanted: Wanted) -> Iterator[Entry]:
    """The last :data:`MOST_EXPORTED` entries, the newest first."""
    yield from read_entries(connection, wanted, most=MOST_EXPORTED)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(_entries.c.actor == wanted.actor)
    if wanted.action:
        conditions.append(_entries.c.action.startswith(wanted.action, autoescape=True))
    if wanted.about:
        conditions.append(_entries.c.about == wanted.about)
    if wanted.from_at:
        conditions.append(_entries.c.at >= wanted.from_at)
    if wanted.until_at:
        conditions.append(_entries.c.at < wanted.until_at)
    return conditions


def _entry(row: Any) -> Entry:  # noqa: ANN401  a row of the table
    return Entry(
        row.number,
        row.at,
        row.actor_kind,
        row.actor,
        row.action,
        row.about,
        json.loads(row.facts),
    )
