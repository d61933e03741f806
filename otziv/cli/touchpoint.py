"""``otziv touchpoint``: the points where a question is put."""

from __future__ import annotations

from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json

app = typer.Typer(help="The points where a question is put.", no_args_is_help=True)


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
    data: Data = DEFAULT_DATA,
) -> None:
    """Register a touchpoint; again with the same words changes nothing."""
    from broker.store.registry import add_touchpoint
    from otziv.installation import open_installation

    installation = open_installation(data)
    with installation.store() as database:
        where = site or installation.settings.site
        is_new = add_touchpoint(database, code, site=where, name=name, is_test=test)
    typer.echo(f"touchpoint {code} of {where}: {'added' if is_new else 'was there already'}")


@app.command("list")
def list_all(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List the touchpoints."""
    from broker.store.registry import list_touchpoints
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = list_touchpoints(database)
    if as_json:
        print_json([{**each.model_dump(exclude={"added_at"})} for each in found])
        return
    for each in found:
        mode = "  (test mode)" if each.is_test else ""
        typer.echo(f"{each.site}  {each.code}  {each.name}{mode}")
