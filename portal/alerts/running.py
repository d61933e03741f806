"""Looking for alerts while the dashboard's gate runs: once a minute, in a thread of its own.

A round takes some hundredths of a second at twelve devices (docs/alerts.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog

from analytics.alerts.watch import Watch
from portal.alerts.record import PortalRecord
from portal.alerts.teller import PortalTeller, quiet_hours
from portal.web.portal import Portal
from portal.web.rounds import Rounds

FIRST_AFTER_S: Final = 10.0
"""The first round reads much; whoever opens a page at the start comes first."""
EVERY_S: Final = 60.0

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Alerting(Rounds):
    """Looks, keeps and tells; as a context, in a thread that ends with it.

    While a database is away it goes on trying; nothing is lost, since what was found stands in the
    portal's database, and what votes say is reckoned from the feedback store.

    Args:
        portal: whose votes and staff, with the settings ``alerts_…``.
        first_after_s: when the first round is.
        every_s: between one round and the next.
    """

    def __init__(
        self, portal: Portal, *, first_after_s: float = FIRST_AFTER_S, every_s: float = EVERY_S
    ) -> None:
        quiet = quiet_hours(portal.settings)
        self.record: Final = PortalRecord(portal.database)
        self._teller: Final = PortalTeller(portal, self.record, quiet)
        self._watch: Final = Watch(
            portal.feedback,
            self.record,
            self._teller,
            quiet=quiet,
            minds_silence=not portal.settings.is_sample,
        )
        super().__init__("alerts", portal.clock, first_after_s=first_after_s, every_s=every_s)

    def attend(self, now: datetime) -> None:
        """One round: look, tell, and try again what could not be told.

        Raises:
            StoreError: a database does not answer.
        """
        self._watch.attend(now)
        self._teller.attend(now)
