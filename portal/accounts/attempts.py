"""Sign-ins on their way through a provider: bound to a browser, minutes long, used once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert

from portal.accounts.tables import SignInAttempt
from portal.store.tables import table_of
from portal.web.portal import Portal

LIFETIME: Final = timedelta(minutes=10)
_USE: Final = "attempt"
_attempts: Final = table_of(SignInAttempt)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was remembered.

    Attributes:
        kept: by the provider.
        next: where the person wanted to go.
    """

    kept: Mapping[str, str]
    next: str


def keep_attempt(
    portal: Portal, provider: str, state: str, kept: Mapping[str, str], next_path: str
) -> str:
    """Remember a sign-in; what its browser is told to show when it comes back."""
    browser, now = secrets.token_urlsafe(32), portal.clock()
    with portal.database.transaction() as connection:
        connection.execute(delete(_attempts).where(_attempts.c.valid_until < now))
        connection.execute(
            insert(_attempts).values(
                state_hash=portal.keys.hash(_USE, state),
                provider=provider,
                browser_hash=portal.keys.hash(_USE, browser),
                kept=portal.keys.seal(_USE, json.dumps(dict(kept)).encode()),
                next=next_path,
                valid_until=now + LIFETIME,
            )
        )
    return browser


def take_attempt(portal: Portal, provider: str, state: str, browser: str) -> Attempt | None:
    """What was remembered of that state, once; ``None``: unknown, old, or of another browser."""
    wanted = (
        delete(_attempts)
        .where(
            _attempts.c.state_hash == portal.keys.hash(_USE, state),
            _attempts.c.provider == provider,
            _attempts.c.browser_hash == portal.keys.hash(_USE, browser),
        )
        .returning(_attempts.c.kept, _attempts.c.next, _attempts.c.valid_until)
    )
    with portal.database.transaction() as connection:
        found = connection.execute(wanted).one_or_none()
    if found is None or found.valid_until < portal.clock():
        return None
    kept = json.loads(portal.keys.unseal(_USE, found.kept))
    return Attempt({str(name): str(value) for name, value in kept.items()}, found.next)
