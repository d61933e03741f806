"""What a tablet delivered and nobody can read: kept whole, so that no answer goes in silence.

The feedback store's quarantine holds it without any free text; the original, with what a visitor
may have written in it, lies here, encrypted, since no comment in it was masked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from broker.store.database import Database
from portal.audit.log import note
from portal.keys import Keys
from portal.store.tables import table_of
from portal.surveys.answer_tables import UnreadableAnswer
from portal.web.actor import Actor

MOST_SHOWN: Final = 100
_MOST_BYTES: Final = 500_000
"""Of one; a whole delivery is never larger than what the web takes without files."""
_DEEPEST: Final = 12
"""Levels of lists in lists that are looked into; an answer has three."""
_USE: Final = "unreadable-answer"
_answers: Final = table_of(UnreadableAnswer)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One of them; ``original`` is JSON."""

    sender: str
    detail: str
    received_at: datetime
    original: str


def keep_original(
    database: Database, keys: Keys, sender: str, raw: object, detail: str, now: datetime
) -> None:
    """Keep it; delivered twice it is kept once."""
    try:
        said = json.dumps(raw, ensure_ascii=True)
    except RecursionError:  # no answer of ours: nothing in it could be told from anything else
        said = '"nested too deeply"'
    content = said.encode()[:_MOST_BYTES]
    row = {
        "id": sha256(f"{sender} ".encode() + content).hexdigest()[:32],
        "sender": sender,
        "detail": detail,
        "received_at": now,
        "content": keys.seal(_USE, content),
    }
    with database.transaction() as connection:
        maker = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(maker(_answers).values(row).on_conflict_do_nothing())


def count_unreadable(database: Database) -> int:
    """How many there are."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(_answers)).scalar_one())


def read_unreadable(database: Database, keys: Keys, actor: Actor) -> list[Unreadable]:
    """The newest :data:`MOST_SHOWN`, decrypted; that somebody read them is noted."""
    newest = select(_answers).order_by(_answers.c.received_at.desc(), _answers.c.id)
    with database.transaction() as connection:
        rows = connection.execute(newest.limit(MOST_SHOWN)).all()
        if rows:
            note(connection, actor, "surveys.unreadable-read", "", number=len(rows))
    return [
        Unreadable(row.sender, row.detail, row.received_at, keys.unseal(_USE, row.content).decode())
        for row in rows
    ]


def without_comments(raw: object) -> bytes:
    """What can be kept in the feedback store, where no free text may stand: codes and numbers."""
    return json.dumps(_plain(raw, 0), ensure_ascii=True)[:20_000].encode()


def _plain(value: object, depth: int) -> object:
    if depth > _DEEPEST:
        return "(nested)"
    if isinstance(value, dict):
        return {_code(key): _plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each, depth + 1) for each in value]
    return _code(value) if isinstance(value, str) else value


def _code(text: object) -> str:
    """A short text in small Latin letters and digits is a code; anything else may be a comment."""
    said = str(text)
    is_code = (
        len(said) <= 63 and said.isascii() and said.replace("-", "").replace("_", "").isalnum()
    )  # as codes
    return said if is_code else f"({len(said)} characters)"
