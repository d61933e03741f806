"""Trying the broker's door: who is let in is seen by knocking, and by nothing that a broker says.

One MQTT CONNECT over a socket of its own, which waits; for threads that may.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from broker.link.tls import client_context

Answer: TypeAlias = Literal["let in", "refused"]

_DISCONNECT: Final = b"\xe0\x00"
_KEEP_ALIVE_S: Final = 10
_CLEAN: Final = 0x02
_ACCEPTED: Final = b"\x20\x02"
"""How CONNACK begins; then come a flag, and 0 for "accepted"."""


class KnockError(Exception):
    """Nobody is there, or it is not our broker; nothing was learnt about who is let in."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a broker lets clients in.

    Attributes:
        host: its name or address; its certificate must be for it.
        port: for MQTT over TLS.
        trust: PEM file of the roots to believe.
    """

    host: str
    port: int
    trust: Path


def knock(
    door: Door,
    client_id: str,
    identity: Path | None,
    *,
    is_clean: bool = True,
    timeout_s: float = 5.0,
) -> Answer:
    """Connect, and leave at once where that is granted.

    Whoever is connected under ``client_id`` is out then: a broker has one client of a name, and
    the later comes instead of the earlier.

    Args:
        door: which broker.
        client_id: as whom.
        identity: PEM file with key and chain; ``None`` to show none.
        is_clean: end that client's kept session, too.
        timeout_s: for each step.

    Raises:
        KnockError: nobody answers, or somebody whom ``door.trust`` does not vouch for.
        IdentityError: a file can't be used.
    """
    context = client_context(door.trust, identity)
    try:
        with _reach(door, timeout_s) as plain:
            return _ask(context, plain, door.host, greeting(client_id, is_clean=is_clean))
    except ssl.SSLCertVerificationError as error:
        raise KnockError(
            f"{door.host}:{door.port} is not our broker: {error.verify_message}"
        ) from error
    except TimeoutError as error:
        raise KnockError(f"{door.host}:{door.port} does not answer") from error


def knock_plainly(door: Door, client_id: str, timeout_s: float = 5.0) -> Answer:
    """The same without TLS, as nobody should be let in.

    Raises:
        KnockError: nobody is there.
    """
    with _reach(door, timeout_s) as plain:
        try:
            return _greet(plain, greeting(client_id, is_clean=True))
        except OSError:  # also silence: a broker that waits for TLS waits on
            return "refused"


def greeting(client_id: str, *, is_clean: bool) -> bytes:
    """MQTT 3.1.1's CONNECT, without a will."""
    name = client_id.encode()
    flags = _CLEAN if is_clean else 0
    body = b"\x00\x04MQTT\x04" + bytes([flags]) + _KEEP_ALIVE_S.to_bytes(2, "big")
    body += len(name).to_bytes(2, "big") + name
    return b"\x10" + bytes([len(body)]) + body  # below 128 bytes: names have up to 63


def _reach(door: Door, timeout_s: float) -> socket.socket:
    try:
        return socket.create_connection((door.host, door.port), timeout_s)
    except OSError as error:
        raise KnockError(f"nobody answers at {door.host}:{door.port}: {error}") from error


def _ask(context: ssl.SSLContext, plain: socket.socket, host: str, greeting: bytes) -> Answer:
    """Shake hands and greet.

    With TLS 1.3 the refusal comes after our half of the handshake, with 1.2 within it; a broker
    that hangs up can also be faster than its own words.
    """
    try:
        with context.wrap_socket(plain, server_hostname=host) as secure:
            return _greet(secure, greeting)
    except (ssl.SSLCertVerificationError, TimeoutError):
        raise
    except OSError:
        return "refused"


def _greet(connection: socket.socket, greeting: bytes) -> Answer:
    connection.sendall(greeting)
    answer = b""
    while len(answer) < 4 and (more := connection.recv(4 - len(answer))):
        answer += more
    if not answer.startswith(_ACCEPTED) or answer[-1:] != b"\0" or len(answer) < 4:
        return "refused"
    with contextlib.suppress(OSError):
        connection.sendall(_DISCONNECT)
    return "let in"
