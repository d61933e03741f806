"""Configurations of proxies and of the service: the programs themselves read them."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from otziv.hosting.render import caddy, hosting_of, nginx, service
from otziv.installation import Installation, InstallationError, open_installation

PORTAL, DASHBOARD = "feedback.example.bg", "dashboard.example.bg"
EXPOSURE = 20
"""Tenths, as systemd-analyze counts: 2.0."""


def installation(data: Path, port: int | None = None, **more: object) -> Installation:
    """An installation that is reached from outside."""
    behind = f":{port}" if port else ""
    urls = {
        "portal_url": f"https://{PORTAL}{behind}",
        "dashboard_url": f"https://{DASHBOARD}{behind}",
    }
    return open_installation(data, **(urls | more))


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for both names, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "otziv")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(PORTAL), x509.DNSName(DASHBOARD)]),
            critical=False,
        )
        .sign(key, SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def run(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """A program to its end."""
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", "HOME": str(home)}
    environment |= {"XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    return subprocess.run(
        words, capture_output=True, text=True, check=False, env=environment, timeout=60
    )


def nginx_around(site: Path, folder: Path) -> Path:
    """A whole configuration that has ``site`` in it, for nginx without any rights."""
    whole = folder / "nginx.conf"
    places = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off;\npid {folder / 'nginx.pid'};\nerror_log stderr;\n"
        f"events {{}}\nhttp {{\n{places}include {site};\n}}\n"
    )
    return whole


@pytest.mark.parametrize("port", [None, 8444])
def test_nginx_takes_it(tmp_path: Path, port: int | None) -> None:
    """``nginx -t``: no unknown word, and the certificate is found."""
    site = tmp_path / "otziv.conf"
    site.write_text(
        nginx(hosting_of(installation(tmp_path / "data", port)), *certificate(tmp_path))
    )
    tried = run("nginx", "-t", "-c", nginx_around(site, tmp_path), home=tmp_path)
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr


@pytest.mark.parametrize("port", [None, 8444])
@pytest.mark.parametrize("has_own", [True, False])
def test_caddy_takes_it(tmp_path: Path, port: int | None, has_own: bool) -> None:
    """``caddy validate``, with its own certificates and with ours."""
    own = certificate(tmp_path) if has_own else ()
    file = tmp_path / "Caddyfile"
    file.write_text(caddy(hosting_of(installation(tmp_path / "data", port)), *own))
    tried = run("caddy", "validate", "--adapter", "caddyfile", "--config", file, home=tmp_path)
    assert tried.returncode == 0, tried.stderr


@pytest.mark.parametrize("data", ["/var/lib/otziv", "/srv/otziv/data", "/root/otziv"])
def test_systemd_takes_it_and_it_is_hardly_exposed(tmp_path: Path, data: str) -> None:
    """``verify`` finds nothing to say, ``security`` counts 2.0 at most, of 10."""
    unit = tmp_path / "otziv.service"
    program = Path(shutil.which("true") or "")
    unit.write_text(service(Path(data), program, "root", Path("/mnt/backups")))
    assert f"ReadWritePaths={data} -/mnt/backups\n" in unit.read_text()
    read = run("systemd-analyze", "--no-pager", "verify", "--man=no", unit, home=tmp_path)
    assert (read.returncode, read.stderr) == (0, "")
    text = unit.read_text().replace("User=root", "User=otziv")
    unit.write_text(text)
    words = ("systemd-analyze", "--no-pager", "security", "--offline=true")
    found = run(*words, f"--threshold={EXPOSURE}", unit, home=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"portal_url": ""}, "portal_url"),
        ({"dashboard_url": "http://dashboard.example.bg"}, "dashboard_url"),
        ({"dashboard_url": f"https://{PORTAL}:8443"}, "host name of its own"),
        ({"portal_port": 0}, "portal_port"),
    ],
)
def test_what_no_proxy_can_be_made_of_is_told(
    tmp_path: Path, settings: dict[str, object], told: str
) -> None:
    """With what to do."""
    with pytest.raises(InstallationError, match=told):
        hosting_of(installation(tmp_path / "data", None, **settings))


@pytest.mark.parametrize("name", ["a b", "a%b", 'a"b', "a\nb"])
def test_a_strange_path_is_refused_in_a_unit(name: str) -> None:
    """Systemd would read it otherwise than we do."""
    with pytest.raises(InstallationError, match="can't stand in a unit"):
        service(Path("/var/lib") / name, Path("/usr/bin/otziv"), "otziv")


@pytest.mark.parametrize("name", ['a"b', "a{b}", "a$b", "a\\b"])
def test_a_strange_path_is_refused_in_a_proxy(tmp_path: Path, name: str) -> None:
    """So would they; a space they can be told of."""
    hosting = hosting_of(installation(tmp_path / "data"))
    with pytest.raises(InstallationError, match="can't stand in a configuration"):
        nginx(hosting, Path("/etc") / name, Path("/etc/key"))
    assert '"/etc/a b"' in nginx(hosting, Path("/etc/a b"), Path("/etc/key"))
