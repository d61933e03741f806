"""The display's backlight, where the kernel lets us set it (``/sys/class/backlight``)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

BACKLIGHTS: Final = Path("/sys/class/backlight")

_log: Final = logging.getLogger(__name__)


class Backlight:
    """All backlights of this machine that we may set.

    Args:
        folder: where the kernel keeps them.
    """

    def __init__(self, folder: Path = BACKLIGHTS) -> None:
        self._full: dict[Path, int] = {}
        self._level = -1.0
        for light in sorted(folder.glob("*/brightness")):
            try:
                self._full[light] = int(light.with_name("max_brightness").read_text())
            except (OSError, ValueError) as error:
                _log.warning("%s can't be used: %s", light, error)

    def set(self, level: float) -> bool:
        """Make them as bright as ``level``, 0 to 1; returns whether there is one that obeys."""
        if level != self._level:
            self._level = level
            for light in list(self._full):
                self._set(light, level)
        return bool(self._full)

    def _set(self, light: Path, level: float) -> None:
        try:
            light.write_text(str(max(1, round(self._full[light] * level))))
        except OSError as error:
            del self._full[light]
            _log.warning("%s can't be set: %s", light, error)
