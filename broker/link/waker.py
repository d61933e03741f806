"""Something that ``poll`` can wait for and any thread can set off."""

from __future__ import annotations

import contextlib
import socket


class Waker:
    """A pair of sockets: a byte in one end wakes whoever waits on the other."""

    def __init__(self) -> None:
        """Open it."""
        self._inlet, self._outlet = socket.socketpair()
        self._inlet.settimeout(0)
        self._outlet.settimeout(0)

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._outlet.fileno()

    def wake(self) -> None:
        """Set it off; from any thread, and harmless after :meth:`close`."""
        # A full pipe wakes as well as one more byte would.
        with contextlib.suppress(OSError):
            self._inlet.send(b"\0")

    def was_woken(self) -> bool:
        """Whether it was set off since the last call."""
        try:
            return bool(self._outlet.recv(4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Close it."""
        self._inlet.close()
        self._outlet.close()
