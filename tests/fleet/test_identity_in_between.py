"""Somebody sits between a kiosk and its server while it is enrolled: he gets nothing."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest

from broker.link.code import Code
from broker.link.proof import Exchange
from broker.server.process import free_port
from broker.wire.enrolment import OPEN_PATH, PROVE_PATH, Credentials, Opened
from kiosk.asking import AskingError
from kiosk.enrolment import EnrolmentError, enrol
from kiosk.identity_file import IdentityFolder
from tests.fixtures.enrolment import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An installation with its endpoint."""
    with open_office(tmp_path / "office") as opened, opened.endpoint():
        yield opened


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Office]:
    """Another installation, whose certificates somebody shows in place of the right ones."""
    with open_office(tmp_path / "stranger") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> IdentityFolder:
    """Of the kiosk."""
    return IdentityFolder(tmp_path / "identity")


def _context(stranger: Office) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(stranger.identity("endpoint"))
    return context


class _TlsRelay:
    """Ends TLS in the middle with its own certificate, and passes all on to the real endpoint."""

    def __init__(self, target: int, context: ssl.SSLContext) -> None:
        self._target = target
        self.heard: list[tuple[str, bytes]] = []
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port: int = self.server.server_port
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self._thread.start()

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """What the server says to that."""
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        connection = HTTPSConnection("127.0.0.1", self._target, context=trusting, timeout=10)
        with closing(connection):
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, said = relay.answer(self.path, body)
                relay.heard.append((self.path, said))
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def close(self) -> None:
        """End it."""
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


class _Impostor(_TlsRelay):
    """Answers in the server's place, without knowing the code."""

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Half an exchange for a guess, and then credentials as the real server would send them."""
        if path == OPEN_PATH:
            guess = Exchange("server", json.loads(body)["label"], "0" * 12)
            return 200, msgspec.json.encode(Opened(v=1, session="ab" * 16, exchange=guess.message))
        said = Credentials(
            v=1,
            confirmation=b"x" * 32,
            site="troyan",
            device="hall-3",
            certificate="-",
            trust="-",
            serial="ab",
            expires_at=datetime.now(UTC),
            mqtt_host="127.0.0.1",
            mqtt_port=1,
            fleet_url="https://127.0.0.1:1",
        )
        return 200, msgspec.json.encode(said)


def test_a_relay_with_its_own_certificate_gets_nothing(
    office: Office, stranger: Office, folder: IdentityFolder
) -> None:
    """The server sees that the kiosk met another certificate than its own: nothing is issued."""
    code = office.offer("hall-3")
    relay = _TlsRelay(office.fleet_port, _context(stranger))
    with closing(relay), pytest.raises(EnrolmentError, match="may sit between"):
        enrol(code, f"https://127.0.0.1:{relay.port}", folder)
    assert [path for path, _ in relay.heard] == [OPEN_PATH, PROVE_PATH]
    assert office.certificates("hall-3") == []
    assert folder.current() is None
    enrol(code, f"https://127.0.0.1:{office.fleet_port}", folder)
    assert len(office.certificates("hall-3")) == 1


def test_an_impostor_is_not_believed(stranger: Office, folder: IdentityFolder) -> None:
    """Who does not know the code can't confirm it; nothing that he sends is kept."""
    impostor = _Impostor(1, _context(stranger))
    with closing(impostor), pytest.raises(EnrolmentError, match="in the server's place"):
        enrol(Code.new(), f"https://127.0.0.1:{impostor.port}", folder)
    assert folder.current() is None


class _Other(_TlsRelay):
    """A web server of something else."""

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:  # noqa: ARG002 all the same
        """It has no such page."""
        return 404, b"<html>"


def test_a_server_of_something_else_is_named(stranger: Office, folder: IdentityFolder) -> None:
    """A web server that knows nothing of enrolment, one without TLS, and nobody at all."""
    web = _Other(1, _context(stranger))
    with closing(web), pytest.raises(AskingError, match="no enrolment endpoint of Otziv"):
        enrol(Code.new(), f"https://127.0.0.1:{web.port}", folder)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as plain:
        thread = threading.Thread(target=plain.handle_request)
        thread.start()
        with pytest.raises(AskingError, match="no enrolment endpoint of Otziv"):
            enrol(Code.new(), f"https://127.0.0.1:{plain.server_port}", folder)
        thread.join()
    with pytest.raises(AskingError, match="look at the address and the network"):
        enrol(Code.new(), f"https://127.0.0.1:{free_port()}", folder)
    with pytest.raises(AskingError, match="give https://HOST:PORT"):
        enrol(Code.new(), "http://127.0.0.1", folder)
