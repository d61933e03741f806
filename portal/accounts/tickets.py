"""Tickets: how a session of the portal becomes known to the dashboard, which has another host name.

A ticket stands in an address for a moment, so it holds half a minute and opens once.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert

from portal.accounts.sessions import Sessions
from portal.accounts.tables import AccountTicket
from portal.store.tables import table_of
from portal.web.actor import Actor
from portal.web.portal import Portal

LIFETIME: Final = timedelta(seconds=30)
_USE: Final = "ticket"
_tickets: Final = table_of(AccountTicket)


def issue(portal: Portal, session: str) -> str:
    """A ticket for the session of that id (``page.actor.session``)."""
    ticket, now = secrets.token_urlsafe(32), portal.clock()
    with portal.database.transaction() as connection:
        connection.execute(delete(_tickets).where(_tickets.c.valid_until < now))
        connection.execute(
            insert(_tickets).values(
                secret_hash=portal.keys.hash(_USE, ticket),
                session=session,
                valid_until=now + LIFETIME,
            )
        )
    return ticket


def redeem(portal: Portal, ticket: str) -> Actor | None:
    """Whose ticket it is (``actor.session`` is the session's id); it is spent with that.

    ``None``: unknown, spent or too old, or its session is over.
    """
    wanted = (
        delete(_tickets)
        .where(_tickets.c.secret_hash == portal.keys.hash(_USE, ticket))
        .returning(_tickets.c.session, _tickets.c.valid_until)
    )
    with portal.database.transaction() as connection:
        found = connection.execute(wanted).one_or_none()
    if found is None or found.valid_until < portal.clock():
        return None
    return _sessions(portal).actor_of(found.session)


def is_alive(portal: Portal, session: str) -> bool:
    """Whether the session of that id may still be used; asking does not prolong it."""
    return _sessions(portal).is_alive(session)


def _sessions(portal: Portal) -> Sessions:
    return Sessions(portal.database, portal.keys, portal.clock)
