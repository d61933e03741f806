"""``otziv broker``: configurations for a broker that the system runs, and whether it is tight."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json

app = typer.Typer(help="The MQTT broker: its configuration, and its door.", no_args_is_help=True)


class Kind(StrEnum):
    """The brokers that we know how to configure."""

    mosquitto = "mosquitto"
    nats = "nats"


@app.command("render")
def render(
    kind: Annotated[Kind, typer.Argument(help="Which broker.")],
    *,
    to: Annotated[Path, typer.Option("--to", help="Folder for it, and for what it keeps.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Write a configuration for a broker that the system runs, and tell how to start it."""
    import getpass

    from broker.server.rendering import render_to
    from otziv.installation import open_installation
    from otziv.protection import protect_broker, protection_of

    installation = open_installation(data, broker="external")
    security = protect_broker(installation, protection_of(installation))
    port, user = installation.settings.mqtt_port or 8883, getpass.getuser()
    written = render_to(to, kind.value, port, security, user)
    for path in written.files:
        typer.echo(f"written: {path}")
    typer.echo(f"if the program is not there: {written.install}")
    typer.echo(f"start it as the user {user}, who can read its certificates: {written.start}")
    typer.echo(f"then set in {installation.data / 'otziv.toml'}:")
    typer.echo(f'  broker = "external"\n  external_kind = "{kind.value}"')
    typer.echo("  broker_reload, broker_restart: commands for it; docs/broker.md tells more")
    typer.echo("and see whether strangers are kept out: otziv broker check")


@app.command("check")
def check(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """Try the door of the broker that runs now; status 1 when somebody is wrongly let in or out."""
    from dataclasses import asdict
    from datetime import UTC, datetime

    from broker.fleet.door_check import check_door
    from broker.fleet.knock import Door
    from otziv.installation import open_installation
    from otziv.protection import protection_of

    installation = open_installation(data)
    protection, running = protection_of(installation), installation.find_running()
    host = running.mqtt_host if running else installation.settings.mqtt_host
    port = running.mqtt_port if running else installation.settings.mqtt_port
    authority = protection.authority()
    with installation.store() as database:
        door = Door(host, port, protection.trust)
        findings = check_door(database, authority, door, datetime.now(UTC))
    if as_json:
        print_json([{**asdict(each), "is_right": each.is_right} for each in findings])
    for each in [] if as_json else findings:
        verdict = "right" if each.is_right else f"WRONG, should be {each.wanted}"
        typer.echo(f"{each.who}: {each.found} ({verdict})")
    if not all(each.is_right for each in findings):
        raise typer.Exit(1)
