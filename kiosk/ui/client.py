"""The screen's end of the socket: hears scenes, says gestures, and comes back for ever."""

from __future__ import annotations

import logging
import select
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import DecodeError

from hardware.address import connect
from hardware.lines import MAX_LINE_BYTES
from kiosk.scene import Gesture, Scene, read_scene, write_line

RETRY_S: Final = 0.25
"""How often we look whether the firmware is there: one failing call each time, 20 µs."""

LOST_S: Final = 3.0
"""After so long without the firmware nobody would be heard any more, so the screen must say so.
A firmware that is restarted by systemd is back before."""

REPLY_S: Final = 0.01
"""The firmware answers in 1 to 3 ms. Waiting for it saves a frame, 25 ms."""

_log: Final = logging.getLogger(__name__)


class Client:
    """Asked once a frame, it never waits: no thread, no lock, and nothing to wake up.

    Args:
        path: of the firmware's socket; nobody needs to be there yet.
        seconds: a clock that never goes back.

    Attributes:
        scene: the latest one.
        connection: how many times the firmware was met so far.
    """

    def __init__(self, path: Path, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._pending = b""
        self._tried_s = float("-inf")
        self._gone_s = seconds()
        self._trouble = ""
        self.scene: Scene | None = None
        self.connection = 0

    @property
    def is_connected(self) -> bool:
        """Whether the firmware was there at the last look."""
        return self._socket is not None

    @property
    def is_lost(self) -> bool:
        """Whether the firmware has been gone for so long that this must be said."""
        return self._socket is None and self._seconds() - self._gone_s >= LOST_S

    def read(self) -> bool:
        """Take what has come; :attr:`scene` is the latest one then.

        Returns:
            Whether anything came.
        """
        if self._socket is None and self._seconds() - self._tried_s >= RETRY_S:
            self._connect()
        has_come = False
        while (received := self._receive()) is not None:
            has_come = True
            *lines, self._pending = (self._pending + received).split(b"\n")
            for line in lines:
                self._understand(line)
            if len(self._pending) > MAX_LINE_BYTES:
                self._drop("a line without end")
        return has_come

    def send(self, gesture: Gesture) -> bool:
        """Say ``gesture``; ``False`` where the firmware is not there, or does not listen."""
        if self._socket is None:
            return False
        line = write_line(gesture)
        try:
            # Whole or not at all: a gesture is a hundred bytes, the socket holds thousands.
            if self._socket.send(line) == len(line):
                return True
            self._drop("it does not listen")
        except OSError as error:
            self._drop(str(error))
        return False

    def wait_for_reply(self) -> None:
        """Give the firmware a moment: its answer to a touch is then drawn in the same frame."""
        if self._socket is not None:
            select.select([self._socket], [], [], REPLY_S)

    def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            self._drop("this screen ends")

    def _connect(self) -> None:
        self._tried_s = self._seconds()
        try:
            self._socket = connect(self._path)
        except OSError as error:
            self._complain(f"can't connect to {self._path}: {error}")
            return
        if self._socket is not None:
            self._socket.settimeout(0.0)
            self.connection += 1
            self._trouble = ""
            _log.info("connected to the firmware at %s", self._path)

    def _receive(self) -> bytes | None:
        """What has come since the last call; ``None`` for nothing."""
        if self._socket is None:
            return None
        try:
            received = self._socket.recv(65_536)
        except BlockingIOError:
            return None
        except OSError as error:
            self._drop(str(error))
            return None
        if not received:
            self._drop("it hung up")
            return None
        return received

    def _understand(self, line: bytes) -> None:
        try:
            self.scene = read_scene(line)
        except DecodeError as error:
            _log.error("ignored a scene that can't be read: %s", error)

    def _drop(self, why: str) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._pending = None, b""
        self._gone_s = self._seconds()
        _log.warning("without the firmware: %s", why)

    def _complain(self, trouble: str) -> None:
        """Say it once, not four times a second."""
        if trouble != self._trouble:
            self._trouble = trouble
            _log.error("%s", trouble)
