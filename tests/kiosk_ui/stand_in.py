"""A firmware that does only what the test says: shows scenes, and hears gestures."""

from __future__ import annotations

import selectors
import socket
import time
from pathlib import Path

from hardware.address import listen
from kiosk.scene import Gesture, Scene, read_gesture, write_line

PATIENCE_S = 20.0


class StandIn:
    """Speaks the protocol of :mod:`kiosk.scene` from the firmware's side, with one screen.

    Args:
        path: of the socket.
    """

    def __init__(self, path: Path) -> None:
        self._listener = listen(path)
        self._listener.settimeout(PATIENCE_S)
        self._screen: socket.socket | None = None
        self._pending = b""
        self._heard: list[Gesture] = []

    def accept(self, *scenes: Scene) -> None:
        """Wait for the screen, and greet it."""
        if self._screen is not None:
            self._screen.close()
        self._pending = b""
        self._screen, _ = self._listener.accept()
        for scene in scenes:
            self.show(scene)

    def show(self, scene: Scene) -> None:
        """Send ``scene``."""
        self.say(write_line(scene))

    def say(self, line: bytes) -> None:
        """Send anything."""
        assert self._screen is not None
        self._screen.sendall(line)

    def heard(self, count: int, timeout_s: float = PATIENCE_S) -> list[Gesture]:
        """Wait for ``count`` gestures since the last call; returns them, perhaps fewer."""
        end_s = time.monotonic() + timeout_s
        while len(self._heard) < count and (left_s := end_s - time.monotonic()) > 0:
            self._listen(left_s)
        taken, self._heard = self._heard[:count], self._heard[count:]
        return taken

    def heard_all(self, settled_s: float = 0.5) -> list[Gesture]:
        """What was said since the last call, once nothing more has come for a while."""
        return self.heard(1_000, settled_s)

    def close(self) -> None:
        """Die: nothing is said, the path stays."""
        self._listener.close()
        if self._screen is not None:
            self._screen.close()

    def _listen(self, timeout_s: float) -> None:
        assert self._screen is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._screen, selectors.EVENT_READ)
            if not selector.select(timeout_s):
                return
        *lines, self._pending = (self._pending + self._screen.recv(65_536)).split(b"\n")
        self._heard += [read_gesture(line) for line in lines]
