"""One-time links: each lets one person answer once, and nobody can tell which answer it was.

The secret (128 bits) stands in the link alone. Here is its keyed hash, and the nonce of the form,
which the answer's ids derive from, is another one: neither leads to the other without the secret.
Of the answer, and of the spending, only the day is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from broker.store.database import Database
from portal.keys import Keys
from portal.store.tables import table_of
from portal.surveys.answer_tables import OneTimeLink

MOST_AT_ONCE: Final = 1_000
"""Links made at once."""

_links: Final = table_of(OneTimeLink)


def new_links(  # noqa: PLR0913  each says one thing about them, by its name
    connection: Connection,
    keys: Keys,
    number: int,
    *,
    survey: str,
    touchpoint: str,
    channel: str,
    today: date,
    expires_on: date,
) -> list[str]:
    """Make ``number`` links; their secrets, which are nowhere else.

    ``channel`` is ``link`` or ``e-mail``; from ``expires_on`` on they are worth nothing.
    """
    made = [secrets.token_urlsafe(16) for _ in range(number)]
    shared = {
        "survey": survey,
        "touchpoint": touchpoint,
        "channel": channel,
        "made_on": today,
        "expires_on": expires_on,
    }
    rows = [{"hash": _hash(keys, secret), **shared} for secret in made]
    # Not in the order in which people get them.
    connection.execute(insert(_links), sorted(rows, key=lambda row: str(row["hash"])))
    return made


def find_link(database: Database, keys: Keys, secret: str) -> OneTimeLink | None:
    """The link of that secret."""
    with database.reading() as connection:
        query = select(_links).where(_links.c.hash == _hash(keys, secret))
        row = connection.execute(query).mappings().first()
    return None if row is None else OneTimeLink(**row)


def nonce_of(keys: Keys, secret: str) -> str:
    """The nonce of the one form that the link is for."""
    return keys.hash("one-time-answer", secret)[:32]


def spend(database: Database, keys: Keys, secret: str, today: date) -> None:
    """Note that the link was used; again changes nothing."""
    is_it = (_links.c.hash == _hash(keys, secret)) & _links.c.spent_on.is_(None)
    with database.transaction() as connection:
        connection.execute(update(_links).where(is_it).values(spent_on=today))


def count_links(database: Database, survey: str) -> Sequence[tuple[str, int, int]]:
    """Channel, links made and links used, of a survey."""
    query = (
        select(_links.c.channel, func.count(), func.count(_links.c.spent_on))
        .where(_links.c.survey == survey)
        .group_by(_links.c.channel)
        .order_by(_links.c.channel)
    )
    with database.reading() as connection:
        return [(channel, made, used) for channel, made, used in connection.execute(query)]


def _hash(keys: Keys, secret: str) -> str:
    return keys.hash("one-time-link", secret)
