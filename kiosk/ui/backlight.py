"""The display's backlight, where the kernel lets us set it (``/sys/class/backlight``)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

BACKLIGHTS: Final = Path("/sys/class/backlight")
DIM: Final = 0.2
"""Part of full brightness while nobody is expected."""

_log: Final = logging.getLogger(__name__)


class Backlight:
    """All backlights of this machine; none of them is no fault: the picture is drawn dark too.

    Args:
        folder: where the kernel keeps them.
    """

    def __init__(self, folder: Path = BACKLIGHTS) -> None:
        self._lights = sorted(folder.glob("*/brightness"))
        self._is_dim: bool | None = None

    def set(self, *, is_dim: bool) -> None:
        """Make them dim, or bright."""
        if is_dim == self._is_dim:
            return
        self._is_dim = is_dim
        for light in self._lights:
            try:
                full = int(light.with_name("max_brightness").read_text())
                light.write_text(str(max(1, round(full * DIM)) if is_dim else full))
            except (OSError, ValueError) as error:
                _log.warning("%s can't be set: %s", light, error)
