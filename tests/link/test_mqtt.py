"""What only a real network does to a link: strangers, silence, names, limits, TLS."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from broker.link.link import LinkError, Will
from broker.link.mqtt import MqttSettings
from broker.server.process import LOOPBACK, free_port
from broker.server.server import BrokerServer
from tests.fixtures.links import PATIENCE_S, link_to, wait_for_connection, wait_for_log
from tests.fixtures.proxy import Proxy

ACCEPTED = b"\x20\x02\x00\x00"


@contextlib.contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """The port of a server that says ``answers``, one for each thing it hears, and then hangs."""
    listener = socket.create_server((LOOPBACK, 0))
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            with contextlib.suppress(OSError), contextlib.closing(listener.accept()[0]) as caller:
                caller.settimeout(0.05)
                for answer in answers:
                    with contextlib.suppress(TimeoutError):
                        caller.recv(4096)
                    caller.sendall(answer)
                while not is_over.is_set() and answers[-1:] != (b"bye",):
                    with contextlib.suppress(TimeoutError):
                        if not caller.recv(4096):
                            break

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        is_over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_refused_port_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """Many attempts, one line."""
    with link_to(free_port()) as link:
        wait_for_log(link, caplog, "Connection refused")
        link.receive(1.5)
    assert caplog.text.count("Connection refused") == 1


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "does not answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not answer"),
        (b"\x00" * 64, "connection lost"),
        (b"\xff" * 64, "connection lost"),
        (b"\x30\x01\x00", "connection lost (Protocol error)"),
        (b"\x30\x05\x00\x03\xff\xfe\xfd", "this is no MQTT"),
        (b"\x20\x01\x00", "connection lost (Protocol error)"),
        (b"\x20\x02\x00\x05", "the broker refuses us: Not authorized"),
        (b"\x20\x02\x00\x01", "connection lost"),
        (b"", "does not answer"),
        (b"bye", "connection lost"),
    ],
)
def test_whatever_a_stranger_answers_the_link_goes_on(
    answer: bytes, complaint: str, caplog: pytest.LogCaptureFixture
) -> None:
    """No answer raises; each is a reason in the log, and another attempt follows."""
    with answering(answer) as port, link_to(port) as link:
        wait_for_log(link, caplog, complaint)
        assert not link.is_connected
        assert link.connections == 0
        assert link.receive(0.5) == []


def test_a_refused_subscription_is_a_failed_connection(caplog: pytest.LogCaptureFixture) -> None:
    """A link that would hear nothing is none."""
    with (
        answering(ACCEPTED, b"\x90\x04\x00\x01\x01\x80") as port,
        link_to(port, subscriptions=(("a", 1), ("b", 1))) as link,
    ):
        wait_for_log(link, caplog, "refuses to subscribe us to b")
        assert link.connections == 0


def test_a_silent_broker_is_noticed_by_the_keep_alive(
    broker_server: BrokerServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A stopped process keeps its sockets open: only silence tells, and then it is tried again."""
    caplog.set_level(logging.INFO)
    assert broker_server.pid is not None
    with link_to(broker_server.port, keep_alive_s=2, timeout_s=0.5) as link:
        wait_for_connection(link)
        os.kill(broker_server.pid, signal.SIGSTOP)
        wait_for_log(link, caplog, "connection lost (Keep alive timeout)")
        assert not link.is_connected
        wait_for_log(link, caplog, "does not answer")
        os.kill(broker_server.pid, signal.SIGCONT)
        wait_for_connection(link, 2)
    assert caplog.text.count("connected to") == 2


def test_an_idle_link_stays_connected(nats_server: BrokerServer) -> None:
    """The keep-alive is kept: no break though nothing is said."""
    with link_to(nats_server.port, keep_alive_s=2) as link:
        wait_for_connection(link)
        deadline = time.monotonic() + 5.0
        while time.monotonic() < deadline:
            assert link.receive(1.0) == []
        assert (link.is_connected, link.connections) == (True, 1)


def test_a_frozen_network_makes_publish_refuse_in_the_end(nats_server: BrokerServer) -> None:
    """What can't be sent is bounded; ``False`` says that the message was not taken."""
    with (
        Proxy(nats_server.port) as proxy,
        link_to(proxy.port, max_unsent_bytes=1_000_000) as link,
    ):
        wait_for_connection(link)
        proxy.freeze()
        taken = 0
        while link.publish("t", bytes(100_000)):
            taken += 1
            link.receive(0)
            assert taken <= 10
        assert taken == 10
        proxy.thaw()
        deadline = time.monotonic() + PATIENCE_S
        while not link.publish("t", bytes(200_000)) and time.monotonic() < deadline:
            link.receive(0.05)
        assert time.monotonic() < deadline


def test_twins_back_off_and_say_why(
    broker_server: BrokerServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Two clients with one id kick each other a few times, and then keep apart."""
    with (
        link_to(broker_server.port, "twin") as first,
        link_to(broker_server.port, "twin") as second,
    ):
        deadline = time.monotonic() + PATIENCE_S
        while "has another client our id?" not in caplog.text:
            assert time.monotonic() < deadline
            first.receive(0.02)
            second.receive(0.02)
        assert first.connections + second.connections <= 8


def test_nothing_raises_while_a_broker_is_killed_again_and_again(
    nats_server: BrokerServer,
) -> None:
    """Whatever the moment: in the middle of connecting, reading, writing."""
    will = Will("a/one", b"offline")
    with link_to(nats_server.port, subscriptions=(("t", 1),), will=will) as link:
        for number in range(6):
            wait_for_connection(link)
            deadline = time.monotonic() + 0.05 * number
            while time.monotonic() < deadline:
                link.publish("t", bytes(10_000))
                link.acknowledge(link.receive(0.001))
            nats_server.kill()
            deadline = time.monotonic() + 0.6  # an attempt fails: this is no takeover
            while time.monotonic() < deadline:
                link.publish("t", b"x")
                link.acknowledge(link.receive(0.01))
            nats_server.restart()
        wait_for_connection(link)


def test_after_a_reconnect_nothing_is_sent_again(nats_server: BrokerServer) -> None:
    """Who owns a message sends it again; the link keeps none."""
    with (
        Proxy(nats_server.port) as proxy,
        link_to(proxy.port, "speaker") as speaker,
        link_to(nats_server.port, "hearer", subscriptions=(("t", 1),)) as hearer,
    ):
        wait_for_connection(hearer)
        wait_for_connection(speaker)
        proxy.freeze()
        assert speaker.publish("t", b"lost")
        speaker.receive(0)
        proxy.cut()
        proxy.thaw()
        wait_for_connection(speaker, 2)
        assert speaker.publish("t", b"new")
        speaker.receive(0)
        heard = hearer.receive(PATIENCE_S) or hearer.receive(PATIENCE_S)
        assert [message.payload for message in heard] == [b"new"]


def test_many_messages_pass_with_all_acknowledged(broker_server: BrokerServer) -> None:
    """More than a window of them, in batches, once each."""
    count = 12_000
    with (
        link_to(broker_server.port, "hearer", subscriptions=(("t", 1),)) as hearer,
        link_to(broker_server.port, "speaker") as speaker,
    ):
        wait_for_connection(hearer)
        wait_for_connection(speaker)
        sent = 0
        heard: list[int] = []
        deadline = time.monotonic() + 3 * PATIENCE_S
        while len(heard) < count and time.monotonic() < deadline:
            for _ in range(min(500, count - sent)):
                sent += speaker.publish("t", b"%d" % sent)
            speaker.receive(0)
            found = hearer.receive(0.01)
            heard += [int(message.payload) for message in found]
            hearer.acknowledge(found)
        assert heard == list(range(count))


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"host": ""}, "needs a host"),
        ({"client_id": ""}, "needs a host"),
        ({"port": 0}, "port from 1"),
        ({"keep_alive_s": 0}, "keep_alive_s"),
        ({"will": Will("a/#", b"")}, "no will"),
        ({"subscriptions": (("a", 2),)}, "QoS 2"),
    ],
)
def test_settings_that_could_never_work_are_refused(
    wrong: dict[str, object], complaint: str
) -> None:
    """At once, with what is wrong."""
    given: dict[str, object] = {"host": LOOPBACK, "port": 1883, "client_id": "one", **wrong}
    with pytest.raises(LinkError, match=complaint):
        MqttSettings(**given)  # type: ignore[arg-type]  # the test's point
