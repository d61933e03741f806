"""Sessions on the server: a cookie names one, and it ends when we say so.

The cookie holds 256 random bits and nothing else; the database holds their keyed hash. A new one
is made at sign-in and whenever somebody may do more than before.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    insert,
    select,
    update,
)
from starlette.requests import Request
from starlette.responses import Response

from broker.store.database import Database
from portal.accounts.accounts import shown_name
from portal.accounts.tables import Account, AccountRole, AccountSession, AccountUnit
from portal.keys import Keys
from portal.store.tables import new_id, table_of
from portal.web.actor import NOBODY, Actor, Kind
from portal.web.portal import Portal

Stage: TypeAlias = Literal["full", "code", "enrol", "first-use"]
"""How far a sign-in is: done; a second factor's code, or the making of one, or an own password is
still to come."""

Means: TypeAlias = Literal["password", "password+code", "directory", "e-identity", "slip", "link"]

IDLE: Final[dict[str, timedelta]] = {
    "staff": timedelta(minutes=15),
    "citizen": timedelta(minutes=20),
}
ABSOLUTE: Final[dict[str, timedelta]] = {
    "staff": timedelta(hours=8),
    "citizen": timedelta(hours=12),
}
UNFINISHED: Final = timedelta(minutes=20)
"""How long a sign-in may take from its first step to its last."""
FRESH: Final = timedelta(minutes=10)
"""How long ago the password may have been given for what is sensitive."""
_SEEN_EVERY: Final = timedelta(seconds=60)
"""Not each page writes."""
_USE: Final = "session"

_sessions: Final = table_of(AccountSession)
_accounts: Final = table_of(Account)
_roles: Final = table_of(AccountRole)
_units: Final = table_of(AccountUnit)


@dataclass(frozen=True, slots=True)
class Live:
    """A session that is alive.

    Attributes:
        id: for lists and forms; it opens nothing.
        proved_at: when the password was last given.
    """

    id: str
    account: str
    kind: Kind
    stage: Stage
    proved_at: datetime


class Sessions:
    """The portal's doorkeeper; it has no state of its own, so any number of them agree."""

    def __init__(self, database: Database, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def recognise(self, request: Request) -> Actor:
        """Who is asking; nobody with a session where a sign-in is not finished yet."""
        portal: Portal = request.app.state.portal
        secret = request.cookies.get(cookie_name(is_secure=portal.settings.is_secure), "")
        return self.recognise_secret(secret)

    def recognise_secret(self, secret: str) -> Actor:
        """The same by what the cookie holds."""
        if not secret:
            return NOBODY
        found = self._alive(_sessions.c.secret_hash == self._keys.hash(_USE, secret))
        if found is None:
            return NOBODY
        self._see(found)
        if found.stage != "full":
            return Actor(session=found.id)
        return self._actor(found)

    def actor_of(self, session: str) -> Actor | None:
        """Whose session that is (by its id); ``None`` unless it is alive and finished."""
        found = self._alive(_sessions.c.id == session)
        return None if found is None or found.stage != "full" else self._actor(found)

    def is_alive(self, session: str) -> bool:
        """Whether the session of that id may still be used; asking does not prolong it."""
        found = self._alive(_sessions.c.id == session)
        return found is not None and found.stage == "full"

    def touch(self, session: str) -> None:
        """Its person did something elsewhere (on the dashboard): it is not idle."""
        found = self._alive(_sessions.c.id == session)
        if found is not None:
            self._see(found)

    def live(self, session: str) -> Live | None:
        """What is known of a session that is alive, finished or not."""
        found = self._alive(_sessions.c.id == session)
        if found is None:
            return None
        return Live(found.id, found.account, found.kind, found.stage, found.proved_at)

    def is_fresh(self, session: str, within: timedelta = FRESH) -> bool:
        """Whether the password was given not long ago."""
        found = self.live(session)
        return found is not None and found.proved_at >= self._clock() - within

    def _alive(self, condition: ColumnElement[bool]) -> Row[Any] | None:
        with self._database.reading() as connection:
            found = connection.execute(_with_account(condition)).one_or_none()
        return found if found is not None and is_in_time(found, self._clock()) else None

    def _see(self, found: Row[Any]) -> None:
        now = self._clock()
        if now - found.seen_at < _SEEN_EVERY:
            return
        with self._database.transaction() as connection:
            connection.execute(
                update(_sessions).where(_sessions.c.id == found.id).values(seen_at=now)
            )

    def _actor(self, found: Row[Any]) -> Actor:
        kind: Kind = found.kind
        with self._database.reading() as connection:
            if kind != "staff":
                name = shown_name(connection, found)
                return Actor(kind, found.account, name, session=found.id)
            roles = connection.scalars(
                select(_roles.c.role).where(_roles.c.account == found.account)
            )
            units = connection.scalars(
                select(_units.c.unit).where(_units.c.account == found.account)
            )
            return Actor(
                kind,
                found.account,
                found.name,
                frozenset(roles),
                frozenset(units),
                found.id,
            )


def _with_account(condition: ColumnElement[bool]) -> Select[Any]:
    """Sessions with what is needed of their accounts; none of those that are locked."""
    return (
        select(_sessions, _accounts.c.kind, _accounts.c.name, _accounts.c.party)
        .join(_accounts, _accounts.c.id == _sessions.c.account)
        .where(condition, _sessions.c.ended_at.is_(None), _accounts.c.state != "locked")
    )


def is_in_time(found: Row[Any], now: datetime) -> bool:
    """Whether a session is neither idle for too long nor too old."""
    if found.stage != "full":
        return bool(now - found.began_at <= UNFINISHED)
    return bool(
        now - found.seen_at <= IDLE[found.kind] and now - found.began_at <= ABSOLUTE[found.kind]
    )


def cookie_name(*, is_secure: bool) -> str:
    """``__Host-`` binds a cookie to this very host over TLS; browsers refuse it without."""
    return "__Host-otziv" if is_secure else "otziv"


def give_cookie(response: Response, secret: str, *, is_secure: bool) -> Response:
    """Let the browser keep ``secret`` until it is closed; an empty one takes the cookie away."""
    name = cookie_name(is_secure=is_secure)
    if secret:
        response.set_cookie(name, secret, secure=is_secure, httponly=True, samesite="lax")
    else:
        response.delete_cookie(name, secure=is_secure, httponly=True, samesite="lax")
    return response


def begin(  # noqa: PLR0913  each says one thing about it, by its name
    connection: Connection,
    keys: Keys,
    account: str,
    *,
    now: datetime,
    stage: Stage = "full",
    means: Means = "password",
    browser: str = "",
    instead_of: str = "",
) -> tuple[str, str]:
    """Begin a session: its id, and the secret for the cookie.

    Args:
        connection: of the transaction.
        keys: the portal's.
        account: whose.
        now: when.
        stage: how far the sign-in is.
        means: how the person proved to be himself.
        browser: in a few words, for the list of sessions.
        instead_of: id of a session that ends with it.
    """
    secret, session = secrets.token_urlsafe(32), new_id()
    if instead_of:
        end(connection, session=instead_of, now=now)
    connection.execute(
        insert(_sessions).values(
            id=session,
            secret_hash=keys.hash(_USE, secret),
            account=account,
            stage=stage,
            means=means,
            browser=browser,
            began_at=now,
            seen_at=now,
            proved_at=now,
        )
    )
    return session, secret


def prove(connection: Connection, keys: Keys, session: str, now: datetime) -> str:
    """The password was given again: the session is fresh, and has a new secret, which this is."""
    secret = secrets.token_urlsafe(32)
    connection.execute(
        update(_sessions)
        .where(_sessions.c.id == session, _sessions.c.ended_at.is_(None))
        .values(secret_hash=keys.hash(_USE, secret), proved_at=now)
    )
    return secret


def end(connection: Connection, *, session: str, now: datetime, account: str = "") -> bool:
    """End a session (of ``account``, where given); whether it was there and had not ended."""
    wanted = [_sessions.c.id == session, _sessions.c.ended_at.is_(None)]
    if account:
        wanted.append(_sessions.c.account == account)
    ended = connection.execute(
        update(_sessions).where(*wanted).values(ended_at=now, totp_pending=None)
    )
    return ended.rowcount > 0


def end_all(connection: Connection, account: str, now: datetime, but: str = "") -> int:
    """End all sessions of an account, except one; how many."""
    ended = connection.execute(
        update(_sessions)
        .where(
            _sessions.c.account == account, _sessions.c.ended_at.is_(None), _sessions.c.id != but
        )
        .values(ended_at=now, totp_pending=None)
    )
    return ended.rowcount


def sessions_of(connection: Connection, account: str, now: datetime) -> list[Row[Any]]:
    """The finished sessions of an account that are alive, the last used first."""
    wanted = _with_account(and_(_sessions.c.account == account, _sessions.c.stage == "full"))
    found = connection.execute(wanted.order_by(_sessions.c.seen_at.desc()))
    return [each for each in found if is_in_time(each, now)]
