"""Noting what was done, in the transaction that does it: both are there, or neither.

    with database.transaction() as connection:
        connection.execute(…)
        note(connection, page.actor, "people.party-changed", party_id, fields=["address"])

Note last: from there to the end of the transaction everybody else who notes something waits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text

from broker.store.columns import to_ms
from portal.audit.tables import AuditEntry
from portal.store.tables import table_of
from portal.web.actor import Actor

CONSOLE: Final = Actor(id="console")
"""Whoever has the command line: the machine's administrator."""
SYSTEM: Final = Actor(id="system")
"""The program by itself: what runs nightly."""

NO_HASH: Final = "0" * 64
"""What stands before the first entry."""

MAX_FACTS: Final = 2_000
"""Characters; the log tells what was done, it is no copy of it."""

_ACTION: Final = re.compile(r"[a-z-]{2,30}\.[a-z0-9-]{2,50}")
_LOCK: Final = 0x6F747A69
_entries: Final = table_of(AuditEntry)


def note(connection: Connection, actor: Actor, action: str, about: str, **facts: object) -> int:
    """Add an entry; its number.

    Args:
        connection: of the transaction that does what is noted.
        actor: who does it.
        action: ``area.verb``.
        about: id of what it is done to; empty where there is nothing with an id.
        facts: what JSON can say, shortly; never a name, an identifier or a citizen's own words.

    Raises:
        ValueError: ``action`` is not written so, or the facts are no JSON or too long.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is no action: write area.verb")
    written = canonical(facts)
    if len(written) > MAX_FACTS:
        raise ValueError(f"{action}: facts of {len(written)} characters; {MAX_FACTS} is the most")
    _wait_for_turn(connection)
    number, before = head(connection)
    number += 1
    at = datetime.now(UTC)
    said = (number, to_ms(at), actor.kind, actor.id, action, about, written)
    connection.execute(
        insert(_entries).values(
            number=number,
            at=at,
            actor_kind=actor.kind,
            actor=actor.id,
            action=action,
            about=about,
            facts=written,
            hash=chained(before, said),
        )
    )
    return number


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry; 0 and :data:`NO_HASH` where there is none."""
    last = select(_entries.c.number, _entries.c.hash).order_by(_entries.c.number.desc()).limit(1)
    found = connection.execute(last).one_or_none()
    return (0, NO_HASH) if found is None else (found.number, found.hash)


def chained(before: str, said: tuple[int, int, str, str, str, str, str]) -> str:
    """The hash of an entry that stands after one with the hash ``before``.

    Args:
        before: hexadecimal.
        said: number, milliseconds since 1970, kind of actor, actor, action, about, facts.
    """
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return sha256(bytes.fromhex(before) + written.encode()).hexdigest()


def canonical(facts: Mapping[str, Any]) -> str:
    """Facts as JSON that can be written in one way only.

    Raises:
        ValueError: JSON can't say it.
    """
    try:
        return json.dumps(
            facts, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"facts must be what JSON can say: {error}") from error


def _wait_for_turn(connection: Connection) -> None:
    """Let one transaction at a time add to the chain; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
