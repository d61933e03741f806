"""Visitors and watchers that attach to a virtual panel over its socket."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

from msgspec import DecodeError

from hardware.inbox import Inbox
from hardware.panel import PanelError
from hardware.virtual.script import (
    MAX_LINE_BYTES,
    FromPanel,
    FromVisitor,
    Hello,
    Refusal,
    read_visitor,
    write_line,
)


class Attachments:
    """The panel's end of all connections, served while the inbox waits."""

    def __init__(
        self,
        listener: socket.socket,
        inbox: Inbox,
        *,
        greet: Callable[[], Hello],
        obey: Callable[[FromVisitor], None],
    ) -> None:
        """Take ``listener`` over; ``greet`` makes the first message, ``obey`` does what is said."""
        self._inbox = inbox
        self._greet = greet
        self._obey = obey
        self._listener = listener
        self._pending: dict[socket.socket, bytes] = {}
        inbox.attend(listener, self._accept)

    def tell_all(self, message: FromPanel) -> None:
        """Send ``message`` to everyone attached."""
        line = write_line(message)
        for visitor in list(self._pending):
            self._send(visitor, line)

    def close(self) -> None:
        """Send everyone away, and listen no more."""
        for visitor in list(self._pending):
            self._drop(visitor)
        self._inbox.leave(self._listener)
        self._listener.close()

    def _accept(self) -> None:
        visitor, _ = self._listener.accept()
        visitor.settimeout(0.0)
        self._pending[visitor] = b""
        self._inbox.attend(visitor, lambda: self._read(visitor))
        self._send(visitor, write_line(self._greet()))

    def _read(self, visitor: socket.socket) -> None:
        try:
            received = visitor.recv(65_536)
        except OSError:
            received = b""
        if not received:
            self._drop(visitor)
            return
        *lines, rest = (self._pending[visitor] + received).split(b"\n")
        self._pending[visitor] = rest
        for line in lines:
            self._take(visitor, line)
        if len(rest) > MAX_LINE_BYTES:
            self._drop(visitor)

    def _take(self, visitor: socket.socket, line: bytes) -> None:
        try:
            self._obey(read_visitor(line))
        except (DecodeError, PanelError) as error:
            self._send(visitor, write_line(Refusal(str(error))))

    def _send(self, visitor: socket.socket, line: bytes) -> None:
        """Send without waiting: whoever does not read must not hold the kiosk up."""
        try:
            is_whole = visitor.send(line) == len(line)
        except OSError:
            is_whole = False
        if not is_whole:
            self._drop(visitor)

    def _drop(self, visitor: socket.socket) -> None:
        # It may be gone already: told at a time when its own message was being carried out.
        with contextlib.suppress(KeyError):
            del self._pending[visitor]
            self._inbox.leave(visitor)
            visitor.close()
