"""Reports while the dashboard's gate runs: their files are made, and those who want them get them.

In the gate's process, since that one has charts and typesetting anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from analytics.closed.book import Book
from broker.store.errors import StoreError
from portal.improvement.office import office_of
from portal.improvement.published_files import make_files
from portal.improvement.sending import send_reports
from portal.improvement.service import ImprovementDesk
from portal.web.portal import Portal
from portal.web.rounds import Rounds

FIRST_AFTER_S: Final = 20.0
EVERY_S: Final = 60.0

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Reporting(Rounds):
    """As a context it does so in a thread that ends with it.

    Args:
        portal: whose reports and subscriptions.
        book: the book that the dashboard shows, so that a letter says the same.
    """

    def __init__(
        self,
        portal: Portal,
        book: Callable[[], Book],
        *,
        first_after_s: float = FIRST_AFTER_S,
        every_s: float = EVERY_S,
    ) -> None:
        self._portal: Final = portal
        self._book: Final = book
        super().__init__("reports", portal.clock, first_after_s=first_after_s, every_s=every_s)

    def attend(self, now: datetime) -> None:
        """One round: make missing files, then, whatever became of them, queue mails that are due.

        Raises:
            StoreError: a database does not answer.
        """
        made = self._make_files()
        sent = send_reports(self._portal, now, self._book)
        if made or sent:
            _log.info("reports", files=made, mails=sent)

    def _make_files(self) -> int:
        try:
            return make_files(self._portal, ImprovementDesk(office_of(self._portal)))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # mails don't wait for it
            _log.error("report-files-failed", error=str(error), exc_info=error)
            return 0
