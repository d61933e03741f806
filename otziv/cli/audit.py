"""``otziv audit``: proving that nobody changed the log of who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json, tell_whose

if TYPE_CHECKING:
    from pathlib import Path

    from portal.audit.verify import Verdict
    from portal.web.portal import Portal

app = typer.Typer(help="The log of who did what, when.", no_args_is_help=True)


@app.command("verify")
def verify(
    *,
    head: Annotated[
        str, typer.Option("--head", help="NUMBER:HASH as it was noted elsewhere before.")
    ] = "",
    begin_heads: Annotated[
        bool,
        typer.Option(
            "--begin-heads", help="The file of heads is gone, and nobody has a copy: begin another."
        ),
    ] = False,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Prove the whole log; status 1 where an entry was changed, is missing or was put in.

    And where what proves it was taken away: the file of heads, the database's own refusals.
    """
    from otziv.backup.afterwards import open_portal_of
    from otziv.installation import open_installation
    from portal.audit.heads import FILE, given_head, keep_head, read_heads
    from portal.audit.verify import verify as prove

    installation = open_installation(data)
    tell_whose(installation)
    with open_portal_of(installation) as portal:
        path = portal.settings.data / FILE
        kept = _begun(portal, path) if begin_heads else read_heads(path, portal.keys)
        heads = {**kept, **given_head(head)}
        found = prove(portal.database, heads)
        if kept and found.is_whole and found.entries not in kept:
            keep_head(path, portal.keys, found.entries, found.head)
    troubles = _troubles(found, None if kept else path)
    if as_json:
        print_json(
            {
                "whole": found.is_whole,
                "entries": found.entries,
                "head": f"{found.entries}:{found.head}",
                "known_heads": len(heads),
                "broken_at": found.broken_at,
                "reason": found.reason,
                "troubles": troubles,
            }
        )
    else:
        if found.is_whole:
            typer.echo(f"audit log: {found.entries} entries, each follows from the one before it")
            typer.echo(f"head       {found.entries}:{found.head}")
        for trouble in troubles:
            typer.echo(f"audit log: {trouble}")
    raise typer.Exit(1 if troubles else 0)


def _troubles(found: Verdict, missing: Path | None) -> list[str]:
    """All that speaks against the log, for people."""
    from portal.audit.heads import MISSING

    troubles = []
    if not found.is_whole:
        troubles.append(f"{found.reason}; {found.entries} entries before it are good")
    if missing is not None:
        troubles.append(
            f"whether its end was cut off, or all of it rewritten, nobody knows: {missing} is gone "
            f"or empty; {MISSING}"
        )
    if found.unguarded:
        troubles.append(
            f"the database no longer refuses changes: {found.unguarded} is gone or was changed; "
            "find out who has the database's rights, and restore a backup"
        )
    return troubles


def _begun(portal: Portal, path: Path) -> dict[int, str]:
    """Heads of a file that is begun where it was gone, and that it was, noted in the log."""
    from portal.audit.heads import begin_heads, read_heads
    from portal.audit.log import CONSOLE, note

    kept = read_heads(path, portal.keys)
    if kept:
        return kept
    with portal.database.transaction() as connection:
        note(connection, CONSOLE, "audit.heads-begun", "")
    begin_heads(path, portal.keys)
    return read_heads(path, portal.keys)
