"""What an installation does again and again while it runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from broker.misuse.flagging import flag_recent
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.quarantine import erase_undecodable
from otziv.installation import Installation

AGAIN_AFTER: Final = timedelta(minutes=10)
"""When the database did not answer."""

Task: TypeAlias = Callable[[Database, datetime], object]


class Upkeep:
    """Erases undecodable bytes that are past their time, and judges new presses for misuse."""

    def __init__(self, installation: Installation) -> None:
        """Have everything due at once."""
        self._installation = installation
        self._tasks: dict[Task, timedelta] = {
            self._erase: timedelta(days=1),
            flag_recent: timedelta(minutes=5),
        }
        self._due_at = dict.fromkeys(self._tasks, datetime.min.replace(tzinfo=UTC))

    def attend(self, now: datetime) -> None:
        """Do what is due; what the database does not take now is tried again."""
        for task, every in self._tasks.items():
            if now < self._due_at[task]:
                continue
            try:
                with self._installation.store() as database:
                    task(database, now)
            except StoreError:
                self._due_at[task] = now + AGAIN_AFTER
            else:
                self._due_at[task] = now + every

    def _erase(self, database: Database, now: datetime) -> None:
        age = timedelta(days=self._installation.settings.undecodable_days)
        erase_undecodable(database, now - age)
