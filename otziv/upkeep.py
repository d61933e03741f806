"""What an installation does again and again while it runs."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self, TypeAlias

from broker.fleet.notices import INSTALLATION, NO_BACKUP, close_notice, open_notice
from broker.misuse.flagging import flag_recent
from broker.store.database import Database
from broker.store.quarantine import erase_undecodable
from otziv.installation import Installation
from otziv.settings import Settings

AGAIN_AFTER: Final = timedelta(minutes=10)
"""When a task failed."""

A_DAY: Final = timedelta(hours=23, minutes=30)
"""Between two backups: looked after once an hour, they must not wander through the day."""

_LOOK_S: Final = 1.0
_log: Final = logging.getLogger(__name__)

Task: TypeAlias = Callable[[Database, datetime], object]


class Upkeep:
    """Erases undecodable bytes past their time, judges new presses for misuse, makes backups.

    As a context it does so in a thread of its own, since a task may take minutes; leaving waits
    for the task under way. What fails is written to ``upkeep.log`` and tried again later.
    """

    def __init__(self, installation: Installation) -> None:
        """Have everything due at once."""
        self._installation = installation
        self._tasks: dict[Task, timedelta] = {
            self._erase: timedelta(days=1),
            flag_recent: timedelta(minutes=5),
            self._back_up: timedelta(hours=1),
        }
        self._due_at = dict.fromkeys(self._tasks, datetime.min.replace(tzinfo=UTC))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep")

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End with the task under way."""
        self._is_over.set()
        self._thread.join()

    def attend(self, now: datetime) -> None:
        """Do what is due."""
        for task, every in self._tasks.items():
            if now >= self._due_at[task] and not self._is_over.is_set():
                self._due_at[task] = now + (every if self._is_done(task, now) else AGAIN_AFTER)

    def _is_done(self, task: Task, now: datetime) -> bool:
        try:
            with self._installation.store() as database:
                task(database, now)
        except Exception:  # noqa: BLE001  # no task may end what runs the installation
            self._note()
            return False
        return True

    def _note(self) -> None:
        """Write down what failed; a full disk must not end us, either."""
        try:
            handler = logging.FileHandler(self._installation.logs / "upkeep.log", encoding="utf-8")
        except OSError:
            _log.exception("a task of the upkeep failed, and its log can't be written")
            return
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        _log.addHandler(handler)
        try:
            _log.exception("a task failed; it is tried again in %s", AGAIN_AFTER)
        finally:
            _log.removeHandler(handler)
            handler.close()

    def _run(self) -> None:
        while not self._is_over.wait(_LOOK_S):
            self.attend(datetime.now(UTC))

    def _erase(self, database: Database, now: datetime) -> None:
        age = timedelta(days=self._installation.settings.undecodable_days)
        erase_undecodable(database, now - age)

    def _back_up(self, database: Database, now: datetime) -> None:
        """Make a backup where one is wanted and the last one is a day old; tell where none is."""
        trouble = backup_trouble(self._installation.settings)
        try:
            if not trouble:
                self._make_backup(now)
        except Exception as error:
            self._tell(database, str(error) or type(error).__name__, now)
            raise
        self._tell(database, trouble, now)

    def _make_backup(self, now: datetime) -> None:
        settings = self._installation.settings
        if not settings.backup_to:
            return
        from otziv.backup.folder import backups_in, drop_old
        from otziv.backup.making import make_backup

        folder = Path(settings.backup_to)
        made = backups_in(folder, settings.site)
        if made and now - made[-1].made_at < A_DAY:
            return
        passphrase = settings.backup_passphrase.get_secret_value()
        make_backup(self._installation, folder, passphrase, now=now)
        drop_old(folder, settings.site, settings.backup_days, now)

    def _tell(self, database: Database, trouble: str, now: datetime) -> None:
        """Open the notice of the health page, or close it where all is well."""
        if trouble:
            detail = json.dumps({"trouble": trouble}, ensure_ascii=False)
            open_notice(database, *INSTALLATION, NO_BACKUP, detail, now)
        else:
            close_notice(database, *INSTALLATION, NO_BACKUP, now)


def backup_trouble(settings: Settings) -> str:
    """What alone keeps backups from being made, as the notice calls it; empty: nothing known."""
    from otziv.backup.sealing import LEAST_PASSPHRASE

    is_short = len(settings.backup_passphrase.get_secret_value()) < LEAST_PASSPHRASE
    return "passphrase" if settings.backup_to and is_short else ""
