"""What time does to certificates and to strangers, looked after once an hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from broker.files import write_whole
from broker.fleet.attempts import close_wrong_codes
from broker.fleet.authority import Authority
from broker.fleet.certificates import SERVERS, retire_replaced
from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import STRANGERS_STAY, forget_strangers
from broker.fleet.guard import RULE as BROKER_RELOAD
from broker.fleet.identities import renew_identities
from broker.fleet.notices import close_notice, forget_notices, open_notice
from broker.fleet.orders import forget_orders
from broker.fleet.revisions import forget_revisions
from broker.link.link import Message
from broker.server.server import BrokerServerError
from broker.store.database import Database
from broker.wire.topics import Topic

EVERY: Final = timedelta(hours=1)
AGAIN: Final = timedelta(minutes=1)
"""After a server did not take up its new certificate, until it is told again."""
RULE: Final = f"{BROKER_RELOAD}:certificate"
"""Of the notice about that."""
ORDERS_LAST: Final = timedelta(days=90)
"""How long it is known what was asked of a device, and what it reported."""
NOTICES_LAST: Final = timedelta(days=730)
"""How long it is known what was the matter, once it is over."""
REVISIONS_KEPT: Final = 200
"""Configurations of a device that it can be set back to; a daily one has half a year."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Upkeep:
    """A :class:`broker.fleet.chore.Chore`.

    Args:
        database: where certificates are recorded.
        authority: signs.
        folder: of the identities.
        names: by which our servers are reached.
        when_renewed: called after a server's own certificate was, until it does not fail.
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
        self._memory = folder / "servers.told"

    def connected(self) -> None:
        """Nothing to say."""

    def take(self, topic: Topic, message: Message) -> None:
        """Nothing to hear."""

    def attend(self, now: datetime) -> None:
        """Revoke what was replaced long ago, forget what is old, renew our own certificates.

        Raises:
            StoreError: the database does not answer; it is tried again.
        """
        if self._due_at is not None and self._due_at - EVERY <= now < self._due_at:
            return
        revoked = retire_replaced(self._database, now)
        close_wrong_codes(self._database, now)
        forgotten = forget_strangers(self._database, now - STRANGERS_STAY)
        forget_orders(self._database, now - ORDERS_LAST)
        forget_notices(self._database, now - NOTICES_LAST)
        forget_revisions(self._database, REVISIONS_KEPT)
        made = renew_identities(self._database, self._authority, self._folder, self._names, now)
        if revoked or forgotten or made:
            _log.info("upkeep", revoked=len(revoked), forgotten=forgotten, renewed=sorted(made))
        is_told = self._tell(now)
        self._due_at = now + (EVERY if is_told else AGAIN)

    def _tell(self, now: datetime) -> bool:
        """Have the servers take up new certificates; who can't is told of to people.

        What they were told is in a file, since we may be killed between renewing and telling. At
        the very first look there is none, and a server that was just started has read its own.
        """
        files = (self._folder / f"{name}.pem" for name in sorted(SERVERS))
        shown = sha256(b"".join(path.read_bytes() for path in files)).hexdigest().encode()
        if self._memory.exists() and self._memory.read_bytes() == shown:
            return True
        try:
            if self._memory.exists():
                self._when_renewed()
        except (BrokerServerError, FleetError) as error:
            _log.error("not-renewed", trouble=str(error))
            open_notice(self._database, "", "", RULE, str(error), now)
            return False
        write_whole(self._memory, shown)
        close_notice(self._database, "", "", RULE, now)
        return True
