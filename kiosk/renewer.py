"""When the next certificate is asked for: at two thirds of this one's life, by a child process.

And when there has been no connection for an hour: with it comes the broker's address, which may
have changed.

The firmware never loads cryptography; the child does (``python -m kiosk rotate``), and ends.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, Protocol

from kiosk.clock import Reading, instant
from kiosk.kept_identity import KeptIdentity

_log: Final = logging.getLogger(__name__)

PAUSE_MS: Final = 3_600_000
"""Between two attempts at least; as much again is drawn, so that kiosks which were enrolled in one
morning don't ask in one minute."""

PATIENCE_MS: Final = 120_000
"""A child that takes longer hangs: each of its steps has a time-out."""

LOST_MS: Final = 3_600_000
"""So long without a connection, and the broker may be somewhere else."""

UNTRIED: Final = timedelta(days=1)
"""A next certificate that no broker has accepted for so long is followed by another one."""


class Child(Protocol):
    """A running rotation; :class:`subprocess.Popen`."""

    def poll(self) -> int | None:
        """Its exit status; ``None`` while it runs."""

    def kill(self) -> None:
        """End it."""

    def wait(self) -> int:
        """Wait for its end."""


def start_rotation(folder: Path) -> Child:
    """Start ``python -m kiosk rotate`` for the identity in ``folder``; its log lines are ours."""
    import subprocess  # noqa: PLC0415 once in two months

    argv = [sys.executable, "-m", "kiosk", "rotate", "--identity", str(folder)]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def is_due(current: KeptIdentity, following: KeptIdentity | None, now: datetime) -> bool:
    """Whether a certificate is to be asked for.

    Args:
        current: the one in use.
        following: what the last rotation brought, if it is not yet in use.
        now: the time, aware.
    """
    if following is not None:
        return now >= following.valid_from + UNTRIED + _MADE_EARLIER
    life = current.expires_at - current.valid_from
    return now >= current.valid_from + life * 2 / 3


_MADE_EARLIER: Final = timedelta(days=1)
"""A certificate is valid from the day before it was made, for clocks that are slow."""


class Renewer:
    """Starts rotations, one at a time. For one thread.

    Args:
        start: begins one.
        chance: draws the pauses.
    """

    def __init__(self, start: Callable[[], Child], chance: Random) -> None:
        self._start = start
        self._chance = chance
        self._child: Child | None = None
        self._started_ms = 0
        self._not_before_ms: int | None = None

    def attend(
        self, current: KeptIdentity, following: KeptIdentity | None, now: Reading, cut_off_ms: int
    ) -> None:
        """Start a rotation if it is time for one, and look after the one that runs.

        By a clock that can be believed only: the server takes no request of another time.
        ``cut_off_ms`` is for how long there has been no connection, for no reason that we know.
        """
        is_lost = following is None and cut_off_ms >= LOST_MS
        if self._child is not None:
            self._look_after(self._child, now.uptime_ms)
        elif now.is_synced and (is_lost or is_due(current, following, instant(now.wall_ms))):
            if self._not_before_ms is None:
                self._not_before_ms = now.uptime_ms + self._chance.randrange(PAUSE_MS)
            if now.uptime_ms >= self._not_before_ms:
                self._begin(now.uptime_ms)

    def close(self) -> None:
        """End what runs; the next start goes on from there."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _begin(self, now_ms: int) -> None:
        self._not_before_ms = now_ms + PAUSE_MS + self._chance.randrange(PAUSE_MS)
        self._started_ms = now_ms
        try:
            self._child = self._start()
        except OSError as error:  # no memory for a process, for one
            _log.error("the next certificate can't be asked for now: %s", error)

    def _look_after(self, child: Child, now_ms: int) -> None:
        status = child.poll()
        if status is None:
            if now_ms - self._started_ms > PATIENCE_MS:
                child.kill()
            return
        self._child = None
        if status == 0:
            _log.info("the next certificate is here")
        else:
            _log.warning("the next certificate was not given (%d): again in an hour", status)
