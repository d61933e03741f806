"""``otziv look``: make the drawings and colours anew, ours or a municipality's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def look(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; status 1 if a file is stale.")
    ] = False,
    own: Annotated[
        Path | None,
        typer.Option(help="A municipality's own colours (look.toml) instead of the source."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="With --own: the folder for what is made of them.")
    ] = None,
) -> None:
    """Make the drawings, and the colours as kiosk, portal, dashboard and documents read them.

    Without --own it needs a checkout of the project: an installed Otziv has the files already.
    """
    if own is not None or output is not None:
        _make_own(own, output, is_checked_only=check)
        return
    from otziv.look.generate import PROJECT, stale, write

    if not (PROJECT / "pyproject.toml").is_file():
        typer.echo(f"otziv: {PROJECT} is not a checkout of the project", err=True)
        raise typer.Exit(2)
    changed = stale() if check else write()
    for path in changed:
        typer.echo(f"{'stale' if check else 'made'}: {path}")
    if check and changed:
        raise typer.Exit(1)


def _make_own(own: Path | None, output: Path | None, *, is_checked_only: bool) -> None:
    """Check a municipality's colours, and write what is made of them unless only asked."""
    from otziv.look.own import LookError, read_own, write_own

    try:
        if own is not None and output is not None and not is_checked_only:
            for path in write_own(own, output):
                typer.echo(f"made: {path}")
        elif own is not None and is_checked_only:
            read_own(own)
            typer.echo(f"{own} can be used")
        else:
            typer.echo("otziv: --own goes together with --output, or with --check", err=True)
            raise typer.Exit(2)
    except LookError as error:
        typer.echo(f"otziv: {error}", err=True)
        raise typer.Exit(2) from error
