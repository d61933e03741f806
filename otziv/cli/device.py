"""``otziv device``: the units that stand at touchpoints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from otziv.cli import device_config, device_identity, device_orders, device_places
from otziv.cli.options import DEFAULT_DATA, Data

app = typer.Typer(help="The units that stand at touchpoints.", no_args_is_help=True)
app.add_typer(device_identity.app)  # without a name: its commands are ours
app.add_typer(device_places.app)
app.add_typer(device_orders.app)
app.add_typer(device_config.app, name="config")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Its name: small Latin letters, digits, hyphens.")],
    *,
    touchpoint: Annotated[str, typer.Option("--touchpoint", help="Where it stands.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Register a device, and tell the topics that it talks on."""
    from broker.fleet.placing import register_device
    from broker.store.registry import list_devices
    from broker.wire.topics import topic
    from otziv.installation import open_installation

    installation = open_installation(data)
    with installation.store() as database:
        is_new = register_device(database, name, touchpoint, datetime.now(UTC))
        site = next(each.site for each in list_devices(database) if each.name == name)
    typer.echo(f"device {name} at {touchpoint}: {'added' if is_new else 'was there already'}")
    typer.echo(f"  sends its events to       {topic(site, name, 'events')}")
    typer.echo(f"  hears its receipts from   {topic(site, name, 'receipts')}")
    running = installation.find_running()
    if running is not None:
        typer.echo(f"  broker                    {running.mqtt_host}:{running.mqtt_port}")
