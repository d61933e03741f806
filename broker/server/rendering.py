"""Writing the configuration of a secure broker that the system runs, and not we."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from broker.files import write_whole
from broker.server import mosquitto_secure
from broker.server.mosquitto import Mosquitto
from broker.server.nats import ACK_WAIT_S, NatsServer
from broker.server.nats_secure import render as render_nats
from broker.server.rights import as_mosquitto
from broker.server.security import Security
from broker.server.server import BrokerServerError

Kind: TypeAlias = Literal["mosquitto", "nats"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written, and what to do with it.

    Attributes:
        files: the configuration first.
        install: what a person does to have the program.
        start: the command that runs the broker.
    """

    files: tuple[Path, ...]
    install: str
    start: str


def render_to(folder: Path, kind: Kind, port: int, security: Security, user: str) -> Rendered:
    """Write a broker's configuration to ``folder``; what the broker keeps goes there, too.

    Args:
        folder: made where it is missing.
        kind: which broker.
        port: for MQTT.
        security: certificates, lists, rights; the broker must be able to read those files.
        user: as whom it runs.

    Raises:
        BrokerServerError: a file can't be written, or ``security`` lacks something.
    """
    folder = folder.absolute()
    server = Mosquitto if kind == "mosquitto" else NatsServer
    texts = _texts(folder, kind, port, security, user)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, text in texts.items():
            write_whole(path, text.encode())  # for us only: NATS's holds the responder's password
    except OSError as error:
        raise BrokerServerError(f"the configuration can't be written: {error}") from error
    files = tuple(texts)
    return Rendered(files, server.install_with, f"{server.name} -c {files[0]}")


def _texts(folder: Path, kind: Kind, port: int, security: Security, user: str) -> dict[Path, str]:
    if kind == "nats":
        text = render_nats(security, port, store=folder / "jetstream", ack_wait_s=ACK_WAIT_S)
        return {folder / "nats-server.conf": text}
    acl = folder / "mosquitto.acl"
    text = mosquitto_secure.render(security, port, data=folder, acl=acl, user=user, log="stderr")
    return {folder / "mosquitto.conf": text, acl: as_mosquitto()}
