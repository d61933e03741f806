"""What the portal does again and again while it runs: retention, and what could not be done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Self, TypeAlias
from zoneinfo import ZoneInfo

import structlog

from portal.audit.heads import FILE as HEADS
from portal.audit.heads import keep_head
from portal.audit.log import SYSTEM, head
from portal.comments.tallies import tell
from portal.improvement.escalation import remind
from portal.improvement.office import office_of
from portal.people.upload_shelf import UploadShelf
from portal.results.kiosks import take_withdrawn_down
from portal.upkeep.keeping import Times
from portal.upkeep.purging import purge
from portal.web.portal import Portal
from portal.web.uploads import Shelf, open_shelf

AGAIN_AFTER: Final = timedelta(minutes=10)
"""When a task failed."""

_LOOK_S: Final = 1.0
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)

Task: TypeAlias = Callable[[datetime], object]


def times_of(portal: Portal, now: datetime) -> Times:
    """What retention is reckoned from."""
    settings = portal.settings
    return Times(now, ZoneInfo(settings.timezone), settings.comment_months)


class Upkeep:
    """Erases what is past its time, searches waiting files, tells the themes' counts, keeps heads,
    reminds of overdue actions, takes figures that were taken back off the kiosks.

    As a context (or by :meth:`start` and :meth:`stop`) in a thread of its own; leaving waits for
    what is under way. What fails is logged and tried again later.
    """

    def __init__(self, portal: Portal) -> None:
        """Have everything due at once."""
        self._portal: Final = portal
        self._tasks: dict[Task, timedelta] = {
            self._purge: timedelta(days=1),
            self._keep_head: timedelta(days=1),
            self._tell_themes: timedelta(minutes=1),
            self._search_files: timedelta(minutes=1),
            self._drop_lists: timedelta(hours=1),
            self._remind: timedelta(days=1),
            self._take_down: timedelta(minutes=1),
        }
        self._due_at = dict.fromkeys(self._tasks, datetime.min.replace(tzinfo=UTC))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="portal-upkeep")
        portal.parts.setdefault(Shelf, open_shelf(portal.settings))

    def __enter__(self) -> Self:
        """Begin."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.stop()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End with the tasks under way."""
        self._is_over.set()
        self._thread.join()

    def attend(self, now: datetime) -> None:
        """Do what is due."""
        for task, every in self._tasks.items():
            if now >= self._due_at[task] and not self._is_over.is_set():
                self._due_at[task] = now + (every if self._is_done(task, now) else AGAIN_AFTER)

    def _is_done(self, task: Task, now: datetime) -> bool:
        try:
            task(now)
        except Exception as error:  # noqa: BLE001  # no task may end the others
            _log.warning("upkeep-failed", task=task.__name__, error=str(error))
            return False
        return True

    def _purge(self, now: datetime) -> None:
        erased = purge(self._portal.database, times_of(self._portal, now))
        if erased:
            _log.info("erased", **erased)

    def _keep_head(self, _now: datetime) -> None:
        with self._portal.database.reading() as connection:
            number, entry_hash = head(connection)
        keep_head(self._portal.settings.data / HEADS, self._portal.keys, number, entry_hash)

    def _tell_themes(self, _now: datetime) -> None:
        tell(self._portal.database, self._portal.feedback)

    def _search_files(self, _now: datetime) -> None:
        self._portal.part(Shelf).search_waiting()

    def _drop_lists(self, now: datetime) -> None:
        """Lists of settlements that were looked at and never taken."""
        UploadShelf(self._portal.settings.data / UploadShelf.FOLDER).clear(now.timestamp())

    def _remind(self, _now: datetime) -> None:
        remind(office_of(self._portal), self._portal.settings.escalation_days)

    def _take_down(self, _now: datetime) -> None:
        """Figures on kiosks whose month was taken back, wherever that was done."""
        take_withdrawn_down(self._portal, SYSTEM)

    def _run(self) -> None:
        while not self._is_over.wait(_LOOK_S):
            self.attend(self._portal.clock())
