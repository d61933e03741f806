"""``otziv serve``: all parts of an installation, until Ctrl-C."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Annotated, Final

import typer

from otziv.cli.options import DEFAULT_DATA, Data

if TYPE_CHECKING:
    from otziv.installation import Installation

LOOK_S: Final = 1.0


def serve(
    *,
    dashboard: Annotated[bool, typer.Option(help="Start the dashboard, too.")] = True,
    portal: Annotated[bool, typer.Option(help="Start the portal, too.")] = True,
    data: Data = DEFAULT_DATA,
) -> None:
    """Run broker, collector, fleet, portal and dashboard on this machine until Ctrl-C."""
    from otziv.cli.place_options import tell_if_unsent

    is_over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: is_over.set())

    from broker.notify import tell_ready
    from otziv.installation import open_installation
    from otziv.stack import Stack
    from otziv.upkeep import Upkeep

    installation = open_installation(data)
    is_secure = installation.settings.mqtt_tls
    parts = Stack(installation, is_secure=is_secure, has_dashboard=dashboard, has_portal=portal)
    with parts as stack, Upkeep(installation):
        where = stack.running
        over = "TLS, certificates on both sides" if is_secure else "this machine only"
        typer.echo(f"broker      {where.mqtt_host}:{where.mqtt_port}  (MQTT 3.1.1, {over})")
        if where.fleet_url:
            typer.echo(f"enrolment   {where.fleet_url}")
        tell_if_unsent(installation)
        tell_if_no_backup(installation)
        typer.echo(f"database    {installation.shown_database}")
        if where.portal_url:
            typer.echo(f"portal      {where.portal_url}")
        if where.dashboard_url:
            typer.echo(f"dashboard   {where.dashboard_url}")
        typer.echo(f"logs        {installation.logs}")
        if stack.moved:
            typer.echo(stack.moved, err=True)
        typer.echo("Ctrl-C ends it.")
        tell_ready()
        while not is_over.wait(LOOK_S):
            for name in stack.watch():
                typer.echo(f"{name} had ended, and was started again; see {installation.logs}")
    typer.echo("ended")


def tell_if_no_backup(installation: Installation) -> None:
    """Say so where backups are wanted, and none can be made."""
    from otziv.upkeep import backup_trouble

    if backup_trouble(installation.settings):
        typer.echo(
            "no backup is made: backup_to is set, and backup_passphrase is missing or too short",
            err=True,
        )
