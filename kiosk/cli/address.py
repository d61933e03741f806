"""Addresses as people type them."""

from __future__ import annotations

from typing import Final

from kiosk.cli.terminal import CommandError

MQTT_PORT: Final = 1883


def read_address(text: str) -> tuple[str, int]:
    """Split ``HOST:PORT``; without a port it is that of MQTT. IPv6 stands in brackets.

    Raises:
        CommandError: it is no such thing.
    """
    host, colon, port = text.strip().rpartition(":")
    if not colon or text.strip().endswith("]"):
        host, port = text.strip(), str(MQTT_PORT)
    host = host.removeprefix("[").removesuffix("]")
    is_port = port.isascii() and port.isdigit() and 0 < int(port) < 65_536
    if not host or not is_port or any(c.isspace() for c in host):
        raise CommandError(f"--broker {text!r} is no HOST:PORT, such as 10.0.0.5:{MQTT_PORT}")
    return host, int(port)
