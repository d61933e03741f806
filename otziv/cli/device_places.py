"""``otziv device``: where devices stand, and the end of them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from otziv.cli.options import DEFAULT_DATA, Data, fail
from otziv.cli.place_options import now

app = typer.Typer(help="Where devices stand.", no_args_is_help=True)

DeviceName: TypeAlias = Annotated[str, typer.Argument(help="The device's name.")]


@app.command("move")
def move(
    name: DeviceName,
    touchpoint: Annotated[str | None, typer.Argument(help="Where it stands from now on.")] = None,
    *,
    drawer: Annotated[bool, typer.Option("--drawer", help="It stands nowhere.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Put a device at another touchpoint, or into the drawer."""
    from broker.fleet.device_places import move_device
    from broker.fleet.fleet_status import show_device
    from otziv.installation import open_installation

    if (touchpoint is None) != drawer:
        raise fail("name the touchpoint, or --drawer")
    with open_installation(data).store() as database:
        move_device(database, name, touchpoint, now=now())
        line, _ = show_device(database, name, now())
    if touchpoint is not None:
        typer.echo(f"device {name} stands at {touchpoint}")
        if line.standing in {"revoked", "expired"}:
            typer.echo(f"  its certificate is {line.standing}, so it is kept out; to let it in:")
            typer.echo(f"  otziv device enrol {name} --touchpoint {touchpoint}")
        return
    typer.echo(f"device {name} is in the drawer")
    typer.echo("  it asks nobody from when it hears of that; one that is off hears of it later")


@app.command("retire")
def retire(name: DeviceName, *, data: Data = DEFAULT_DATA) -> None:
    """Retire a device for good; what its outbox still holds is taken."""
    from broker.fleet.device_places import retire_device
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        day = retire_device(database, name, now=now())
    typer.echo(f"device {name} is retired from {day} on; its votes stay")
    typer.echo("  it asks nobody from when it hears of that; one that is off hears of it later")
    typer.echo(f"  when its outbox is empty: otziv device revoke {name} --why retired")
