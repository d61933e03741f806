"""What an installation does once a day while it runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from broker.store.errors import StoreError
from broker.store.quarantine import erase_undecodable
from otziv.installation import Installation

EVERY: Final = timedelta(days=1)
AGAIN_AFTER: Final = timedelta(minutes=10)
"""When the database did not answer."""


class Upkeep:
    """Erases undecodable bytes that are past their time."""

    def __init__(self, installation: Installation) -> None:
        """Have everything due at once."""
        self._installation = installation
        self._due_at = datetime.min.replace(tzinfo=UTC)

    def attend(self, now: datetime) -> int:
        """Do what is due; returns how many entries lost their bytes."""
        if now < self._due_at:
            return 0
        age = timedelta(days=self._installation.settings.undecodable_days)
        try:
            with self._installation.store() as database:
                erased = erase_undecodable(database, now - age)
        except StoreError:
            self._due_at = now + AGAIN_AFTER
            return 0
        self._due_at = now + EVERY
        return erased
