"""The visitor's side of a virtual panel, in another process."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hardware.address import connect
from hardware.buttons import Edge, Press, Step
from hardware.panel import PanelError
from hardware.virtual.script import (
    Cable,
    FromVisitor,
    Hello,
    Lamp,
    Play,
    Plugged,
    Refusal,
    Shown,
    read_panel,
    write_line,
)

RETRY_S: Final = 0.02
"""How often we look whether a killed kiosk is back: it can't ring a bell that it doesn't have."""


class VirtualPanelClient:
    """Presses the buttons of a panel, and sees what it shows.

    The kiosk may be killed and started again on the same path; :meth:`wait`, and each press, find
    it there. One thread may wait while others press.
    """

    def __init__(self, path: Path) -> None:
        """Attach to the panel at ``path``, now if it is there, else when it comes."""
        self._path = path
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._pending = b""
        self._hello: Hello | None = None
        self.connections = 0
        self.connect()

    @property
    def is_connected(self) -> bool:
        """Whether there was a panel at the last look."""
        return self._socket is not None

    @property
    def hello(self) -> Hello | None:
        """What the panel said of itself when we attached last; ``None`` before :meth:`wait`."""
        return self._hello

    def connect(self) -> bool:
        """Attach, unless we are attached; returns whether we are now."""
        with self._lock:
            if self._socket is None and (found := connect(self._path)) is not None:
                self._socket = found
                self._pending = b""
                self.connections += 1
            return self._socket is not None

    def press(self, button: str, press_id: str) -> bool:
        """Press ``button``; ``press_id``, a UUID in lower case, becomes the event's id.

        Returns:
            ``False`` where there is no panel. ``True`` does not mean that the kiosk felt it: it
            may be killed in that moment. Only its thanks tell.
        """
        return self.play(Press(button=button, id=press_id))

    def edge(self, button: str, *, is_closed: bool, press_id: str | None = None) -> bool:
        """Close or open the contact of ``button``, for the debouncer to judge."""
        return self.play(Edge(button=button, is_closed=is_closed, id=press_id))

    def play(self, *steps: Step) -> bool:
        """Let ``steps`` happen at the panel (see :mod:`hardware.virtual.script`)."""
        return self._send(Play(steps))

    def set_lamp(self, lamp: str, *, is_dead: bool) -> bool:
        """Break or mend a lamp."""
        return self._send(Lamp(lamp, is_dead))

    def set_cable(self, *, is_pulled: bool) -> bool:
        """Pull or plug the cable."""
        return self._send(Cable(is_pulled))

    def set_plug(self, part: str, *, is_in: bool) -> bool:
        """Put the plug of a part in, or pull it out."""
        return self._send(Plugged(part, is_in))

    def wait(self, timeout_s: float) -> list[Shown]:
        """Wait up to ``timeout_s`` for what the panel shows; returns early if the panel goes.

        Raises:
            PanelError: the panel refused something that we sent.
        """
        return [shown for _, shown in wait_for_any([self], timeout_s)]

    def close(self) -> None:
        """Detach; the panel stays as it is, keys that are down included."""
        self._drop(self._socket)

    def _send(self, message: FromVisitor) -> bool:
        if not self.connect():
            return False
        attached = self._socket
        try:
            # One message is far smaller than the socket's buffer; the kiosk reads while it waits.
            if attached is not None:
                attached.sendall(write_line(message))
            return attached is not None
        except OSError:
            self._drop(attached)
            return False

    def read(self) -> list[Shown]:
        """Take what has come, without waiting once :attr:`source` can be read."""
        attached = self._socket
        if attached is None:
            return []
        try:
            received = attached.recv(65_536)
        except OSError:
            received = b""
        if not received:
            self._drop(attached)
            return []
        *lines, self._pending = (self._pending + received).split(b"\n")
        return [shown for line in lines if (shown := self._understand(line)) is not None]

    @property
    def source(self) -> socket.socket | None:
        """The socket to select on; ``None`` while there is no panel."""
        return self._socket

    def _understand(self, line: bytes) -> Shown | None:
        message = read_panel(line)
        if isinstance(message, Refusal):
            raise PanelError(f"{self._path}: {message.detail}")
        if isinstance(message, Hello):
            self._hello = message
            return None
        return message

    def _drop(self, gone: socket.socket | None) -> None:
        with self._lock:
            if gone is not None and gone is self._socket:
                self._socket = None
                gone.close()


def wait_for_any(
    clients: Sequence[VirtualPanelClient], timeout_s: float
) -> list[tuple[VirtualPanelClient, Shown]]:
    """Wait up to ``timeout_s`` for any of ``clients``, so that one thread can play a whole hall.

    Returns early, perhaps with an empty list, when a panel goes.
    """
    end_s = time.monotonic() + timeout_s
    while True:
        present = [client for client in clients if client.connect()]
        left_s = end_s - time.monotonic()
        pause_s = left_s if len(present) == len(clients) else min(left_s, RETRY_S)
        ready = _select(present, max(0.0, pause_s))
        came = [(client, shown) for client in ready for shown in client.read()]
        if came or left_s <= 0 or not all(client.is_connected for client in present):
            return came


def _select(clients: Sequence[VirtualPanelClient], timeout_s: float) -> list[VirtualPanelClient]:
    with selectors.DefaultSelector() as selector:
        for client in clients:
            # It may have gone since we looked, found out by a press in another thread.
            with contextlib.suppress(ValueError):
                selector.register(client.source or -1, selectors.EVENT_READ, client)
        return [key.data for key, _ in selector.select(timeout_s)]
