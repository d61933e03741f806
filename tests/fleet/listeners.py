"""Servers that people's messages go to, on this machine: a webhook and a mail server."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class WebhookServer(ThreadingHTTPServer):
    """Takes JSON, as long as ``status`` is 200.

    Attributes:
        status: what it answers.
        taken: what it took, decoded.
        tries: how often somebody came.
    """

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Hook)
        self.status = 200
        self.taken: list[dict[str, Any]] = []
        self.tries = 0

    @property
    def address(self) -> str:
        """As Apprise writes it."""
        return f"json://127.0.0.1:{self.server_port}/"


class _Hook(BaseHTTPRequestHandler):
    server: WebhookServer

    def do_POST(self) -> None:  # as the library calls it
        """Take a message, or refuse it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.tries += 1
        if self.server.status == 200:
            self.server.taken.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing."""


class MailServer(socketserver.ThreadingTCPServer):
    """As much of SMTP as it takes to hand in a letter (RFC 5321).

    Attributes:
        letters: what was handed in: recipients, subject and text.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Mail)
        self.letters: list[tuple[list[str], str, str]] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Mail(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        """Speak with one client."""
        self._say("220 here")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ", 1)[0].upper()
            if verb == "RCPT":
                to.append(line.partition(":")[2].strip("<> "))
            if verb == "DATA":
                self._say("354 go on")
                self._keep(to)
            self._say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _keep(self, to: list[str]) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        text = letter.get_body(("plain", "html"))
        content = "" if text is None else str(text.get_content())
        self.server.letters.append((to, str(letter["Subject"]), content))

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextlib.contextmanager
def serving(server: WebhookServer | MailServer) -> Iterator[None]:
    """Let a server serve in a thread of its own, and end it."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
