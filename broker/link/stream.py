"""A socket with buffers on both sides, for a client that reads and writes a few bytes at a time."""

from __future__ import annotations

import contextlib
import socket
import ssl
from typing import Final

READ_BYTES: Final = 256 * 1024


class BufferedStream:
    """What paho takes for its socket.

    paho reads a message in three calls and writes each packet in one; for small messages the
    system calls cost more than everything else. Here one call reads all that has come, and one
    call writes all that is queued.

    Attributes:
        is_dry: the socket had nothing more when it was last asked. Set it to ``False`` before
            reading on: data may wait in our buffer, or in TLS's, where ``poll`` can't see it.
        unsent: what is written and not yet sent; :meth:`flush` sends it.
        fault: why nothing can be read any more, where the system or TLS told; paho keeps it to
            itself.
    """

    def __init__(self, connected: socket.socket) -> None:
        """Take over a connected, non-blocking socket."""
        self._socket = connected
        self._read = b""
        self._at = 0
        self.is_dry = False
        self.unsent = bytearray()
        self.fault: OSError | None = None

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self._socket.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001  # a socket's own signature
        """Nothing: it never blocks, and paho asks for just that."""

    def recv(self, size: int) -> bytes:
        """At most ``size`` bytes that have come; empty when the other side has closed.

        Raises:
            BlockingIOError: nothing there now.
            OSError: the connection is broken.
        """
        end = self._at + size
        found = self._read[self._at : end]
        if found:
            self._at = end
            return found
        try:
            self._read = self._socket.recv(READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as nothing:
            self.is_dry = True
            raise BlockingIOError from nothing
        except OSError as error:
            self.fault = error
            raise
        self._at = size
        return self._read[:size]

    def send(self, packet: bytes | bytearray) -> int:
        """Queue all of ``packet``; :meth:`flush` sends it."""
        self.unsent += packet
        return len(packet)

    def flush(self) -> None:
        """Send what the system takes now.

        Raises:
            OSError: the connection is broken.
        """
        while self.unsent:
            try:
                sent = self._socket.send(self.unsent)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            del self.unsent[:sent]

    def close(self) -> None:
        """Send what can be sent at once, and close."""
        with contextlib.suppress(OSError):
            self.flush()
        self.unsent.clear()
        self._socket.close()
