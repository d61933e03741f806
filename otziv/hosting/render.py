"""Configurations of a proxy and of a service, made of the installation's settings."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from otziv.installation import Installation, InstallationError

HTTPS: Final = 443
_HERE: Final = Path(__file__).parent
_GAP: Final = re.compile(r"@([a-z_]+)@")
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9_./:@%+=,-]+")


@dataclass(frozen=True, slots=True)
class Hosting:
    """What proxies are told.

    Attributes:
        portal: how browsers reach it.
        dashboard: how browsers reach it, by a host name of its own.
        portal_at: where it listens.
        dashboard_at: where the gate listens.
    """

    portal: SplitResult
    dashboard: SplitResult
    portal_at: str
    dashboard_at: str


def hosting_of(installation: Installation) -> Hosting:
    """What the settings say of it.

    Raises:
        InstallationError: addresses are missing, are not https, or share a host name; or a port is
            left open.
    """
    settings = installation.settings
    portal, dashboard = urlsplit(settings.portal_url), urlsplit(settings.dashboard_url)
    for name, parts in (("portal_url", portal), ("dashboard_url", dashboard)):
        if parts.scheme != "https" or not parts.hostname:
            raise InstallationError(
                f"{name} is {parts.geturl()!r}: set how browsers reach it, as https://HOST"
            )
    if portal.hostname == dashboard.hostname:
        raise InstallationError(
            f"portal_url and dashboard_url are both at {portal.hostname}: give the dashboard a "
            "host name of its own, so that neither can read the other's cookies"
        )
    ports = {"portal_port": settings.portal_port, "dashboard_port": settings.dashboard_port}
    if not all(ports.values()):
        raise InstallationError("portal_port and dashboard_port are 0: a proxy has to know them")
    portal_at, dashboard_at = (_host_port(settings.portal_listen, each) for each in ports.values())
    return Hosting(portal, dashboard, portal_at, dashboard_at)


def nginx(hosting: Hosting, certificate: Path, key: Path) -> str:
    """A configuration for nginx: both host names, TLS, websockets, limits.

    Args:
        hosting: addresses.
        certificate: file of a certificate for both names, with its chain.
        key: file of its key.
    """
    ports = sorted({_port(hosting.portal), _port(hosting.dashboard)})
    names = f"{hosting.portal.hostname} {hosting.dashboard.hostname}"
    return _filled(
        "nginx.conf",
        quiet=_QUIET,
        tls=_CERTIFICATE.format(_word(certificate), _word(key)) + _TLS,
        proxied=_PROXIED,
        portal_at=hosting.portal_at,
        dashboard_at=hosting.dashboard_at,
        portal_name=hosting.portal.hostname or "",
        dashboard_name=hosting.dashboard.hostname or "",
        portal_port=str(_port(hosting.portal)),
        dashboard_port=str(_port(hosting.dashboard)),
        plain=_PLAIN.replace("@names@", names) if HTTPS in ports else "",
        strangers="".join(_STRANGERS.replace("@port@", str(port)) for port in ports),
    )


def caddy(hosting: Hosting, certificate: Path | None = None, key: Path | None = None) -> str:
    """A configuration for Caddy.

    Args:
        hosting: addresses.
        certificate: file of a certificate for both names; without it Caddy gets its own (ACME).
        key: file of its key.
    """
    has_own = certificate is not None and key is not None
    ports = {_port(hosting.portal), _port(hosting.dashboard)}
    return _filled(
        "Caddyfile",
        # With other ports than the usual, nothing listens on port 80.
        plain=_caddy_plain(hosting) if HTTPS in ports else "",
        tls=f"\ttls {_word(certificate)} {_word(key)}\n" if has_own else "",
        portal_url=hosting.portal.geturl(),
        dashboard_url=hosting.dashboard.geturl(),
        portal_at=hosting.portal_at,
        dashboard_at=hosting.dashboard_at,
    )


def service(data: Path, command: Path, user: str, backups: Path | None = None) -> str:
    """A systemd unit for ``otziv serve``.

    Args:
        data: folder of the installation.
        command: the program ``otziv``.
        user: who runs it, and owns the folder.
        backups: folder on another disk, if there is one; it may be away for a while.
    """
    is_state = data.parent == Path("/var/lib")
    state = f"StateDirectory={data.name}\nStateDirectoryMode=0700\n" if is_state else ""
    is_at_home = any(
        path.is_relative_to(home)
        for path in (data, command)
        for home in ("/home", "/root", "/run/user")
    )
    return _filled(
        "otziv.service",
        command=_unit_word(command),
        data=_unit_word(data),
        user=user,
        state=state,
        backups=f" -{_unit_word(backups)}" if backups is not None else "",
        protect_home="no" if is_at_home else "yes",
    )


def _filled(template: str, **values: str) -> str:
    """A template with its gaps filled; other words between @ signs stay (systemd's and Caddy's)."""

    def fill(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    return _GAP.sub(fill, (_HERE / template).read_text(encoding="utf-8"))


def _word(path: Path | None) -> str:
    """A path as one word of a proxy's configuration."""
    text = str(path)
    if _PLAIN_WORD.fullmatch(text):
        return text
    if '"' in text or "\\" in text or "\n" in text or "$" in text or "{" in text:
        raise InstallationError(f"{text!r} can't stand in a configuration: name it otherwise")
    return f'"{text}"'


def _unit_word(path: Path) -> str:
    """A path as one word of a unit; systemd reads % and quotes in its own way."""
    text = str(path)
    if not _PLAIN_WORD.fullmatch(text) or "%" in text:
        raise InstallationError(
            f"{shlex.quote(text)} can't stand in a unit: use a path of letters, digits, . _ - and /"
        )
    return text


def _port(parts: SplitResult) -> int:
    return parts.port or HTTPS


def _host_port(listen: str, port: int) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(listen, listen)  # noqa: S104  # is met here
    return f"[{host}]:{port}" if ":" in host and "[" not in host else f"{host}:{port}"


_QUIET: Final = """    access_log off;
    error_log stderr emerg;
    server_tokens off;
"""
"""Of every server: a log of requests is none of ours, nor is one of requests that failed.

nginx adds the visitor's address and the request line to what it says of a request, up to ``crit``
and ``alert``; it says nothing of one at ``emerg``. ``stderr`` is nginx's own log, once it runs.
"""

_CERTIFICATE: Final = """    ssl_certificate {};
    ssl_certificate_key {};
"""

_TLS: Final = """    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:otziv:10m;
    ssl_session_tickets off;
"""

_PROXIED: Final = """
    # What visitors say of where they come from is written over: nobody else is believed.
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 5s;
    proxy_read_timeout 60s;
    proxy_hide_header Strict-Transport-Security;
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
    limit_conn_status 429;
    limit_req_status 429;
"""

_PLAIN: Final = f"""
# Other names are told nothing here, either, unless a site beside it is the default server.
server {{
    listen 80;
    listen [::]:80;
    server_name strangers.invalid;
{_QUIET}
    return 444;
}}

# Whoever forgot the s is sent on; only the proof of a certificate's renewal is answered here.
server {{
    listen 80;
    listen [::]:80;
    server_name @names@;
{_QUIET}
    location /.well-known/acme-challenge/ {{
        root /var/www/html;
    }}
    location / {{
        return 301 https://$host$request_uri;
    }}
}}
"""

# First in the file, and so the default server where no other file has one: to say "default_server"
# would keep nginx from starting where another site says so, too.
_STRANGERS: Final = f"""server {{
    listen @port@ ssl;
    listen [::]:@port@ ssl;
    server_name strangers.invalid;
{_QUIET}{_TLS}    ssl_reject_handshake on;
}}
"""

# Caddy's own redirection answers whatever name somebody asks for.
_REDIRECTION: Final = """http://{} {{
\tredir {}{{uri}} permanent
}}

"""


def _caddy_plain(hosting: Hosting) -> str:
    """What Caddy does on port 80."""
    both = "".join(
        _REDIRECTION.format(each.hostname, each.geturl())
        for each in (hosting.portal, hosting.dashboard)
    )
    why = "# Whoever forgot the s is sent on; other names are told nothing."
    return f"\n{why}\n{both}http:// {{\n\tabort\n}}\n"
