"""Brokers to start and kill."""

from __future__ import annotations

from tests.fixtures.brokers import broker_server, mosquitto, nats_server

__all__ = ["broker_server", "mosquitto", "nats_server"]
