"""Serves lines over a Unix socket, in the thread that waits for the panel: nothing is polled."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Callable
from typing import Final, Protocol

from hardware.panel import Source

MAX_LINE_BYTES: Final = 1 << 20
"""Longer lines are nobody's who means well."""

MAX_GUESTS: Final = 8
"""How many may be attached; each costs a descriptor, and memory for the line it is at."""


class Waiting(Protocol):
    """Something that waits, and looks after sources meanwhile: an inbox, a panel."""

    def attend(self, source: Source, callback: Callable[[], None]) -> None:
        """While waiting, call ``callback`` whenever ``source`` can be read."""

    def leave(self, source: Source) -> None:
        """Attend to ``source`` no more."""

    def wake(self) -> None:
        """Make a running or the next wait return at once."""


class LineServer:
    """The near end of all connections to one socket.

    Args:
        listener: taken over; closed by :meth:`close`.
        waiting: looks after the sockets while it waits.
        greet: makes the first line for whoever comes.
        take: gets each line that is said, and makes the reply, if there is to be one.
        when_moved: called after somebody came or went.
    """

    def __init__(
        self,
        listener: socket.socket,
        waiting: Waiting,
        *,
        greet: Callable[[], bytes],
        take: Callable[[bytes], bytes | None],
        when_moved: Callable[[], None] | None = None,
    ) -> None:
        self._waiting = waiting
        self._greet = greet
        self._take = take
        self._when_moved = when_moved or (lambda: None)
        self._listener = listener
        self._pending: dict[socket.socket, bytes] = {}
        self._spare: int | None = None
        self._keep_spare()
        waiting.attend(listener, self._accept)

    @property
    def attached(self) -> int:
        """How many are there."""
        return len(self._pending)

    def tell_all(self, line: bytes) -> None:
        """Send ``line`` to everyone attached."""
        for guest in list(self._pending):
            self._send(guest, line)

    def close(self) -> None:
        """Send everyone away, and listen no more."""
        for guest in list(self._pending):
            self._drop(guest)
        self._waiting.leave(self._listener)
        self._listener.close()
        self._give_spare()

    def _accept(self) -> None:
        try:
            guest, _ = self._listener.accept()
        except OSError as error:
            self._turn_away(error)
            return
        if len(self._pending) >= MAX_GUESTS:
            guest.close()
            return
        guest.settimeout(0.0)
        self._pending[guest] = b""
        self._waiting.attend(guest, lambda: self._read(guest))
        self._send(guest, self._greet())
        self._when_moved()

    def _turn_away(self, error: OSError) -> None:
        """Nobody could be let in: they left again, or there is no descriptor for them.

        Who is not let in would be announced again at once and for ever. So the spare descriptor
        is given up for them, for a moment.
        """
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            return
        self._give_spare()
        with contextlib.suppress(OSError):
            self._listener.accept()[0].close()
        self._keep_spare()

    def _keep_spare(self) -> None:
        with contextlib.suppress(OSError):  # another thread took it: it is kept next time
            self._spare = os.open(os.devnull, os.O_RDONLY)

    def _give_spare(self) -> None:
        if self._spare is not None:
            os.close(self._spare)
            self._spare = None

    def _read(self, guest: socket.socket) -> None:
        try:
            received = guest.recv(65_536)
        except OSError:
            received = b""
        if not received:
            self._drop(guest)
            return
        *lines, rest = (self._pending[guest] + received).split(b"\n")
        self._pending[guest] = rest
        for line in lines:
            if (reply := self._take(line)) is not None:
                self._send(guest, reply)
        if len(rest) > MAX_LINE_BYTES:
            self._drop(guest)

    def _send(self, guest: socket.socket, line: bytes) -> None:
        """Send without waiting: whoever does not read must not hold the kiosk up."""
        try:
            is_whole = guest.send(line) == len(line)
        except OSError:
            is_whole = False
        if not is_whole:
            self._drop(guest)

    def _drop(self, guest: socket.socket) -> None:
        # It may be gone already: told at a time when its own message was being carried out.
        if self._pending.pop(guest, None) is None:
            return
        with contextlib.suppress(KeyError):
            self._waiting.leave(guest)
        guest.close()
        self._when_moved()
