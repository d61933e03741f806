"""``otziv audit``: proving that nobody changed the log of who did what."""

from __future__ import annotations

from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json

app = typer.Typer(help="The log of who did what, when.", no_args_is_help=True)


@app.command("verify")
def verify(
    *,
    head: Annotated[
        str, typer.Option("--head", help="NUMBER:HASH as it was noted elsewhere before.")
    ] = "",
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Prove the whole log; status 1 where an entry was changed, is missing or was put in."""
    from otziv.backup.afterwards import open_portal_of
    from otziv.installation import open_installation
    from portal.audit.heads import FILE, given_head, keep_head, read_heads
    from portal.audit.verify import verify as prove

    installation = open_installation(data)
    path = installation.portal_files / FILE
    with open_portal_of(installation) as portal:
        heads = {**read_heads(path, portal.keys), **given_head(head)}
        found = prove(portal.database, heads)
        if found.is_whole and found.entries and found.entries not in heads:
            keep_head(path, portal.keys, found.entries, found.head)
    if as_json:
        print_json(
            {
                "whole": found.is_whole,
                "entries": found.entries,
                "head": f"{found.entries}:{found.head}",
                "known_heads": len(heads),
                "broken_at": found.broken_at,
                "reason": found.reason,
            }
        )
    elif found.is_whole:
        typer.echo(f"audit log: {found.entries} entries, all as they were written")
        typer.echo(f"head       {found.entries}:{found.head}")
    else:
        typer.echo(f"audit log: {found.reason}; {found.entries} entries before it are good")
    raise typer.Exit(0 if found.is_whole else 1)
