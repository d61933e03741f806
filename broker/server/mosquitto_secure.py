"""Mosquitto's configuration for other machines: one listener, certificates, rights for each."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from broker.server.mosquitto_limits import as_text as limits_as_text
from broker.server.security import Security
from broker.server.server import BrokerServerError

_CIPHERS: Final = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
)
"""For TLS 1.2: ephemeral keys and authenticated encryption only. Our keys are on curves."""

_CONFIGURATION = """\
# Mosquitto for Otziv, 2.0.11 or newer. Written by Otziv; changes here are lost.

# The only listener: everybody comes this way, over TLS 1.2 or newer.
listener {port} {listen}
tls_version tlsv1.2
ciphers {ciphers}

# The broker's own certificate with its key, and the roots that it believes.
certfile {identity}
keyfile {identity}
cafile {trust}

# Nobody without a certificate of ours. Who is in these lists is barred: Otziv writes them anew at
# each revocation and has them read again (SIGHUP). Mosquitto bars nobody any more when it can't
# read them then, and only its log tells; so Otziv tries the door after each change.
require_certificate true
allow_anonymous false
crlfile {revoked}

# The certificate says who somebody is, the session included: whatever client id he gives, he gets
# his own. Devices are called site/device there, services by a word.
use_identity_as_username true
use_username_as_clientid true
acl_file {acl}

# Started by root it changes to this user.
user {user}

{limits}
# Silence is noticed: a client may be quiet for ten minutes, and not for ever.
max_keepalive 600
max_connections 20000

# Nothing about the broker itself is published.
sys_interval 0

set_tcp_nodelay true
log_dest {log}
log_type error
log_type warning
log_type notice
log_type information
connection_messages true
log_timestamp_format %Y-%m-%dT%H:%M:%S
"""


def render(security: Security, port: int, *, data: Path, acl: Path, user: str, log: str) -> str:
    """The configuration's text.

    Args:
        security: certificates and lists.
        port: of the one listener.
        data: the folder for what Mosquitto keeps; it must be there.
        acl: the file of rights, with what :func:`broker.server.rights.as_mosquitto` gives.
        user: whom Mosquitto becomes when root starts it.
        log: ``stderr``, ``syslog`` or another of its destinations.

    Raises:
        BrokerServerError: there is no file of revocation lists, so nobody could be barred.
    """
    if security.revoked is None:
        raise BrokerServerError(
            "Mosquitto needs a file of revocation lists to bar devices: say where it is"
        )
    return _CONFIGURATION.format(
        port=port,
        listen=security.listen,
        ciphers=_CIPHERS,
        identity=security.identity.absolute(),
        trust=security.trust.absolute(),
        revoked=security.revoked.absolute(),
        acl=acl,
        user=user,
        limits=limits_as_text(data),
        log=log,
    )
