"""The enrolment endpoint against who holds connections and says nothing."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.fleet.authority import Authority
from broker.fleet.endpoint import Endpoint
from broker.fleet.offers import enrol
from broker.fleet.patience import Porch
from broker.fleet.vault import new_key
from broker.store.database import Database
from tests.fixtures.enrolling import PASSPHRASE, Installer, furnish, serving

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEAD_S = 1.0


@pytest.fixture
def authority(tmp_path: Path, database: Database) -> Authority:
    """An authority, and a database with a site and two touchpoints."""
    furnish(database)
    return Authority.open(tmp_path / "fleet", PASSPHRASE, datetime.now(UTC))


@pytest.fixture
def endpoint(database: Database, authority: Authority, tmp_path: Path) -> Iterator[Endpoint]:
    """One with little patience, for five connections of an address."""
    folder = tmp_path / "identities"
    with serving(database, authority, folder, most_connections=5, head_s=HEAD_S) as serves:
        yield serves


def connect(endpoint: Endpoint) -> ssl.SSLSocket:
    """A connection over TLS that says nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", endpoint.port), 10)
    return context.wrap_socket(plain)


def is_hung_up(connection: ssl.SSLSocket) -> bool:
    """Whether the other side ends it, in ten seconds at most."""
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


@pytest.mark.parametrize("said", [b"", b"POST /v1/open HT", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_who_says_nothing_is_hung_up_on(endpoint: Endpoint, said: bytes) -> None:
    """Before the first head, in the middle of it, and after an answer."""
    with closing(connect(endpoint)) as silent:
        silent.sendall(said)
        if said.endswith(b"\r\n\r\n"):
            assert silent.recv(65_536).startswith(b"HTTP/1.1 404")
            silent.sendall(b"P")  # the server's own patience ends with this
        assert is_hung_up(silent)


def test_one_address_has_few_connections(
    endpoint: Endpoint, database: Database, authority: Authority
) -> None:
    """The sixth is ended at once; when the silent five are gone, a kiosk enrols."""
    with ExitStack() as leaving:
        for _ in range(5):
            leaving.enter_context(closing(connect(endpoint)))
        began_s = time.monotonic()
        with closing(connect(endpoint)) as sixth:
            assert is_hung_up(sixth)
        assert time.monotonic() - began_s < HEAD_S
    code = enrol(database, authority, "k1", "desk-1", datetime.now(UTC)).code
    with closing(Installer(endpoint.port)) as installer:
        assert installer.enrol(code, new_key()).credentials.device == "k1"


@pytest.mark.usefixtures("database")
def test_one_address_begins_few_connections_a_minute() -> None:
    """Those above are ended before they cost a TLS handshake."""
    with Porch(socket.create_server(("127.0.0.1", 0)), per_minute=2) as porch, ExitStack() as all_:
        for _ in range(3):
            all_.enter_context(closing(socket.create_connection(porch.getsockname())))
        for _ in range(2):
            all_.enter_context(porch.accept()[0])
        with pytest.raises(ConnectionAbortedError):
            porch.accept()


def test_an_endpoint_that_has_ended_is_seen(endpoint: Endpoint) -> None:
    """Then the fleet's process ends, and is started again."""
    assert endpoint.is_running
    endpoint.stop()
    assert not endpoint.is_running
