"""What proxies write down of visitors: nothing, whatever befalls. With the real programs."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from broker.server.process import free_port, popen_bound
from otziv.hosting.render import caddy, hosting_of, nginx
from otziv.installation import Installation, open_installation
from tests.otziv.test_hosting import DASHBOARD, PORTAL, certificate, nginx_around, run
from tests.system.serving import wait_for

SECRET = "s3cretLinkOfSomebody"  # stands for what is in a one-time link
VISITOR = "127.0.0.7"
TIMES = 8


def town(folder: Path, port: int) -> Installation:
    """One whose portal does not answer: nothing listens there."""
    told = {
        "portal_port": free_port(),
        "dashboard_port": free_port(),
        "portal_url": f"https://{PORTAL}:{port}",
        "dashboard_url": f"https://{DASHBOARD}:{port}",
    }
    return open_installation(folder / "data", **told)


@contextmanager
def serving(words: list[str | Path], folder: Path, port: int) -> Iterator[Path]:
    """A proxy that listens; the file with all that it says."""
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", "HOME": str(folder)}
    environment |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    said = folder / "said.log"
    with said.open("wb") as log:
        child = popen_bound(
            [str(word) for word in words], stdout=log, stderr=subprocess.STDOUT, env=environment
        )
    try:
        wait_for(lambda: child.poll() is not None or listens(port))
        assert child.poll() is None, said.read_text()
        yield said
    finally:
        child.terminate()
        child.wait(20)


def listens(port: int) -> bool:
    """Whether somebody does."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


class Visit(HTTPSConnection):
    """A visitor's connection to a host name that is this machine, whatever its certificate."""

    def __init__(self, name: str, port: int) -> None:
        """Not connected yet."""
        self.trust = ssl.create_default_context()
        self.trust.check_hostname, self.trust.verify_mode = False, ssl.CERT_NONE
        super().__init__(name, port, timeout=20)

    def connect(self) -> None:
        """To this machine, from an address that is nobody else's."""
        plain = socket.create_connection(("127.0.0.1", self.port), 20, (VISITOR, 0))
        try:
            self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)
        except ssl.SSLError:
            plain.close()
            raise

    def status(self, path: str, method: str = "GET", body: bytes | None = None) -> int:
        """Of one answer; the connection is over then."""
        with closing(self):
            self.request(method, path, body)
            answer = self.getresponse()
            answer.read()
            return answer.status


def visits(port: int) -> set[int]:
    """Whatever a proxy might complain of; the statuses it answers with."""
    found = {Visit(PORTAL, port).status(f"/a/{SECRET}") for _ in range(TIMES)}
    for name, size in ((PORTAL, 0), (DASHBOARD, 2_000)):
        found.add(Visit(name, port).status(f"/{SECRET}", "POST", b"x" * size))
    for odd in (f"/{SECRET}/%00", f"/../../{SECRET}"):
        found.add(Visit(PORTAL, port).status(odd))
    with pytest.raises(ssl.SSLError):
        Visit(f"{SECRET.lower()}.example.bg", port).status("/")
    return found


def test_nginx_writes_nothing_of_visitors(tmp_path: Path) -> None:
    """No answer from behind, too many requests, too long ones, odd ones, by an unknown name."""
    port = free_port()
    site = tmp_path / "otziv.conf"
    text = nginx(hosting_of(town(tmp_path, port)), *certificate(tmp_path))
    site.write_text(text.replace("rate=30r/s", "rate=1r/s").replace("burst=120", "burst=2"))
    whole = nginx_around(site, tmp_path)
    log = tmp_path / "error.log"
    whole.write_text(whole.read_text().replace("error_log stderr", f"error_log {log} info"))
    with serving(["nginx", "-c", whole], tmp_path, port) as said:
        assert visits(port) >= {502, 429, 413, 400}
        assert SECRET not in said.read_text() + log.read_text()
        assert VISITOR not in said.read_text() + log.read_text()
        assert "start worker process" in log.read_text()


def test_caddy_writes_nothing_of_visitors(tmp_path: Path) -> None:
    """The same; it has no limit of requests."""
    port = free_port()
    file = tmp_path / "Caddyfile"
    text = caddy(hosting_of(town(tmp_path, port)), *certificate(tmp_path))
    file.write_text(text.replace("{\n", "{\n\tadmin off\n", 1))
    words: list[str | Path] = ["caddy", "run", "--adapter", "caddyfile", "--config", file]
    with serving(words, tmp_path, port) as said:
        assert 502 in visits(port)
        assert "serving initial configuration" in said.read_text()
        assert SECRET not in said.read_text()
        assert VISITOR not in said.read_text()


def test_nginx_leaves_other_sites_as_they_are(tmp_path: Path) -> None:
    """Their log, their certificate, their headers, and which of them is the default server."""
    port = free_port()
    site, beside, log = (tmp_path / name for name in ("otziv.conf", "beside.conf", "access.log"))
    cert, key = certificate(tmp_path)
    site.write_text(nginx(hosting_of(town(tmp_path, port)), cert, key))
    own = tmp_path / "own"
    own.mkdir()
    own_cert, own_key = certificate(own)
    beside.write_text(
        f"access_log {log};\nserver {{\n    listen {port} ssl default_server;\n"
        f"    server_name other.example.bg;\n    ssl_certificate {own_cert};\n"
        f"    ssl_certificate_key {own_key};\n    return 200 other;\n}}\n"
    )
    whole = nginx_around(site, tmp_path)
    whole.write_text(whole.read_text().replace("include", f"include {beside};\ninclude"))
    tried = run("nginx", "-t", "-c", whole, home=tmp_path)
    assert tried.returncode == 0, tried.stderr
    with serving(["nginx", "-c", whole], tmp_path, port):
        with closing(Visit("other.example.bg", port)) as visit:
            visit.connect()
            shown = visit.sock.getpeercert(binary_form=True)
            assert shown == ssl.PEM_cert_to_DER_cert(own_cert.read_text())
            visit.request("GET", "/theirs")
            answer = visit.getresponse()
            assert answer.read() == b"other"
            assert answer.headers["Strict-Transport-Security"] is None
        assert Visit(PORTAL, port).status(f"/a/{SECRET}") == 502
    assert "/theirs" in log.read_text()
    assert SECRET not in log.read_text()
