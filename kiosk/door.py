"""The door between firmware and screens: scenes go out, gestures come in.

Any number of screens may come and go; each is greeted with the scene of the moment. A screen that
hangs, dies or talks nonsense costs the firmware nothing but a line in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import MsgspecError

from hardware.address import listen
from hardware.lines import LineServer, Waiting
from kiosk.scene import Gesture, Scene, read_gesture, write_line

_log: Final = logging.getLogger(__name__)

UNREADABLE: Final = (MsgspecError, UnicodeDecodeError, RecursionError)
"""What a hostile line may bring about in a decoder."""


class Door:
    """Listens at ``path`` for screens, while ``waiting`` waits.

    Args:
        path: of the Unix socket.
        waiting: the panel.
        take: gets each gesture, in the thread that waits.

    Raises:
        PanelError: another kiosk listens there.
    """

    def __init__(self, path: Path, waiting: Waiting, take: Callable[[Gesture], None]) -> None:
        self._path = path
        self._take = take
        self._line = b""
        self._server = LineServer(
            listen(path),
            waiting,
            greet=lambda: self._line,
            take=self._read,
            when_moved=waiting.wake,  # what can be asked depends on whether there is a screen
        )

    @property
    def has_screen(self) -> bool:
        """Whether a screen is attached."""
        return self._server.attached > 0

    def show(self, scene: Scene) -> None:
        """Show ``scene`` on every screen, and on those that come later."""
        self._line = write_line(scene)
        self._server.tell_all(self._line)

    def close(self) -> None:
        """Send the screens away."""
        self._server.close()
        self._path.unlink(missing_ok=True)

    def _read(self, line: bytes) -> None:
        try:
            gesture = read_gesture(line)
        except UNREADABLE as error:
            _log.warning("ignored what a screen said: %s", error)
        else:
            self._take(gesture)
