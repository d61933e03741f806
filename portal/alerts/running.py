"""Looking for alerts while the dashboard's gate runs: once a minute, in a thread of its own.

A round takes some hundredths of a second at twelve devices (docs/alerts.md).
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Final, Self

import structlog

from analytics.alerts.watch import Watch
from broker.store.errors import StoreError
from portal.alerts.record import PortalRecord
from portal.alerts.teller import PortalTeller, quiet_hours
from portal.web.portal import Portal

FIRST_AFTER_S: Final = 10.0
"""The first round reads much; whoever opens a page at the start comes first."""
EVERY_S: Final = 60.0

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Alerting:
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
        self._clock: Final = portal.clock
        self._teller: Final = PortalTeller(portal, self.record, quiet)
        self._watch: Final = Watch(
            portal.feedback,
            self.record,
            self._teller,
            quiet=quiet,
            minds_silence=not portal.settings.is_sample,
        )
        self._first_after_s: Final = first_after_s
        self._every_s: Final = every_s
        self._is_over: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="alerts", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End; a server that takes its time over a message is not waited for."""
        self._is_over.set()
        self._thread.join(5)

    def attend(self, now: datetime) -> None:
        """One round: look, tell, and try again what could not be told.

        Raises:
            StoreError: a database does not answer.
        """
        self._watch.attend(now)
        self._teller.attend(now)

    def _run(self) -> None:
        wait_s = self._first_after_s
        while not self._is_over.wait(wait_s):
            wait_s = self._every_s
            try:
                self.attend(self._clock())
            except StoreError as error:
                _log.warning("alerts-wait", error=str(error))
            except Exception as error:  # noqa: BLE001  # the next round may do better
                _log.error("alerts-failed", error=str(error), exc_info=error)
