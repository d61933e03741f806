"""What the kiosk asks and shows: received from the server, kept in a file, the last good one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from broker.wire.codec import read
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError
from broker.wire.presentable import faults_of
from hardware.files import replace_file
from hardware.panel import FOUR_FACES
from kiosk.built_in import built_in_configuration

_log: Final = logging.getLogger(__name__)

CONFIGURATION_NAME: Final = "configuration.json"
MAX_REASONS: Final = 5
"""Faults that a refusal names: a heartbeat's reader and a small screen can't take in more."""


TIMEZONE: Final = "Europe/Sofia"
"""Of the times that a kiosk tells until it is told. The machine's own zone is no help: that of a
Raspberry Pi is UTC, until somebody sets it."""


class ConfigurationError(ValueError):
    """A configuration that can't be used; its text is the reasons, in one printable line."""


class ConfigurationFile:
    """The latest good configuration, in memory and at ``path``.

    One thread offers, others read :attr:`latest`.

    Args:
        path: of the file.
        touchpoint: that of the built-in configuration; with ``None`` there is no built-in one.
        when_changed: called after a newer one was taken.
        buttons: of the panel: the built-in survey asks what they can answer.

    Attributes:
        latest: the one to use; of revision 0 when it is the built-in one; ``None`` while the kiosk
            is not set up: it has no touchpoint, and no good configuration ever came.
        fault: what was wrong with the file when it was opened, else ``None``.
        refusal: why the last one offered was refused; ``None`` once a good one was offered.
    """

    def __init__(
        self,
        path: Path,
        touchpoint: str | None,
        when_changed: Callable[[], None] | None = None,
        *,
        buttons: Collection[str] = FOUR_FACES,
    ) -> None:
        self._path = path
        self._when_changed = when_changed
        self.fault: str | None = None
        self.refusal: str | None = None
        self.latest = None if touchpoint is None else built_in_configuration(touchpoint, buttons)
        try:
            self.latest = _read(path.read_bytes())
        except FileNotFoundError:
            _log.info("no configuration yet")
        except (OSError, ConfigurationError) as error:
            self.fault = str(error)
            _log.error("%s can't be used, doing without it: %s", path, error)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the times that people are told."""
        return ZoneInfo(TIMEZONE if self.latest is None else self.latest.timezone)

    def offer(self, payload: bytes) -> bool:
        """Take a received configuration if it is newer, and keep it across restarts.

        Returns:
            Whether it was taken. An older or equal revision is not.

        Raises:
            ConfigurationError: it can't be used; the last good one stays.
            OSError: it can't be kept; the last good one stays.
        """
        try:
            offered = _read(payload)
        except ConfigurationError as error:
            self.refusal = str(error)
            raise
        self.refusal = None
        if self.latest is not None and offered.revision <= self.latest.revision:
            return False
        replace_file(self._path, payload)
        self.latest = offered
        if self._when_changed is not None:
            self._when_changed()
        return True


def _read(payload: bytes) -> Configuration:
    """Read a configuration that can be shown to people.

    Raises:
        ConfigurationError: it can't be read, or not be shown.
    """
    try:
        configuration = read(payload, Configuration)
    except WireError as error:
        raise ConfigurationError(str(error)) from error
    faults = faults_of(configuration)
    if faults:
        more = len(faults) - MAX_REASONS
        said = "; ".join(faults[:MAX_REASONS])
        raise ConfigurationError(f"{said}; and {more} more" if more > 0 else said)
    return configuration
