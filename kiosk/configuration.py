"""What the kiosk asks: received from the server, kept in a file, built in for a fresh kiosk."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from broker.wire.codec import read
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError
from broker.wire.messages import VERSION
from broker.wire.surveys import FollowUp, Option, Question, Survey

_log: Final = logging.getLogger(__name__)

_REASONS: Final = {
    "waiting-time": ("Дълго чакане", "Long wait"),
    "attitude": ("Отношение на служителите", "Attitude of the staff"),
    "clarity": ("Неясна информация", "Unclear information"),
    "completeness": ("Въпросът ми не беше решен", "My matter was not settled"),
    "accessibility": ("Труден достъп", "Difficult access"),
    "premises": ("Условия в помещенията", "Condition of the premises"),
}

BUILT_IN_SURVEY: Final = Survey(
    code="reception",
    version=1,
    questions=(
        Question(
            code="overall",
            texts={
                "bg": "Доволни ли сте от обслужването днес?",
                "en": "Are you satisfied with our service today?",
            },
            scale="faces-4",
            follow_ups=(
                FollowUp(
                    question="reason",
                    texts={"bg": "Какво не беше наред?", "en": "What went wrong?"},
                    when=(1, 2),
                    options=tuple(
                        Option(code=code, texts={"bg": bg, "en": en})
                        for code, (bg, en) in _REASONS.items()
                    ),
                ),
            ),
        ),
    ),
)
"""Asked until the server sends a survey, so that a kiosk works as soon as it has power."""


def built_in_configuration(touchpoint: str) -> Configuration:
    """What a fresh kiosk asks; of revision 0, so that any received one replaces it."""
    return Configuration(v=VERSION, revision=0, touchpoint=touchpoint, survey=BUILT_IN_SURVEY)


class ConfigurationFile:
    """The latest good configuration, in memory and at ``path``.

    One thread offers, others read :attr:`latest`.

    Args:
        path: of the file.
        touchpoint: that of the built-in configuration.
        when_changed: called after a newer one was taken.

    Attributes:
        latest: the one to use; of revision 0 when it is the built-in one.
        fault: what was wrong with the file when it was opened, else ``None``.
    """

    def __init__(
        self, path: Path, touchpoint: str, when_changed: Callable[[], None] | None = None
    ) -> None:
        self._path = path
        self._when_changed = when_changed
        self.fault: str | None = None
        self.latest = built_in_configuration(touchpoint)
        try:
            self.latest = read(path.read_bytes(), Configuration)
        except FileNotFoundError:
            _log.info("no configuration yet: using the built-in survey")
        except (OSError, WireError) as error:
            self.fault = str(error)
            _log.error("%s can't be used, asking the built-in survey: %s", path, error)

    def offer(self, payload: bytes) -> bool:
        """Take a received configuration if it is newer, and keep it across restarts.

        Returns:
            Whether it was taken. An older or equal revision is not.

        Raises:
            WireError: it can't be used; the last good one stays.
            OSError: it can't be kept; the last good one stays.
        """
        offered = read(payload, Configuration)
        if offered.revision <= self.latest.revision:
            return False
        _replace(self._path, payload)
        self.latest = offered
        if self._when_changed is not None:
            self._when_changed()
        return True


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that after a power cut there is the old one or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
