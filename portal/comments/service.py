"""Keeping comments: masked first, then stored, apart from the answers they came with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from broker.store.database import Database
from portal.comments.kinds import Kind
from portal.comments.masking import mask
from portal.comments.staff import staff_pattern
from portal.comments.tables import Comment
from portal.store.tables import table_of

MAX_LENGTH: Final = 2_000
"""Characters of a comment; forms tell visitors before they write more."""
_BEYOND: Final = 100
"""Characters masked beyond the end, so that it cuts no number in halves that nobody knows then."""

_SOFIA: Final = ZoneInfo("Europe/Sofia")


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a comment.

    Attributes:
        is_kept: ``False`` where there was nothing to keep: spaces, invisible characters.
        masked: what was masked, to tell the visitor; ``codes`` are for an address.
    """

    is_kept: bool
    masked: tuple[Kind, ...] = ()

    @property
    def codes(self) -> str:
        """The kinds with commas between, for ``?masked=…`` and ``portal.comments.kinds.named``."""
        return ",".join(self.masked)


def keep(  # noqa: PLR0913  each says one thing about it, by its name
    database: Database,
    *,
    survey: str,
    version: int,
    question: str,
    touchpoint: str,
    channel: str,
    language: str,
    text: str,
    now: datetime,
    zone: ZoneInfo = _SOFIA,
    once: str = "",
) -> Kept:
    """Mask a comment and keep it. What was masked is not stored, nor is the time of day.

    Args:
        database: the portal's.
        survey: code.
        version: of the survey.
        question: code of the question that asked for it.
        touchpoint: code.
        channel: as in events: ``web``, ``qr``, ``paper`` …
        language: in which the visitor was asked.
        text: as typed; what is longer than :data:`MAX_LENGTH` is cut off.
        now: aware.
        zone: whose days are counted.
        once: a secret of the form that it came with: sent twice, it is kept once. Only its digest
            is stored; keep the secret itself nowhere, or it joins comment and answer.
    """
    with database.reading() as connection:
        names = staff_pattern(connection)
    masked = mask(text[: MAX_LENGTH + _BEYOND], language, names)
    if not masked.text:
        return Kept(is_kept=False)
    row = {
        "id": sha256(f"comment {once}".encode()).hexdigest()[:32]
        if once
        else secrets.token_hex(16),
        "touchpoint": touchpoint,
        "survey": survey,
        "version": version,
        "question": question,
        "channel": channel,
        "language": language,
        "received_on": now.astimezone(zone).date(),
        "text": masked.text[:MAX_LENGTH],
        "masked": ",".join(masked.kinds),
    }
    with database.transaction() as connection:
        _insert(connection, row)
    return Kept(is_kept=True, masked=masked.kinds)


def _insert(connection: Connection, row: dict[str, object]) -> None:
    """Insert it unless it is there."""
    maker = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(maker(table_of(Comment)).values(row).on_conflict_do_nothing())
