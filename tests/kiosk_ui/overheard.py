"""Overhears what a screen says to its firmware, and passes all of it on."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from pathlib import Path

from hardware.address import connect, listen
from kiosk.scene import Gesture, read_gesture

LOOK_S = 0.1


class Overheard:
    """Stands between one screen and its firmware.

    Args:
        path: where the screen connects.
        firmware: where the firmware listens; it may come later.

    Attributes:
        said: by the screen, in order.
    """

    def __init__(self, path: Path, firmware: Path) -> None:
        self.said: list[Gesture] = []
        self._firmware = firmware
        self._listener = listen(path)
        self._listener.settimeout(LOOK_S)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Hear nothing more."""
        self._is_over.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self._is_over.is_set():
            try:
                screen, _ = self._listener.accept()
            except TimeoutError:
                continue
            with screen:
                firmware = connect(self._firmware)
                if firmware is not None:
                    # Whoever dies hangs up, or refuses what is still on its way.
                    with firmware, suppress(ConnectionError):
                        self._pass_on(screen, firmware)

    def _pass_on(self, screen: socket.socket, firmware: socket.socket) -> None:
        """Until one of them hangs up."""
        pending = b""
        while not self._is_over.is_set():
            ready, _, _ = select.select([screen, firmware], [], [], LOOK_S)
            for source in ready:
                said = source.recv(65_536)
                if not said:
                    return
                if source is firmware:
                    screen.sendall(said)
                    continue
                *lines, pending = (pending + said).split(b"\n")
                self.said += [read_gesture(line) for line in lines]
                firmware.sendall(said)
