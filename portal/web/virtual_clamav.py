"""A virtual ClamAV: speaks clamd's protocol, and finds what it is told to find.

For demonstrations and tests on machines without ClamAV; it knows the EICAR test file and no virus.
Its faults can be set: it may be slow to answer, or take less than a file.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from typing import Final, Self

EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file that every scanner finds, harmless (eicar.org)."""


class VirtualClamAV:
    """A daemon on a free port of this machine, as a context.

    Attributes:
        signatures: bytes → name of the virus that they are.
        most_bytes: ``StreamMaxLength``: what is longer is refused.
        is_silent: it takes everything and answers nothing, as a daemon that hangs.
    """

    def __init__(self) -> None:
        self.signatures: dict[bytes, str] = {EICAR: "Eicar-Signature"}
        self.most_bytes = 25 * 1024 * 1024
        self.is_silent = False
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.daemon = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def address(self) -> str:
        """For the setting ``clamav``."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def judge(self, content: bytes) -> str:
        """What clamd would answer."""
        for signature, virus in self.signatures.items():
            if signature in content:
                return f"stream: {virus} FOUND"
        return "stream: OK"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    daemon: VirtualClamAV


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Answer one command, as clamd does outside of sessions."""
        first = self.rfile.read(1)
        end = b"\0" if first == b"z" else b"\n"
        command = b""
        while not command.endswith(end):
            byte = self.rfile.read(1)
            if not byte:
                return
            command += byte
        said = self._answer(command[:-1].decode("ascii", "replace"))
        if said is not None:
            self.wfile.write(said.encode() + end)

    def _answer(self, command: str) -> str | None:
        if command == "PING":
            return "PONG"
        if command == "VERSION":
            return "ClamAV virtual"
        if command != "INSTREAM":
            return "UNKNOWN COMMAND"
        content = self._stream()
        if self.server.daemon.is_silent:
            return None
        if content is None:
            return "INSTREAM size limit exceeded. ERROR"
        return self.server.daemon.judge(content)

    def _stream(self) -> bytes | None:
        """What comes in chunks, each behind its size, until an empty one; ``None``: too much."""
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4).ljust(4, b"\0"))[0]:
            content += self.rfile.read(size)
            if len(content) > self.server.daemon.most_bytes:
                return None
        return content
