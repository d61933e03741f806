"""``otziv portal``: the web application for citizens and staff."""

from __future__ import annotations

import signal
import threading
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from otziv.cli.options import DEFAULT_DATA, Data, fail

LOOK_S: Final = 1.0

app = typer.Typer(help="The web application for citizens and staff.", no_args_is_help=True)


class Kind(StrEnum):
    """What we know how to configure."""

    nginx = "nginx"
    caddy = "caddy"
    systemd = "systemd"


CERTIFICATES: Final = Path("/etc/letsencrypt/live/otziv")
"""Where certbot puts them with ``--cert-name otziv``."""


@app.command("serve")
def serve(
    *,
    dashboard: Annotated[bool, typer.Option(help="Start the dashboard behind its gate.")] = True,
    data: Data = DEFAULT_DATA,
) -> None:
    """Run the portal alone on this machine until Ctrl-C."""
    is_over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: is_over.set())

    from otziv.installation import open_installation
    from otziv.portal_process import READY_S, gate_process, portal_process, portal_settings

    installation = open_installation(data)
    with installation.store():
        pass  # made or brought up to date, and the site is in it
    settings = portal_settings(installation, has_dashboard=dashboard)
    parts = [portal_process(installation, settings)]
    if settings.dashboard_url:
        parts.append(gate_process(installation, settings))
    try:
        for part in parts:
            part.start()
            part.wait_until_ready(READY_S)
        typer.echo(f"portal      {settings.public_url}")
        if dashboard:
            missing = "not started: set dashboard_url, a host name of its own"
            typer.echo(f"dashboard   {settings.dashboard_url or missing}")
        typer.echo(f"logs        {installation.logs}")
        typer.echo("Ctrl-C ends it.")
        while not is_over.wait(LOOK_S):
            for part in parts:
                part.check()
    finally:
        for part in reversed(parts):
            part.stop()
    typer.echo("ended")


@app.command("render")
def render(
    kind: Annotated[Kind, typer.Argument(help="Of what.")],
    *,
    to: Annotated[Path | None, typer.Option(help="The file to write; else it is printed.")] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="nginx, caddy: certificate for both names, with its chain.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="nginx, caddy: its key.")] = None,
    user: Annotated[str, typer.Option(help="systemd: who runs it, and owns the data.")] = "otziv",
    data: Data = DEFAULT_DATA,
) -> None:
    """Write a configuration of a proxy with TLS in front of us, or of a service of systemd."""
    from otziv.hosting.render import caddy, hosting_of, nginx, service
    from otziv.installation import Installation
    from otziv.settings import load_settings

    if (certificate is None) != (key is None):
        raise fail("--certificate and --key go together")
    # Nothing is made here: it may be called by who must not own the folder.
    installation = Installation(data.absolute(), load_settings(data.absolute()))
    if kind is Kind.systemd:
        backups = installation.settings.backup_to
        text = service(installation.data, _own_program(), user, Path(backups) if backups else None)
    elif kind is Kind.caddy:
        text = caddy(hosting_of(installation), certificate, key)
    else:
        text = nginx(
            hosting_of(installation),
            certificate or CERTIFICATES / "fullchain.pem",
            key or CERTIFICATES / "privkey.pem",
        )
    if to is None:
        typer.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise fail(f"{to}: {error.strerror}") from error
    typer.echo(f"written: {to}")


def _own_program() -> Path:
    """The program ``otziv`` of this environment."""
    import sys

    return Path(sys.executable).with_name("otziv")
