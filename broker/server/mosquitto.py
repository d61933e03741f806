"""Mosquitto, the usual municipal choice, from the path."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from broker.server.mosquitto_limits import as_text as limits_as_text
from broker.server.mosquitto_secure import render as render_secure
from broker.server.process import LOOPBACK
from broker.server.rights import as_mosquitto
from broker.server.server import BrokerServer, find_on_path

_CONFIGURATION = """\
# Written at each start; changes here are lost.
listener {port} {host}
# Nobody but this machine can reach it.
allow_anonymous true

# Otherwise, started by root, it changes its user: then it loses its binding to its parent.
user root

{limits}
set_tcp_nodelay true
sys_interval 0
log_dest stderr
log_type error
log_type warning
log_type notice
log_type information
connection_messages false
log_timestamp_format %Y-%m-%dT%H:%M:%S
"""


class Mosquitto(BrokerServer):
    """One Mosquitto process (2.0 or newer)."""

    name: ClassVar[str] = "mosquitto"
    install_with: ClassVar[str] = "install Mosquitto (Debian: apt install mosquitto)"
    reads_lists: ClassVar[bool] = True
    rereads_trust: ClassVar[bool] = False

    @classmethod
    def find_program(cls) -> Path | None:
        """On the path or where system programs are."""
        return find_on_path("mosquitto")

    @property
    def acl_path(self) -> Path:
        """The rights that were written at the last start, if it is secure."""
        return self.data / "mosquitto.acl"

    def render(self, port: int) -> str:
        """The configuration's text."""
        if self.security is not None:
            return render_secure(
                self.security, port, data=self.data, acl=self.acl_path, user="root", log="stderr"
            )
        return _CONFIGURATION.format(
            host=LOOPBACK,
            port=port,
            limits=limits_as_text(self.data),
        )

    def render_files(self, port: int) -> dict[Path, str]:
        """The configuration and, where it is secure, who may do what."""
        files = super().render_files(port)
        return files if self.security is None else {**files, self.acl_path: as_mosquitto()}
