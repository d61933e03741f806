"""Finding the broker: names, addresses, TLS."""

from __future__ import annotations

import socket
import ssl
import time

import pytest

from broker.server.process import LOOPBACK, free_port
from broker.server.server import BrokerServer
from tests.fixtures.links import PATIENCE_S, link_to, wait_for_connection, wait_for_log
from tests.fixtures.proxy import Proxy


def test_an_unknown_name_is_logged_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """A name server that is down, or a typing error."""
    with link_to(1883, host="no-such-host.invalid") as link:
        wait_for_log(link, caplog, "cannot reach no-such-host.invalid:1883")


def test_a_name_that_cannot_be_one_is_logged_and_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Python's own codec refuses it before any name server does."""
    with link_to(1883, host="x" * 70 + ".bg") as link:
        wait_for_log(link, caplog, "is no host name")


def anonymous_tls(purpose: int) -> ssl.SSLContext:
    """TLS without certificates, so that this test needs no key."""
    context = ssl.SSLContext(purpose)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AECDH-AES256-SHA:@SECLEVEL=0")
    return context


def test_the_link_speaks_tls(nats_server: BrokerServer) -> None:
    """Handshake without blocking, and no message stuck in TLS's own buffer."""
    sizes = [10, 100_000, 200_000, 1, 50_000]
    subscriptions = (("t", 1),)
    with (
        Proxy(nats_server.port, anonymous_tls(ssl.PROTOCOL_TLS_SERVER)) as proxy,
        link_to(
            proxy.port, subscriptions=subscriptions, tls=anonymous_tls(ssl.PROTOCOL_TLS_CLIENT)
        ) as link,
    ):
        wait_for_connection(link)
        heard: list[int] = []
        for size in sizes:
            assert link.publish("t", bytes(size))
        deadline = time.monotonic() + PATIENCE_S
        while len(heard) < len(sizes) and time.monotonic() < deadline:
            heard += [len(message.payload) for message in link.receive(0.1)]
        assert heard == sizes


def test_a_broker_without_tls_is_a_failed_attempt(
    nats_server: BrokerServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong port must not look like a network that is down."""
    tls = ssl.create_default_context()
    with link_to(nats_server.port, tls=tls) as link:
        wait_for_log(link, caplog, "cannot reach")
        assert link.connections == 0


def test_an_untrusted_broker_is_refused(
    nats_server: BrokerServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is spoken to who can't prove who it is."""
    with (
        Proxy(nats_server.port, anonymous_tls(ssl.PROTOCOL_TLS_SERVER)) as proxy,
        link_to(proxy.port, tls=ssl.create_default_context()) as link,
    ):
        wait_for_log(link, caplog, "cannot reach")
        assert link.connections == 0


def test_a_second_address_is_tried(
    nats_server: BrokerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name may stand for an address that nobody answers at."""

    def two_addresses(_host: str, port: int, **_: object) -> list[object]:
        here = (socket.AF_INET, socket.SOCK_STREAM, 0, "", (LOOPBACK, free_port()))
        return [here, (socket.AF_INET, socket.SOCK_STREAM, 0, "", (LOOPBACK, port))]

    monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
    with link_to(nats_server.port, host="broker.example") as link:
        wait_for_connection(link)
