"""An installation on disk: its data folder, its settings, and whether it is running."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from broker.store.database import Database, parse_url, show_url
from broker.store.errors import RegistryError
from broker.store.migrate import open_database
from broker.store.registry import add_site
from otziv.settings import Settings, load_settings

CLAIM_S: Final = 0.5
"""Somebody who only looks whether we run holds the lock for a moment."""


class InstallationError(Exception):
    """An installation that can't be used as asked; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where the parts of a running installation can be reached.

    ``is_secure``: the broker demands certificates; ``fleet_url`` is where kiosks enrol then.
    ``is_sample``: it is a demo, whose portal is not the installation's own.
    """

    pid: int
    mqtt_host: str
    mqtt_port: int
    dashboard_url: str | None = None
    is_secure: bool = False
    fleet_url: str | None = None
    portal_url: str | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder and the settings that hold in it."""

    data: Path
    settings: Settings

    @property
    def database_url(self) -> str:
        """The feedback database: as set, else SQLite in the data folder.

        A relative file is one in the data folder, wherever the command is typed.
        """
        return self._located(self.settings.database or "sqlite:///feedback.sqlite3")

    @property
    def portal_database_url(self) -> str:
        """The portal's database, in the same way."""
        return self._located(self.settings.portal_database or "sqlite:///portal.sqlite3")

    def _located(self, set_to: str) -> str:
        """A database's address with its file's whole path."""
        url = parse_url(set_to)
        if url.drivername == "sqlite":
            url = url.set(database=str(self.data / (url.database or "")))
        return url.render_as_string(hide_password=False)

    @property
    def shown_database(self) -> str:
        """The same for people to see, without a password."""
        return show_url(parse_url(self.database_url))

    @contextmanager
    def store(self) -> Iterator[Database]:
        """The feedback database, up to date, with the settings' site in it.

        Raises:
            StoreError: it can't be used, or the site is there with another time zone.
        """
        database = open_database(self.database_url)
        try:
            self._register_site(database)
            yield database
        finally:
            database.close()

    def _register_site(self, database: Database) -> None:
        try:
            add_site(database, self.settings.site, timezone=self.settings.timezone)
        except RegistryError as error:
            raise RegistryError(
                f"{error}. The settings say {self.settings.timezone!r}: change them back, or name "
                "another site; days that are counted already can't change their time zone"
            ) from error

    @property
    def portal_files(self) -> Path:
        """Where the portal keeps its files and its key."""
        return self.data / "portal"

    @property
    def sample_files(self) -> Path:
        """The same of a demo in this folder: its accounts and its log are nobody's."""
        return self.data / "demo" / "portal"

    @property
    def sample_database_url(self) -> str:
        """The portal's database of a demo in this folder."""
        return f"sqlite:///{self.sample_files / 'portal.sqlite3'}"

    @property
    def logs(self) -> Path:
        """Where the processes write what they have to say."""
        return self.data / "logs"

    @property
    def _state(self) -> Path:
        return self.data / "running.json"

    @property
    def _lock(self) -> Path:
        return self.data / "running.lock"

    def find_running(self) -> Running | None:
        """Who runs this installation now, if anybody does.

        The lock tells, not the file: the kernel lets go of it when its holder dies.
        """
        if not self._lock.exists():
            return None
        with self._lock.open("a") as lock:
            try:
                # Shared, so that two who look don't take each other for the one who runs.
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return self._read_state()
        return None

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Be the one who runs this installation.

        Raises:
            InstallationError: somebody else is.
        """
        with self._open_lock() as lock:
            if not _lock_within(lock, CLAIM_S):
                raise InstallationError(
                    f"{self.data} is in use by another otziv; stop that one, or name another "
                    "folder with --data"
                )
            self._state.unlink(missing_ok=True)  # a killed predecessor's
            try:
                yield
            finally:
                self._state.unlink(missing_ok=True)

    def _open_lock(self) -> IO[str]:
        try:
            return self._lock.open("a")
        except OSError as error:
            raise InstallationError(f"{self.data} can't be written: {error.strerror}") from error

    def announce(self, running: Running) -> None:
        """Tell other commands where the parts are."""
        written = self._state.with_suffix(".new")
        written.write_text(json.dumps(asdict(running)), encoding="utf-8")
        written.replace(self._state)

    def _read_state(self) -> Running:
        try:
            return Running(**json.loads(self._state.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise InstallationError(
                f"{self.data} is being started by another otziv; try again in a moment"
            ) from error


def open_installation(data: Path, **overrides: object) -> Installation:
    """The installation in ``data``, whose folder is made where it is missing.

    Raises:
        InstallationError: the folder can't be made.
        SettingsError: its settings are wrong.
    """
    data = data.absolute()
    try:
        # Others on this machine have no business with outboxes, logs and secrets.
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise InstallationError(f"the data folder {data} can't be made: {error}") from error
    return Installation(data, load_settings(data, **overrides))


def _lock_within(lock: IO[str], patience_s: float) -> bool:
    """Take the lock, trying for up to ``patience_s``."""
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline_s:
                return False
            time.sleep(0.02)  # noqa: TID251  # the kernel has no lock with a time limit
        else:
            return True
