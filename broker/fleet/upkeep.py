"""What time does to certificates and to strangers, looked after once an hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from broker.fleet.authority import Authority
from broker.fleet.certificates import SERVERS, retire_replaced
from broker.fleet.fleet_status import STRANGERS_STAY, forget_strangers
from broker.fleet.identities import renew_identities
from broker.fleet.orders import forget_orders
from broker.link.link import Message
from broker.store.database import Database
from broker.wire.topics import Topic

EVERY: Final = timedelta(hours=1)
ORDERS_LAST: Final = timedelta(days=90)
"""How long it is known what was asked of a device, and what it reported."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Upkeep:
    """A :class:`broker.fleet.chore.Chore`.

    Args:
        database: where certificates are recorded.
        authority: signs.
        folder: of the identities.
        names: by which our servers are reached.
        when_renewed: called after a server's own certificate was.
    """

    def __init__(
        self,
        database: Database,
        authority: Authority,
        folder: Path,
        names: Sequence[str],
        when_renewed: Callable[[], None],
    ) -> None:
        self._database = database
        self._authority = authority
        self._folder = folder
        self._names = names
        self._when_renewed = when_renewed
        self._due_at: datetime | None = None

    def connected(self) -> None:
        """Nothing to say."""

    def take(self, topic: Topic, message: Message) -> None:
        """Nothing to hear."""

    def attend(self, now: datetime) -> None:
        """Revoke what was replaced long ago, forget strangers, renew our own certificates.

        Raises:
            StoreError: the database does not answer; it is tried again.
        """
        if self._due_at is not None and self._due_at - EVERY <= now < self._due_at:
            return
        retired = retire_replaced(self._database, now)
        forgotten = forget_strangers(self._database, now - STRANGERS_STAY)
        forget_orders(self._database, now - ORDERS_LAST)
        made = renew_identities(self._database, self._authority, self._folder, self._names, now)
        self._due_at = now + EVERY
        if retired.revoked or forgotten or made:
            _log.info(
                "upkeep", revoked=len(retired.revoked), forgotten=forgotten, renewed=sorted(made)
            )
        if made & SERVERS:
            self._when_renewed()
