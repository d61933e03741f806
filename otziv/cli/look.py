"""``otziv look``: make the drawings and colours anew, for those who change them."""

from __future__ import annotations

from typing import Annotated

import typer


def look(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; status 1 if a file is stale.")
    ] = False,
) -> None:
    """Make the drawings (SVG), the kiosk's drawing data and the legends of posts.

    Needs a checkout of the project: an installed Otziv has the files already.
    """
    from otziv.look.generate import PROJECT, stale, write

    if not (PROJECT / "pyproject.toml").is_file():
        typer.echo(f"otziv: {PROJECT} is not a checkout of the project", err=True)
        raise typer.Exit(2)
    changed = stale() if check else write()
    for path in changed:
        typer.echo(f"{'stale' if check else 'made'}: {path}")
    if check and changed:
        raise typer.Exit(1)
