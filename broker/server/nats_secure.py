"""NATS's configuration for other machines: MQTT over TLS, and our word about each client."""

from __future__ import annotations

import json
from pathlib import Path

from broker.server.process import LOOPBACK
from broker.server.security import Security
from broker.server.server import MAX_IN_FLIGHT, MAX_PACKET_BYTES, BrokerServerError

HEADROOM_BYTES = 64 * 1024
"""NATS counts its own headers and the topic into the limit."""

RESPONDER = "responder"
"""NATS's name for whoever answers its questions (:mod:`broker.fleet.callout`)."""

_CONFIGURATION = """\
# NATS for Otziv, 2.10 or newer. Written by Otziv; changes here are lost.
server_name: otziv
max_payload: {payload}
max_connections: 20000

# NATS's own protocol, for this machine only: nobody but the responder below is let in there.
listen: "{host}:{callout_port}"

# Sessions and messages. A killed NATS loses nothing of it; a power cut loses what was not synced,
# and is sent again, since receipts are missing.
jetstream {{
  store_dir: {store}
  sync_interval: "10s"
  max_memory_store: 64MB
  max_file_store: 4GB
}}

# Clients live in OTZIV. CALLOUT has one user: the responder, who hears the questions about
# clients and can do nothing but answer them. SYSTEM has nobody.
accounts {{
  OTZIV {{ jetstream: enabled }}
  CALLOUT {{
    users: [ {{
      user: {responder}, password: "{password}"
      permissions: {{ subscribe: ["$SYS.REQ.USER.AUTH"], publish: [], allow_responses: true }}
    }} ]
  }}
  SYSTEM {{}}
}}
system_account: SYSTEM

# About each client our responder is asked. It answers who he is and what he may, and whoever has
# no answer in time is not let in. NATS itself knows no revocation lists for clients.
authorization {{
  timeout: 3
  auth_callout {{ issuer: {issuer}, auth_users: [ {responder} ], account: CALLOUT }}
}}

# Everybody comes this way, over TLS 1.2 or newer, with a certificate of ours.
mqtt {{
  listen: {listen}
  tls {{
    cert_file: {identity}
    key_file: {identity}
    ca_file: {trust}
    verify: true
    min_version: "1.2"
    cipher_suites: [
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    ]
    timeout: 10
  }}
  # NATS redelivers after this time, whether or not the subscriber has been away meanwhile.
  ack_wait: "{ack_wait_s}s"
  max_ack_pending: {in_flight}
}}
"""


def render(security: Security, port: int, *, store: Path, ack_wait_s: int) -> str:
    """The configuration's text.

    Args:
        security: certificates, and how to ask our responder.
        port: for MQTT.
        store: the folder for what NATS keeps.
        ack_wait_s: after it unacknowledged messages come again.

    Raises:
        BrokerServerError: nobody is there to be asked, so nobody could be let in.
    """
    callout = security.callout
    if callout is None:
        raise BrokerServerError(
            "NATS asks about each client, and was not told whom: give it a callout"
        )
    return _CONFIGURATION.format(
        host=LOOPBACK,
        payload=MAX_PACKET_BYTES + HEADROOM_BYTES,
        callout_port=callout.port,
        responder=RESPONDER,
        password=callout.password,
        issuer=callout.issuer,
        store=_quoted(store),
        listen=json.dumps(f"{_bracketed(security.listen)}:{port}"),
        identity=_quoted(security.identity.absolute()),
        trust=_quoted(security.trust.absolute()),
        ack_wait_s=ack_wait_s,
        in_flight=MAX_IN_FLIGHT,
    )


def _quoted(path: Path) -> str:
    return json.dumps(str(path), ensure_ascii=False)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
