"""Who is let in to the dashboard, and by which proof.

The way in has three steps. The gate gives the browser a door cookie (random) and sends it to the
portal with the door's *name* (its hash); the portal gives whoever is signed in there a ticket (used
once, seconds long) and seals it for that door; the gate takes the ticket from the browser that has
the door's cookie, and gives it a pass. So a ticket that was seen by others opens nothing for them,
and nobody can be made to look at the dashboard in somebody else's name.

The pass names the session of the portal and is signed; it is good exactly as long as that session.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, get_args

from portal.accounts import tickets
from portal.accounts.sessions import Sessions
from portal.keys import Keys
from portal.people.units import codes_below
from portal.web.actor import Actor, Role
from portal.web.portal import Portal

VIEWERS: Final[frozenset[Role]] = frozenset(
    {"editor", "head-of-unit", "manager", "auditor", "administrator"}
)
"""Whose work the dashboard is for."""

_TICKET: Final = "dashboard-ticket"
_PASS: Final = "dashboard-pass"  # noqa: S105  # what the key is for
_HASH_DIGITS: Final = 64


def new_door() -> str:
    """What the door's cookie holds."""
    return secrets.token_urlsafe(32)


def name_of(door: str) -> str:
    """By which others may call a door without being able to go through it."""
    return sha256(door.encode()).hexdigest()


def is_name(text: str) -> bool:
    """Whether ``text`` can be the name of a door."""
    return len(text) == _HASH_DIGITS and set(text) <= set("0123456789abcdef")


def seal(keys: Keys, ticket: str, door_name: str) -> str:
    """What binds a ticket to a door."""
    return keys.sign(_TICKET, f"{door_name} {ticket}")


@dataclass(frozen=True, slots=True)
class Admission:
    """Decides, by the portal's sessions."""

    portal: Portal

    def admit(self, ticket: str, sealed: str, door: str) -> str | None:
        """A pass for the bearer of ``ticket`` at ``door``; ``None``: he must get another one.

        A ticket for another door is left as it is: whoever tries it must not spend it.

        Raises:
            StoreError: the database is away.
        """
        keys = self.portal.keys
        if not door or not keys.is_signed(_TICKET, f"{name_of(door)} {ticket}", sealed):
            return None
        actor = tickets.redeem(self.portal, ticket)
        if actor is None or not may_look(actor):
            return None
        return f"{actor.session}.{keys.sign(_PASS, actor.session)}"

    def person(self, passed: str) -> Actor | None:
        """Who has that pass; ``None`` once his session has ended, or he may not look any more.

        His units are those for which his roles hold, with all that are in them.

        Raises:
            StoreError: the database is away.
        """
        session, _, signature = passed.partition(".")
        if not session or not self.portal.keys.is_signed(_PASS, session, signature):
            return None
        actor = self._sessions.actor_of(session)
        if actor is None or not may_look(actor):
            return None
        return replace(actor, units=self._with_those_below(actor.units)) if actor.units else actor

    def touch(self, passed: str) -> None:
        """The bearer of a pass did something: his session is not idle.

        Raises:
            StoreError: the database is away.
        """
        self._sessions.touch(passed.partition(".")[0])

    def _with_those_below(self, units: frozenset[str]) -> frozenset[str]:
        with self.portal.database.reading() as connection:
            return units.union(*(codes_below(connection, unit) for unit in units))

    @property
    def _sessions(self) -> Sessions:
        return Sessions(self.portal.database, self.portal.keys, self.portal.clock)


def may_look(actor: Actor) -> bool:
    """Whether the dashboard is for him."""
    return actor.is_staff and bool(actor.roles & VIEWERS)


assert set(get_args(Role)) >= VIEWERS  # noqa: S101  # a role that was renamed is found at once
