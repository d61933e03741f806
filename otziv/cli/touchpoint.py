"""``otziv touchpoint``: the points where a question is put."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json
from otziv.cli.place import move_place, rename_place, retire_place
from otziv.cli.place_options import FromDay, Into, Kind, OnDay, day_of

app = typer.Typer(help="The points where a question is put.", no_args_is_help=True)

TouchpointCode: TypeAlias = Annotated[str, typer.Argument(help="The touchpoint's code.")]


class Switch(StrEnum):
    """Whether a touchpoint is tried out."""

    on = "on"
    off = "off"


@app.command("add")
def add(
    code: Annotated[str, typer.Argument(help="Its code: small Latin letters, digits, hyphens.")],
    *,
    test: Annotated[
        bool, typer.Option("--test", help="Test mode: its ratings are in no figure but its own.")
    ] = False,
    name: Annotated[str | None, typer.Option("--name", help="What people call it.")] = None,
    site: Annotated[
        str | None, typer.Option("--site", help="Its site; else that of the settings.")
    ] = None,
    into: Into = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Register a touchpoint; again with the same words changes nothing."""
    from broker.fleet.places import find_place
    from broker.store.registry import add_touchpoint
    from otziv.installation import open_installation

    installation = open_installation(data)
    with installation.store() as database:
        where = site or installation.settings.site
        is_new = add_touchpoint(database, code, site=where, name=name, is_test=test, location=into)
        with database.reading() as connection:
            retired_on = find_place(connection, code, "touchpoint").retired_on
    if retired_on is not None:
        raise fail(f"touchpoint {code} is retired from {retired_on} on: use another code")
    typer.echo(f"touchpoint {code} of {where}: {'added' if is_new else 'was there already'}")


@app.command("list")
def list_all(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List the touchpoints."""
    from broker.store.registry import list_touchpoints
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = list_touchpoints(database)
    if as_json:
        print_json([each.model_dump(mode="json", exclude={"added_at"}) for each in found])
        return
    for each in found:
        mode = "  (test mode)" if each.is_test else ""
        gone = f"  (retired from {each.retired_on} on)" if each.retired_on else ""
        typer.echo(f"{each.site}  {each.code}  {each.name}{mode}{gone}")


@app.command("rename")
def rename(
    code: TouchpointCode,
    name: Annotated[str, typer.Argument(help="What people call it from now on.")],
    *,
    data: Data = DEFAULT_DATA,
) -> None:
    """Give a touchpoint another name; its code stays."""
    rename_place(data, Kind.touchpoint, code, name)


@app.command("move")
def move(
    code: TouchpointCode, *, into: Into = None, from_: FromDay = None, data: Data = DEFAULT_DATA
) -> None:
    """Put a touchpoint into a location; figures of earlier days keep the place of those days."""
    move_place(data, Kind.touchpoint, code, into, day_of(from_))


@app.command("retire")
def retire(code: TouchpointCode, *, on: OnDay = None, data: Data = DEFAULT_DATA) -> None:
    """Retire a touchpoint at which no device stands; its figures stay."""
    retire_place(data, Kind.touchpoint, code, day_of(on))


@app.command("test")
def switch_test_mode(
    code: TouchpointCode,
    mode: Annotated[Switch, typer.Argument(help="Whether it is in test mode.")],
    *,
    data: Data = DEFAULT_DATA,
) -> None:
    """Switch test mode: its ratings are in no figure but its own."""
    from broker.fleet.places import set_test_mode
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        is_changed = set_test_mode(database, code, is_test=mode is Switch.on)
    typer.echo(f"touchpoint {code}: test mode {mode}{'' if is_changed else ', as before'}")
