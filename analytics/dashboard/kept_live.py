"""Live figures, read once for all who look and again as soon as something new came in.

A page renews itself every two seconds for every viewer, while a vote comes in every twenty: most
renewals would read what they read before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import func, select

from broker.store.database import Database
from broker.store.registered import revision
from broker.store.tables import Event, table_of

KEPT_S: Final = 10
"""Without anything new; what goes by with time alone (the last 15 minutes) is so exact."""

_newest: Final = select(func.max(table_of(Event).c.number))
_T = TypeVar("_T")


class KeptLive:
    """What was read, by what was asked for."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._lock: Final = Lock()
        self._looked_at: datetime | None = None
        self._state: Hashable = None
        self._found: dict[Hashable, Any] = {}

    def of(self, database: Database, now: datetime, asked: Hashable, read: Callable[[], _T]) -> _T:
        """What ``read`` gives, or gave since the last event and change of the registry.

        It is read anew at least every ten seconds, and at each midnight.

        Raises:
            StoreError: the database is away.
        """
        state = self._checked(database, now)
        with self._lock:
            if state == self._state and asked in self._found:
                found: _T = self._found[asked]
                return found
        found = read()
        with self._lock:
            if state == self._state:
                self._found[asked] = found
        return found

    def _checked(self, database: Database, now: datetime) -> Hashable:
        """The state of the store; looked at once for all parts of one renewal."""
        with self._lock:
            if now == self._looked_at:
                return self._state
        with database.reading() as connection:
            newest = connection.scalar(_newest)
            state = (newest, revision(connection), int(now.timestamp()) // KEPT_S)
        with self._lock:
            self._looked_at = now
            if state != self._state:
                self._state, self._found = state, {}
        return state
