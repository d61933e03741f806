"""What the kiosk asks and shows: received from the server, kept in a file, the last good one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from broker.wire.codec import MAX_RECEIVED_BYTES, read
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError, readable
from broker.wire.presentable import faults_of
from broker.wire.standard_survey import STANDARD_SURVEY
from hardware.files import replace_file
from hardware.panel import FOUR_FACES
from kiosk.built_in import built_in_configuration, built_in_survey

_log: Final = logging.getLogger(__name__)

CONFIGURATION_NAME: Final = "configuration.json"
ASIDE: Final = "damaged"
"""What is added to the name of a file that can't be used."""

MAX_REASONS: Final = 5
"""Faults that a refusal names: a heartbeat's reader and a small screen can't take in more."""

TIMEZONE: Final = "Europe/Sofia"
"""Of the times that a kiosk tells until it is told. The machine's own zone is no help: that of a
Raspberry Pi is UTC, until somebody sets it."""


Refusal: TypeAlias = Literal["unreadable", "not-showable", "not-spoken", "would-stop"]
"""Why a configuration was refused, in a word; :mod:`kiosk.faults` says it to people."""


class ConfigurationError(ValueError):
    """A configuration that can't be used; its text is the reasons, in one printable line.

    Attributes:
        refusal: the same in a word, for whoever stands before the kiosk and reads no English.
    """

    def __init__(self, reasons: str, refusal: Refusal) -> None:
        self.refusal: Refusal = refusal
        super().__init__(reasons)


Rehearse: TypeAlias = Callable[[Configuration], None]


def _take_as_it_is(_configuration: Configuration) -> None:
    """No rehearsal: enough to look at a configuration without using it."""


class ConfigurationFile:
    """The latest good configuration, in memory and at ``path``.

    One thread offers, others read :attr:`latest`.

    Args:
        path: of the file.
        touchpoint: that of the built-in configuration; with ``None`` there is no built-in one.
        when_changed: called after a newer one was taken.
        buttons: of the panel: the built-in survey asks what they can answer.
        rehearse: does with a configuration what it will be used for; what it raises refuses it.

    Attributes:
        latest: the one to use; of revision 0 when it is the built-in one; ``None`` while the kiosk
            is not set up: it has no touchpoint, and no good configuration ever came.
        fault: what was wrong with the file when it was opened, else ``None``.
        refused: why the last one offered was refused; ``None`` once a good one was offered.
    """

    def __init__(
        self,
        path: Path,
        touchpoint: str | None,
        when_changed: Callable[[], None] | None = None,
        *,
        buttons: Collection[str] = FOUR_FACES,
        rehearse: Rehearse = _take_as_it_is,
    ) -> None:
        self._path = path
        self._rehearse = rehearse
        self._when_changed = when_changed
        self.fault: str | None = None
        self.refused: ConfigurationError | None = None
        self._unkept: bytes | None = None
        self._buttons = buttons
        self.latest = None if touchpoint is None else built_in_configuration(touchpoint, buttons)
        try:
            self.latest = self._try(_content(path))
        except FileNotFoundError:
            self.fault = self._lost()
        except (OSError, ConfigurationError) as error:
            self.fault = str(error)
            _log.error("%s can't be used, doing without it: %s", path, error)

    @property
    def is_kept(self) -> bool:
        """Whether nothing that was taken waits to be written."""
        return self._unkept is None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the times that people are told."""
        return ZoneInfo(TIMEZONE if self.latest is None else self.latest.timezone)

    def offer(self, payload: bytes) -> bool:
        """Take a received configuration if it is newer, and keep it across restarts.

        One that can't be written is used all the same: it may be the order to rest. See
        :meth:`keep`.

        Returns:
            Whether it was taken. An older or equal revision is not.

        Raises:
            ConfigurationError: it can't be used; the last good one stays.
        """
        try:
            offered = self._try(payload)
        except ConfigurationError as error:
            self.refused = error
            raise
        self.refused = None
        if self.latest is not None and offered.revision <= self.latest.revision:
            return False
        self._unkept = payload
        try:
            self.keep()
        except OSError as error:
            _log.error("could not keep the configuration, it is used from memory: %s", error)
        self.latest = offered
        if self._when_changed is not None:
            self._when_changed()
        return True

    def keep(self) -> None:
        """Write what was taken and could not be written so far; the thread that offers calls it.

        Raises:
            OSError: it still can't be; the one kept before stays on the disk.
        """
        if self._unkept is None:
            return
        replace_file(self._path, self._unkept, 0o600)
        self._unkept = None

    def set_aside(self) -> None:
        """Rename a file that can't be used: kept for people to look at, and not met again.

        One is kept: the latest. What can't be renamed stays, and is met at the next start.
        """
        if self.fault is None:
            return
        try:
            self._path.replace(self._aside)
        except FileNotFoundError:  # it was set aside at an earlier start
            return
        except OSError as error:
            _log.error("%s can't be set aside: %s", self._path, error)
        else:
            _log.error("what can't be used is kept as %s", self._aside)

    @property
    def _aside(self) -> Path:
        return self._path.with_name(f"{self._path.name}.{ASIDE}")

    def _lost(self) -> str | None:
        """What is wrong where there is no file: an earlier start set it aside, and none came since.

        Once a new one is kept it is the newer of the two, whatever lies beside it.
        """
        if not self._aside.exists():
            _log.info("no configuration yet")
            return None
        _log.error("the last configuration was damaged (%s), and no other came since", self._aside)
        return f"it was damaged, and is kept as {self._aside.name}"

    def _try(self, payload: bytes) -> Configuration:
        """Read a configuration, and do with it what it is for.

        Raises:
            ConfigurationError: it can't be read, shown, or used.
        """
        configuration = _read(payload)
        if configuration.survey == STANDARD_SURVEY:
            configuration = replace(configuration, survey=built_in_survey(self._buttons))
        try:
            self._rehearse(configuration)
        except ConfigurationError:
            raise
        except Exception as error:  # whatever it is, it would stop the kiosk at every start
            _log.exception("a configuration failed its rehearsal")
            reason = readable(f"it would stop the kiosk: {error!r}")
            raise ConfigurationError(reason, "would-stop") from error
        return configuration


def _content(path: Path) -> bytes:
    """What is in the file, as far as a configuration may be long.

    Raises:
        OSError: it can't be read, or is no file: of a pipe we would wait for ever.
    """
    if path.exists() and not path.is_file():
        raise OSError("it is no file")
    with path.open("rb") as file:
        return file.read(MAX_RECEIVED_BYTES + 1)


def _read(payload: bytes) -> Configuration:
    """Read a configuration that can be shown to people.

    Raises:
        ConfigurationError: it can't be read, or not be shown.
    """
    try:
        configuration = read(payload, Configuration)
    except WireError as error:
        raise ConfigurationError(str(error), "unreadable") from error
    faults = faults_of(configuration)
    if faults:
        more = len(faults) - MAX_REASONS
        said = "; ".join(faults[:MAX_REASONS])
        reasons = f"{said}; and {more} more" if more > 0 else said
        raise ConfigurationError(reasons, "not-showable")
    return configuration
