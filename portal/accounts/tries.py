"""Backing off: how often something may be tried. In the database, so that a restart helps nobody.

Some tries are free; each further one has to wait twice as long as the one before, an hour at the
most. Nothing is locked for good: else anybody could lock out whom he likes. An address's tries
halve every quarter of an hour, since many honest people may be behind it, and a right password
leaves nothing of itself there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
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
"""Within which the free ones of an account count together; those of an address halve after it."""
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
QUIET: Final = timedelta(hours=24)
"""Without a try, all is forgotten."""

_USE: Final = "sign-in-try"
_tries: Final = table_of(SignInTry)


@dataclass(frozen=True, slots=True)
class Who:
    """Whose tries are counted.

    Attributes:
        free: how many are.
        is_shared: whether others may be behind it, who did nothing.
    """

    text: str
    free: int
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """One that was counted, so that it can be taken back.

    Attributes:
        who: keyed hash.
        before: when the one before it was.
    """

    who: str
    is_shared: bool
    at: datetime
    before: datetime


def of_account(name: str, what: str = "password") -> Who:
    """Tries at an account by its sign-in name, whether there is such an account or not."""
    return Who(f"{what} of {name}", FREE_OF_ACCOUNT)


def of_address(address: str) -> Who:
    """Tries from a network address."""
    return Who(f"address {address}", FREE_OF_ADDRESS, is_shared=True)


def count_try(database: Database, keys: Keys, whose: Iterable[Who], now: datetime) -> list[Try]:
    """Count one more try, before it is made: many at once are no way around.

    Raises:
        Stop: (429) it is too early for the next one; it is not counted.
    """
    named = sorted(((keys.hash(_USE, each.text), each) for each in whose), key=itemgetter(0))
    with database.transaction() as connection:
        connection.execute(delete(_tries).where(_tries.c.last_at < now - QUIET))
        return [_count(connection, who, each, now) for who, each in named]


def forgive(connection: Connection, counted: Iterable[Try]) -> None:
    """That try was right: the account's are forgotten, and it was none against the address."""
    for each in counted:
        if each.is_shared:
            _take_back(connection, each)
        else:
            connection.execute(delete(_tries).where(_tries.c.who == each.who))


def forget(connection: Connection, keys: Keys, who: Who) -> None:
    """All tries of that one are forgotten."""
    connection.execute(delete(_tries).where(_tries.c.who == keys.hash(_USE, who.text)))


@contextmanager
def taken_back_if_stopped(database: Database, counted: Iterable[Try]) -> Iterator[None]:
    """Take a try back that nobody got to judge, as the portal was too busy."""
    try:
        yield
    except Stop:
        with database.transaction() as connection:
            for each in counted:
                _take_back(connection, each)
        raise


def wait_after(tries: int, free: int) -> timedelta:
    """How long the next one has to wait after so many."""
    if tries < free:
        return timedelta()
    doubled: int = 2 ** min(tries - free, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _count(connection: Connection, who: str, named: Who, now: datetime) -> Try:
    module = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = {"who": who, "tries": 0, "first_at": now, "last_at": now}
    connection.execute(module.insert(_tries).values(new).on_conflict_do_nothing())
    wanted = select(_tries).where(_tries.c.who == who).with_for_update()
    found = connection.execute(wanted).one()
    tries, first_at = _left(found.tries, found.first_at, named, now)
    wait_until = found.last_at + wait_after(tries, named.free)
    if tries >= named.free and now < wait_until:
        raise Stop(429, retry_after_s=max(1, round((wait_until - now).total_seconds())))
    connection.execute(
        update(_tries)
        .where(_tries.c.who == who)
        .values(tries=tries + 1, first_at=first_at, last_at=now)
    )
    return Try(who, named.is_shared, now, found.last_at)


def _left(tries: int, first_at: datetime, named: Who, now: datetime) -> tuple[int, datetime]:
    """How many of so many still count, and since when."""
    windows = max(0, (now - first_at) // WINDOW)
    if named.is_shared:
        return tries >> min(windows, 60), first_at + windows * WINDOW
    if tries < named.free and now - first_at > WINDOW:
        return 0, now
    return tries, first_at


def _take_back(connection: Connection, counted: Try) -> None:
    """As if it had not been made: neither counted, nor the last from which the next one waits."""
    of_it = _tries.c.who == counted.who
    connection.execute(
        update(_tries).where(of_it, _tries.c.tries > 0).values(tries=_tries.c.tries - 1)
    )
    connection.execute(
        update(_tries).where(of_it, _tries.c.last_at == counted.at).values(last_at=counted.before)
    )
