"""Backing off: how often something may be tried. In the database, so that a restart helps nobody.

Some tries are free; each further one has to wait twice as long as the one before, an hour at the
most. Nothing is locked for good: else anybody could lock out whom he likes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from broker.store.database import Database
from portal.accounts.tables import SignInTry
from portal.keys import Keys
from portal.store.tables import table_of
from portal.web.errors import Stop

FREE_OF_ACCOUNT: Final = 5
FREE_OF_ADDRESS: Final = 20
"""More than of an account: a whole town hall may share an address."""
WINDOW: Final = timedelta(minutes=15)
"""Within which the free ones count together."""
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
QUIET: Final = timedelta(hours=24)
"""Without a try, all is forgotten."""

_USE: Final = "sign-in-try"
_tries: Final = table_of(SignInTry)


@dataclass(frozen=True, slots=True)
class Who:
    """Whose tries are counted, and how many are free."""

    text: str
    free: int


def of_account(name: str, what: str = "password") -> Who:
    """Tries at an account by its sign-in name, whether there is such an account or not."""
    return Who(f"{what} of {name}", FREE_OF_ACCOUNT)


def of_address(address: str) -> Who:
    """Tries from a network address."""
    return Who(f"address {address}", FREE_OF_ADDRESS)


def count_try(database: Database, keys: Keys, whose: Iterable[Who], now: datetime) -> None:
    """Count one more try, before it is made: many at once are no way around.

    Raises:
        Stop: (429) it is too early for the next one; it is not counted.
    """
    named = sorted((keys.hash(_USE, each.text), each.free) for each in whose)
    with database.transaction() as connection:
        connection.execute(delete(_tries).where(_tries.c.last_at < now - QUIET))
        for who, free in named:
            _count(connection, who, free, now)


def forgive(connection: Connection, keys: Keys, account: Who, address: Who) -> None:
    """That try was right: the account's are forgotten, and it was none against the address."""
    connection.execute(delete(_tries).where(_tries.c.who == keys.hash(_USE, account.text)))
    connection.execute(
        update(_tries)
        .where(_tries.c.who == keys.hash(_USE, address.text), _tries.c.tries > 0)
        .values(tries=_tries.c.tries - 1)
    )


def wait_after(tries: int, free: int) -> timedelta:
    """How long the next one has to wait after so many."""
    if tries < free:
        return timedelta()
    doubled: int = 2 ** min(tries - free, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _count(connection: Connection, who: str, free: int, now: datetime) -> None:
    module = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = {"who": who, "tries": 0, "first_at": now, "last_at": now}
    connection.execute(module.insert(_tries).values(new).on_conflict_do_nothing())
    wanted = select(_tries).where(_tries.c.who == who).with_for_update()
    found = connection.execute(wanted).one()
    tries, first_at = found.tries, found.first_at
    wait_until = found.last_at + wait_after(tries, free)
    if tries >= free and now < wait_until:
        raise Stop(429, retry_after_s=max(1, round((wait_until - now).total_seconds())))
    if tries < free and now - first_at > WINDOW:
        tries, first_at = 0, now
    connection.execute(
        update(_tries)
        .where(_tries.c.who == who)
        .values(tries=tries + 1, first_at=first_at, last_at=now)
    )
