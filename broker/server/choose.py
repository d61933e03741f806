"""Which broker to run: the embedded one if its program runs here, else Mosquitto."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from broker.server.mosquitto import Mosquitto
from broker.server.nats import NatsServer
from broker.server.security import Security
from broker.server.server import BrokerServer, BrokerServerError

SERVERS: Final[dict[str, type[BrokerServer]]] = {"nats": NatsServer, "mosquitto": Mosquitto}
"""By the name that a person gives, in order of preference."""


def choose_server(
    data: Path, port: int = 0, name: str | None = None, security: Security | None = None
) -> BrokerServer:
    """The first broker that runs on this machine, or the one called ``name``; not started.

    With ``security`` it is for other machines, too.

    Raises:
        BrokerServerError: none does; the message says what to install.
    """
    missing: list[str] = []
    for kind in [SERVERS[name]] if name else SERVERS.values():
        lack = kind.what_is_missing()
        if lack is None:
            return kind(data, port, security)
        missing.append(lack)
    raise BrokerServerError("no MQTT broker to start:\n" + "\n".join(f"- {m}" for m in missing))
