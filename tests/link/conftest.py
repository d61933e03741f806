"""Three networks for one contract: in memory, over NATS and over Mosquitto."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Protocol

import pytest

from broker.link.link import Link, Will
from broker.link.mqtt import MqttLink, MqttSettings
from broker.link.virtual import VirtualBroker, VirtualLink
from broker.server.server import BrokerServer
from tests.fixtures.brokers import broker_server, make_broker, nats_server
from tests.fixtures.proxy import Proxy

__all__ = ["broker_server", "nats_server", "network"]

QUICK_S = 0.5
"""The longest pause between two attempts in these tests."""


class Network(Protocol):
    """A broker that can be killed, and links that can be cut."""

    def link(
        self,
        client_id: str,
        *filters: str,
        is_persistent: bool = False,
        will: Will | None = None,
    ) -> Link:
        """A new link, subscribed to ``filters`` with QoS 1; closed at the end of the test."""

    def cut(self, client_id: str) -> None:
        """Break the connection of ``client_id``, as a network does."""

    def kill(self) -> None:
        """End the broker as by SIGKILL."""

    def start(self) -> None:
        """Start it again."""


class VirtualNetwork:
    """Everything in memory, in real time."""

    def __init__(self, closing: contextlib.ExitStack) -> None:
        """Start a broker."""
        self._broker = VirtualBroker(chance=Random(1))
        self._closing = closing

    def link(
        self,
        client_id: str,
        *filters: str,
        is_persistent: bool = False,
        will: Will | None = None,
    ) -> Link:
        """A virtual link."""
        link = VirtualLink(
            self._broker,
            client_id,
            subscriptions=tuple((wanted, 1) for wanted in filters),
            is_persistent=is_persistent,
            will=will,
            chance=Random(2),
            most_wait_s=QUICK_S,
        )
        self._closing.callback(link.close)
        return link

    def cut(self, client_id: str) -> None:
        """Break the connection."""
        self._broker.cut(client_id)

    def kill(self) -> None:
        """Kill the broker."""
        self._broker.kill()

    def start(self) -> None:
        """Start the broker."""
        self._broker.start()


class MqttNetwork:
    """A real broker; each link goes through a proxy of its own."""

    def __init__(self, server: BrokerServer, closing: contextlib.ExitStack) -> None:
        """Take a running broker."""
        self._server = server
        self._closing = closing
        self._proxies: dict[str, Proxy] = {}

    def link(
        self,
        client_id: str,
        *filters: str,
        is_persistent: bool = False,
        will: Will | None = None,
    ) -> Link:
        """A link over MQTT."""
        proxy = self._proxies[client_id] = self._closing.enter_context(Proxy(self._server.port))
        settings = MqttSettings(
            host="127.0.0.1",
            port=proxy.port,
            client_id=client_id,
            subscriptions=tuple((wanted, 1) for wanted in filters),
            is_persistent=is_persistent,
            will=will,
            most_wait_s=QUICK_S,
        )
        link = MqttLink(settings, chance=Random(2))
        self._closing.callback(link.close)
        return link

    def cut(self, client_id: str) -> None:
        """Break the connection."""
        self._proxies[client_id].cut()

    def kill(self) -> None:
        """Kill the broker."""
        self._server.kill()

    def start(self) -> None:
        """Start the broker."""
        self._server.start()
        self._server.wait_until_ready()


@pytest.fixture(params=["virtual", "nats", pytest.param("mosquitto", marks=pytest.mark.mosquitto)])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Network]:
    """Each kind of network in turn."""
    with contextlib.ExitStack() as closing:
        if request.param == "virtual":
            yield VirtualNetwork(closing)
        else:
            server = closing.enter_context(make_broker(request.param, tmp_path / "broker"))
            yield MqttNetwork(server, closing)
