"""Making a TCP (and TLS) connection without blocking, address by address."""

from __future__ import annotations

import errno
import os
import select
import socket
import ssl
from dataclasses import dataclass
from typing import Any, Final

_UNDER_WAY: Final = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is; with ``tls``, how to encrypt and whom to believe."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None

    def __str__(self) -> str:
        """For a log."""
        return f"{self.host}:{self.port}"


class Dialling:
    """One attempt to reach a server, moved on by :meth:`step` whenever its socket is ready.

    A name may stand for several addresses; they are tried in turn. Only asking the name server
    blocks, which the system bounds; an address such as ``127.0.0.1`` asks nobody.
    """

    def __init__(self, address: Address) -> None:
        """Look the name up and start with its first address.

        Raises:
            OSError: the name is unknown, or no address could be tried.
        """
        self._host = address.host
        self._tls = address.tls
        self._addresses = _look_up(address)
        self._socket: socket.socket | None = None
        self._is_reached = False
        self.events = select.POLLOUT
        """What the socket must be ready for before the next step."""
        self.try_next(OSError(errno.EADDRNOTAVAIL, f"{address} has no address"))

    def try_next(self, error: OSError) -> None:
        """Leave this address for the next; raise ``error``, its fault, when it was the last."""
        self.close()
        self._is_reached = False
        self.events = select.POLLOUT
        while self._addresses:
            family, kind, protocol, address = self._addresses.pop(0)
            self._socket = socket.socket(family, kind, protocol)
            self._socket.settimeout(0)
            code = self._socket.connect_ex(address)
            if code in _UNDER_WAY:
                return
            error = OSError(code, os.strerror(code))
            self.close()
        raise error

    def fileno(self) -> int:
        """The descriptor of the socket that is being connected."""
        return -1 if self._socket is None else self._socket.fileno()

    def step(self) -> socket.socket | None:
        """Go on; the connected socket (non-blocking) once there is one. Harmless at any time.

        Raises:
            OSError: no address answers, or TLS found no common ground.
        """
        if self._socket is None:
            return None
        if not self._is_reached and not self._reach(self._socket):
            return None
        try:
            self._shake_hands()
        except ssl.SSLWantReadError:
            self.events = select.POLLIN
            return None
        except ssl.SSLWantWriteError:
            self.events = select.POLLOUT
            return None
        done, self._socket = self._socket, None
        return done

    def _reach(self, trial: socket.socket) -> bool:
        code = trial.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self.try_next(OSError(code, os.strerror(code)))
            return False
        try:
            trial.getpeername()
        except OSError:  # not connected yet
            return False
        trial.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            self._socket = self._tls.wrap_socket(
                trial, server_hostname=self._host, do_handshake_on_connect=False
            )
        self._is_reached = True
        return True

    def _shake_hands(self) -> None:
        if isinstance(self._socket, ssl.SSLSocket):
            self._socket.do_handshake()

    def close(self) -> None:
        """Give up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _look_up(address: Address) -> list[tuple[socket.AddressFamily, socket.SocketKind, int, Any]]:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a name too long or too odd for any name server
        raise OSError(errno.EINVAL, f"{address.host!r} is no host name") from error
    return [(family, kind, protocol, at) for family, kind, protocol, _, at in found]
