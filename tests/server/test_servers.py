"""Broker processes: started, killed, restarted, and clear about what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from broker.link.link import Link
from broker.link.mqtt import MqttLink, MqttSettings
from broker.server.nats import NatsServer
from broker.server.process import LOOPBACK, free_port
from broker.server.server import MAX_PACKET_BYTES, BrokerServer, BrokerServerError, accepts_mqtt
from tests.fixtures.brokers import make_broker
from tests.server.test_process import child_of, wait_until_gone

PATIENCE_S = 20.0

PARENT = """
import pathlib, sys, time
from tests.fixtures.brokers import make_broker
server = make_broker({name!r}, pathlib.Path({data!r}))
server.start()
server.wait_until_ready()
print(server.pid, flush=True)
time.sleep(60)
"""


@contextmanager
def link_to(server: BrokerServer, client_id: str, *filters: str) -> Iterator[Link]:
    """A link with a persistent session, connecting."""
    settings = MqttSettings(
        host=LOOPBACK,
        port=server.port,
        client_id=client_id,
        subscriptions=tuple((wanted, 1) for wanted in filters),
        is_persistent=True,
        most_wait_s=0.5,
    )
    with closing(MqttLink(settings)) as link:
        yield link


def wait_for_connection(link: Link, number: int = 1) -> None:
    """Wait until the link has connected ``number`` times; nothing may come meanwhile."""
    deadline = time.monotonic() + PATIENCE_S
    while link.connections < number:
        assert time.monotonic() < deadline, "no connection"
        assert link.receive(0.1) == []


def say(link: Link, topic: str, payload: bytes, *, retained: bool = False) -> None:
    """Publish, and give the broker a moment to take it."""
    assert link.publish(topic, payload, retained=retained)
    link.receive(0.2)


def first_payload(link: Link) -> bytes:
    """The next message's payload."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for message in link.receive(0.1, limit=1):
            link.acknowledge([message])
            return message.payload
    raise AssertionError("nothing came")


def listening(pid: int) -> list[tuple[str, int]]:
    """Addresses on which a process listens."""
    connections = psutil.Process(pid).net_connections()
    return [c.laddr for c in connections if c.status == psutil.CONN_LISTEN]


def test_it_listens_on_this_machine_only(broker_server: BrokerServer) -> None:
    """No address but 127.0.0.1, and its port among them."""
    assert broker_server.pid is not None
    addresses = [(host, port) for host, port in listening(broker_server.pid)]
    assert (LOOPBACK, broker_server.port) in addresses
    assert {host for host, _ in addresses} == {LOOPBACK}


def test_stopping_leaves_nothing(broker_server: BrokerServer) -> None:
    """The process is gone, and the port is free."""
    pid = broker_server.pid
    broker_server.stop()
    assert pid is not None
    assert not psutil.pid_exists(pid)
    assert not accepts_mqtt(broker_server.port)
    assert broker_server.pid is None


def test_it_comes_back_on_the_same_port_with_its_data(broker_server: BrokerServer) -> None:
    """After a stop, retained messages are there; and a restart can be repeated."""
    port = broker_server.port
    with link_to(broker_server, "speaker") as speaker:
        wait_for_connection(speaker)
        say(speaker, "t/config", b"kept", retained=True)
    with link_to(broker_server, "witness", "t/+") as witness:  # the broker has it: we hear it
        assert first_payload(witness) == b"kept"
    for _ in range(2):
        broker_server.restart()
        broker_server.wait_until_ready()
        assert broker_server.port == port
    with link_to(broker_server, "hearer", "t/+") as hearer:
        assert first_payload(hearer) == b"kept"


def test_killed_it_keeps_what_it_has_saved(broker_server: BrokerServer) -> None:
    """Sessions survive SIGKILL, but for those of the last seconds with Mosquitto."""
    with link_to(broker_server, "hearer", "t/events") as hearer:
        wait_for_connection(hearer)
    with link_to(broker_server, "speaker") as speaker:
        wait_for_connection(speaker)
        time.sleep(4)  # Mosquitto saves every second or two
        broker_server.kill()
        broker_server.restart()
        broker_server.wait_until_ready()
        wait_for_connection(speaker, 2)
        say(speaker, "t/events", b"to the absent")
    with link_to(broker_server, "hearer", "t/events") as hearer:
        assert first_payload(hearer) == b"to the absent"


@pytest.mark.parametrize("name", ["nats", pytest.param("mosquitto", marks=pytest.mark.mosquitto)])
def test_a_killed_parent_leaves_no_broker(name: str, tmp_path: Path, project: Path) -> None:
    """Whoever started it may die in any way."""
    code = PARENT.format(name=name, data=str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=project
    ) as process:
        broker = child_of(process)
        assert psutil.pid_exists(broker)
        process.kill()
    wait_until_gone(broker)


def test_data_may_be_in_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    """Spaces, Cyrillic and quotes in a path are ordinary."""
    with make_broker("nats", tmp_path / 'папка с "данни"') as server:
        assert accepts_mqtt(server.port)


@pytest.mark.mosquitto
def test_mosquitto_data_may_be_in_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    """Spaces and Cyrillic in a path are ordinary."""
    with make_broker("mosquitto", tmp_path / "папка с данни") as server:
        server.stop()
        assert (server.data / "mosquitto.db").exists()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """Before anything is started, and with a way out."""
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BrokerServerError, match=f"port {port} .* is taken"):
            NatsServer(tmp_path, port).start()


def test_starting_twice_is_an_error(nats_server: BrokerServer) -> None:
    """One object, one process."""
    with pytest.raises(BrokerServerError, match="runs already"):
        nats_server.start()


class Misconfigured(NatsServer):
    """A broker that can't read its configuration."""

    def render(self, port: int) -> str:
        """Nonsense."""
        return f"listen: {{ {port}"


def test_a_broker_that_ends_at_its_start_shows_its_last_words(tmp_path: Path) -> None:
    """The error holds the end of the log, and its path."""
    server = Misconfigured(tmp_path)
    server.start()
    with pytest.raises(BrokerServerError, match=r"(?s)ended at its start.*nats-server\.log"):
        server.wait_until_ready()
    assert not server.is_running


def test_a_broker_that_does_not_answer_is_reported(nats_server: BrokerServer) -> None:
    """A process that hangs is not ready."""
    assert nats_server.pid is not None
    os.kill(nats_server.pid, signal.SIGSTOP)
    with pytest.raises(BrokerServerError, match="does not answer"):
        nats_server.wait_until_ready(0.1)
    nats_server.kill()
    assert nats_server.pid is None


def test_nobody_can_speak_the_protocol_of_nats_itself(nats_server: BrokerServer) -> None:
    """The port that NATS insists on admits no user."""
    assert nats_server.pid is not None
    (port,) = [port for _, port in listening(nats_server.pid) if port != nats_server.port]
    with socket.create_connection((LOOPBACK, port), 5) as intruder:
        intruder.sendall(b'CONNECT {"verbose":false}\r\nPING\r\n')
        answer = b""
        while chunk := intruder.recv(65_536):
            answer += chunk
    assert b"Authorization Violation" in answer
    assert b"PONG" not in answer


def raw_publish(port: int, size: int) -> None:
    """Send one PUBLISH (QoS 1) of ``size`` bytes, as a careless device would, and wait a moment."""
    length, digits = 3 + 2 + size, bytearray()
    while length:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
    with socket.create_connection((LOOPBACK, port), 5) as device:
        device.sendall(b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x3c\x00\x03big")
        assert device.recv(4) == b"\x20\x02\x00\x00"
        try:
            device.sendall(b"\x32" + bytes(digits) + b"\x00\x01t\x00\x07" + bytes(size))
            device.recv(4)
        except ConnectionError:
            return


@pytest.mark.parametrize("size", [MAX_PACKET_BYTES, MAX_PACKET_BYTES + 200_000])
def test_a_message_above_the_brokers_limit_harms_nobody_else(
    broker_server: BrokerServer, size: int
) -> None:
    """The sender is cut off at most; others go on, and the broker lives."""
    with (
        link_to(broker_server, "hearer", "t") as hearer,
        link_to(broker_server, "speaker") as speaker,
    ):
        wait_for_connection(hearer)
        wait_for_connection(speaker)
        raw_publish(broker_server.port, size)
        say(speaker, "t", b"small")
        found = first_payload(hearer)
        if len(found) == size:  # NATS's limit leaves room for headers
            found = first_payload(hearer)
        assert found == b"small"
        assert (hearer.connections, speaker.connections) == (1, 1)


def test_a_given_port_is_used(tmp_path: Path) -> None:
    """And is known before the start."""
    port = free_port()
    server = NatsServer(tmp_path, port)
    assert server.port == port
    with server:
        assert accepts_mqtt(port)
