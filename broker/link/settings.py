"""What a link over MQTT needs to know; a wrong setting is refused before anything connects."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from broker.link.link import LinkError, Will, check_subscriptions
from broker.link.matching import is_topic


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """Where to connect, as whom, and to hear what.

    Attributes:
        host: name or address of the broker.
        port: its MQTT port.
        client_id: ours; a second client with it takes the session over.
        subscriptions: filters with their QoS (0 or 1), renewed at each connection.
        is_persistent: whether the broker keeps our session, and messages for it, while we are
            away.
        keep_alive_s: how long silence may last; a dead connection is found in twice the time.
            Never 0: it would never be found.
        will: what the broker says when we vanish; ``online`` is said at its topic while we live.
        tls: how to encrypt and to prove who we are; ``None`` for plain TCP.
        timeout_s: how long each step of connecting may take.
        max_unsent_bytes: what may wait for the network and for the broker's acknowledgement.
        most_wait_s: between two attempts, except after a takeover.
    """

    host: str
    port: int
    client_id: str
    subscriptions: tuple[tuple[str, int], ...] = ()
    is_persistent: bool = False
    keep_alive_s: int = 60
    will: Will | None = None
    tls: ssl.SSLContext | None = None
    timeout_s: float = 5.0
    max_unsent_bytes: int = 16 * 1024 * 1024
    most_wait_s: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what could never work."""
        if not self.host or not self.client_id or not 0 < self.port < 65536:
            raise LinkError("a link needs a host, a port from 1 to 65535 and a client id")
        if not 0 < self.keep_alive_s < 65536:
            raise LinkError(f"keep_alive_s must be 1 to 65535, not {self.keep_alive_s}")
        if self.will is not None and not is_topic(self.will.topic):
            raise LinkError(f"nothing can be published to {self.will.topic!r}, so no will either")
        check_subscriptions(self.subscriptions)
