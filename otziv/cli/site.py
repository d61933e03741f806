"""``otziv site``: municipalities whose ratings this installation holds; usually one."""

from __future__ import annotations

from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json
from otziv.cli.place import rename_place
from otziv.cli.place_options import Kind

app = typer.Typer(help="Municipalities in this installation; usually one.", no_args_is_help=True)


@app.command("add")
def add(
    code: Annotated[str, typer.Argument(help="Its code: small Latin letters, digits, hyphens.")],
    *,
    name: Annotated[str | None, typer.Option("--name", help="What people call it.")] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="Where its days begin and end.")
    ] = "Europe/Sofia",
    data: Data = DEFAULT_DATA,
) -> None:
    """Register one more municipality; that of the settings is registered by itself."""
    from broker.store.registry import add_site
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        is_new = add_site(database, code, name=name, timezone=timezone)
    typer.echo(f"site {code}: {'added' if is_new else 'was there already'}")


@app.command("list")
def list_all(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List the sites."""
    from broker.store.registry import list_sites
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = list_sites(database)
    if as_json:
        print_json([each.model_dump() for each in found])
        return
    for each in found:
        typer.echo(f"{each.code}  {each.name}  {each.timezone}")


@app.command("rename")
def rename(
    code: Annotated[str, typer.Argument(help="The site's code.")],
    name: Annotated[str, typer.Argument(help="What people call it from now on.")],
    *,
    data: Data = DEFAULT_DATA,
) -> None:
    """Give a municipality another name; its code stays."""
    rename_place(data, Kind.site, code, name)
