"""Port 80 of a proxy: our two names are sent on to TLS, whoever comes by another learns nothing."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from broker.server.process import free_port
from otziv.hosting.render import caddy, hosting_of, nginx
from tests.otziv.test_hosting import DASHBOARD, PORTAL, certificate, installation, nginx_around
from tests.otziv.test_proxy_logs import serving


def answer(port: int, name: str) -> str:
    """What a browser that asks for ``name`` is told; empty: the connection was closed."""
    asked = f"GET /x?y=1 HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), 20) as link:
        link.sendall(asked.encode())
        said = b""
        try:
            while part := link.recv(4096):
                said += part
        except ConnectionResetError:
            pass
    return said.decode()


def check(port: int) -> None:
    """Both of ours, and two that are not."""
    for name in (PORTAL, DASHBOARD):
        told = answer(port, name)
        assert re.match(r"HTTP/1.1 301 ", told), told
        assert f"location: https://{name}/x?y=1" in told.lower()
    for name in ("evil.example", "127.0.0.1"):
        assert answer(port, name) == ""


def test_nginx_sends_on_nobody_else(tmp_path: Path) -> None:
    """The first server of a port is who answers unknown names."""
    plain, tls = free_port(), free_port()
    text = nginx(hosting_of(installation(tmp_path / "data")), *certificate(tmp_path))
    text = re.sub(r"(listen (?:\[::\]:)?)80;", rf"\g<1>{plain};", text)
    site = tmp_path / "otziv.conf"
    site.write_text(re.sub(r"(listen (?:\[::\]:)?)443 ssl", rf"\g<1>{tls} ssl", text))
    with serving(["nginx", "-c", nginx_around(site, tmp_path)], tmp_path, plain):
        check(plain)


def test_caddy_sends_on_nobody_else(tmp_path: Path) -> None:
    """Its own redirection would."""
    plain, tls = free_port(), free_port()
    text = caddy(hosting_of(installation(tmp_path / "data")), *certificate(tmp_path))
    file = tmp_path / "Caddyfile"
    ports = f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n"
    file.write_text(text.replace("{\n", ports, 1))
    with serving(["caddy", "run", "--adapter", "caddyfile", "--config", file], tmp_path, plain):
        check(plain)
