"""Reports while the dashboard's gate runs: their files are made, and those who want them get them.

In the gate's process, since that one has charts and typesetting anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final, Self

import structlog

from analytics.closed.book import Book
from broker.store.errors import StoreError
from portal.improvement.office import office_of
from portal.improvement.published_files import make_files
from portal.improvement.sending import send_reports
from portal.improvement.service import ImprovementDesk
from portal.web.portal import Portal

FIRST_AFTER_S: Final = 20.0
EVERY_S: Final = 60.0

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Reporting:
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
        self._first_after_s: Final = first_after_s
        self._every_s: Final = every_s
        self._is_over: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="reports", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End; a report that is being set is not waited for."""
        self._is_over.set()
        self._thread.join(5)

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

    def _run(self) -> None:
        wait_s = self._first_after_s
        while not self._is_over.wait(wait_s):
            wait_s = self._every_s
            try:
                self.attend(self._portal.clock())
            except StoreError as error:
                _log.warning("reports-wait", error=str(error))
            except Exception as error:  # noqa: BLE001  # the next round may do better
                _log.error("reports-failed", error=str(error), exc_info=error)
