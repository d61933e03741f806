"""Searching files for viruses with ClamAV, where there is one."""

from __future__ import annotations

import io
from typing import Final, Literal, Protocol, TypeAlias

import structlog
from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

Verdict: TypeAlias = Literal["clean", "infected", "unknown"]

_TIMEOUT_S: Final = 60
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class VirusScanner(Protocol):
    """Tells whether a file is infected."""

    def scan(self, content: bytes) -> Verdict:
        """``unknown``: it can't tell now; ask again later."""


class ClamAV:
    """The daemon ``clamd``, by its INSTREAM command: it needs to read none of our files.

    Args:
        address: path of its socket, or ``HOST:PORT``.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def scan(self, content: bytes) -> Verdict:
        """``unknown`` when the daemon is not there, or finds the file too large for itself."""
        try:
            found = self._client().instream(io.BytesIO(content))
            state, detail = found["stream"]
        except (ClamdError, OSError, ValueError, KeyError) as error:
            _log.warning("virus-scan-failed", error=type(error).__name__)
            return "unknown"
        if state == "FOUND":
            _log.warning("virus-found", virus=detail)
            return "infected"
        return "clean" if state == "OK" else "unknown"

    def _client(self) -> ClamdNetworkSocket | ClamdUnixSocket:
        host, colon, port = self._address.rpartition(":")
        if colon and port.isdigit() and "/" not in host:
            return ClamdNetworkSocket(host.strip("[]"), int(port), _TIMEOUT_S)
        return ClamdUnixSocket(self._address, _TIMEOUT_S)
