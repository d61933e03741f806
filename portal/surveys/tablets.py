"""Tablets on stands: paired by staff, known by a secret that only their browser keeps.

The link that pairs one holds another secret and works once, within a quarter of an hour: whoever
photographs the screen has nothing. Each tablet brings its answers in under a name of its own, so
that the rules against misuse see one panel, and the account of its numbers is its own.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, insert, select, update

from broker.intake.submissions import register_sender
from broker.store.database import Database
from portal.audit.log import note
from portal.keys import Keys
from portal.store.tables import new_id, table_of
from portal.surveys.answer_tables import Tablet
from portal.web.actor import Actor
from portal.web.portal import Portal

PAIRING: Final = timedelta(minutes=15)
LATE: Final = timedelta(days=30)
"""So long an ended tablet may deliver what was answered on it before."""

_tablets: Final = table_of(Tablet)


def new_tablet(portal: Portal, actor: Actor, touchpoint: str) -> tuple[str, str]:
    """Make a tablet for a place; its id, and the secret of the link that pairs it."""
    tablet = new_id()
    sender = register_sender(
        portal.feedback, portal.settings.site, f"tablet-{secrets.token_hex(4)}"
    )
    secret, now = _secret(), portal.clock()
    row = {
        "id": tablet,
        "sender": sender,
        "touchpoint": touchpoint,
        "made_at": now,
        "pairing_hash": _hash(portal.keys, "pairing", secret),
        "pairing_until": now + PAIRING,
        "waiting": 0,
    }
    with portal.database.transaction() as connection:
        connection.execute(insert(_tablets).values(row))
        note(connection, actor, "surveys.tablet-made", tablet, touchpoint=touchpoint)
    return tablet, secret


def pair_again(portal: Portal, actor: Actor, tablet: str) -> str | None:
    """A new pairing link for a tablet, whose browser lost its secret; ``None``: it was ended.

    What the tablet keeps until then goes on to work until it is paired anew.
    """
    secret = _secret()
    change = (
        update(_tablets)
        .where(_tablets.c.id == tablet, _tablets.c.ended_at.is_(None))
        .values(
            pairing_hash=_hash(portal.keys, "pairing", secret),
            pairing_until=portal.clock() + PAIRING,
        )
    )
    with portal.database.transaction() as connection:
        if not connection.execute(change).rowcount:
            return None
        note(connection, actor, "surveys.tablet-paired-again", tablet)
    return secret


def pair(portal: Portal, touchpoint: str, pairing: str) -> str | None:
    """Pair the tablet that opened this link; what its browser keeps, or ``None``: it is no good."""
    secret, now = _secret(), portal.clock()
    change = (
        update(_tablets)
        .where(
            _tablets.c.pairing_hash == _hash(portal.keys, "pairing", pairing),
            _tablets.c.pairing_until > now,
            _tablets.c.touchpoint == touchpoint,
            _tablets.c.ended_at.is_(None),
        )
        .values(
            pairing_hash=None,
            pairing_until=None,
            secret_hash=_hash(portal.keys, "tablet", secret),
            paired_at=now,
        )
    )
    with portal.database.transaction() as connection:
        return secret if connection.execute(change).rowcount else None


def find_tablet(
    database: Database, keys: Keys, secret: str, *, ended_after: datetime | None = None
) -> Tablet | None:
    """The tablet whose browser keeps ``secret``; one that was ended is none.

    With ``ended_after`` it is one still if it was ended later: see :data:`LATE`.
    """
    is_wanted: ColumnElement[bool] = _tablets.c.ended_at.is_(None)
    if ended_after is not None:
        is_wanted |= _tablets.c.ended_at > ended_after
    is_it = _tablets.c.secret_hash == _hash(keys, "tablet", secret)
    query = select(_tablets).where(is_it, is_wanted)
    with database.reading() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else Tablet(**row)


def first_tablet_at(database: Database, touchpoint: str) -> datetime:
    """When the first tablet was made for a place: what was answered there was answered later.

    A browser that is paired as a new tablet brings what the ended one left in it.
    """
    query = select(func.min(_tablets.c.made_at)).where(_tablets.c.touchpoint == touchpoint)
    with database.reading() as connection:
        found: datetime = connection.execute(query).scalar_one()
    return found


def note_seen(database: Database, tablet: str, waiting: int, now: datetime) -> None:
    """A tablet was heard; so many of its answers still wait in its browser."""
    _change(database, tablet, seen_at=now, waiting=waiting)


def list_tablets(database: Database) -> list[Tablet]:
    """All tablets that were not ended, by place."""
    query = (
        select(_tablets)
        .where(_tablets.c.ended_at.is_(None))
        .order_by(_tablets.c.touchpoint, _tablets.c.id)
    )
    with database.reading() as connection:
        return [Tablet(**row) for row in connection.execute(query).mappings()]


def end_tablet(
    database: Database, actor: Actor, tablet: str, now: datetime, *, is_lost: bool = False
) -> bool:
    """Ask nothing more on that tablet; ``False``: there is none.

    What waits in it is taken for :data:`LATE`, unless ``is_lost``: in whose hands it is then
    nobody knows.
    """
    change = update(_tablets).where(_tablets.c.id == tablet, _tablets.c.ended_at.is_(None))
    values: dict[str, Any] = {"ended_at": now, "pairing_hash": None}
    if is_lost:
        values["secret_hash"] = None
    with database.transaction() as connection:
        ended = connection.execute(change.values(values))
        if ended.rowcount:
            note(connection, actor, "surveys.tablet-ended", tablet, lost=is_lost)
    return bool(ended.rowcount)


def _secret() -> str:
    return secrets.token_urlsafe(16)


def _hash(keys: Keys, use: str, secret: str) -> str:
    return keys.hash(f"tablet-{use}", secret)


def _change(database: Database, tablet: str, **values: Any) -> None:  # noqa: ANN401  # columns
    with database.transaction() as connection:
        connection.execute(update(_tablets).where(_tablets.c.id == tablet).values(values))
