"""``otziv privacy``: what is kept of whom, and erasing somebody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json

app = typer.Typer(help="What is kept of whom, and erasing somebody.", no_args_is_help=True)


@app.command("report")
def report(
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Tables without anybody's data, too.")
    ] = False,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Tell of every table: rows, the oldest, what is due, whose data, why, how long."""
    from dataclasses import asdict

    from otziv.backup.afterwards import open_portal_of
    from otziv.installation import open_installation
    from portal.upkeep.report import report as read_report
    from portal.upkeep.upkeep import times_of

    with open_portal_of(open_installation(data)) as portal:
        times = times_of(portal, datetime.now(UTC))
        lines = read_report(portal.database, portal.feedback, times)
    if as_json:
        print_json([asdict(line) for line in lines])
        return
    for line in lines:
        if not (line.personal or every):
            continue
        since = f", the oldest of {line.oldest}" if line.oldest else ""
        typer.echo(f"{line.store}.{line.table}: {line.rows} rows{since}, {line.due} due")
        typer.echo(f"    {line.purpose}; of {line.personal or 'nobody'}")
        typer.echo(f"    kept: {line.how_long}" + (f"; {line.ground}" if line.ground else ""))


@app.command("erase")
def erase(
    *,
    party: Annotated[str, typer.Option("--party", help="Id of the person.")] = "",
    from_list: Annotated[
        Path | None, typer.Option("--list", help="List of erasures, after a restore.")
    ] = None,
    because: Annotated[
        str, typer.Option("--because", help="A code for the audit log: request, retention …")
    ] = "request",
    data: Data = DEFAULT_DATA,
) -> None:
    """Erase a person: names, identifiers, addresses, account, mail. Nothing brings him back."""
    from otziv.backup.afterwards import erase_again, open_portal_of
    from otziv.backup.making import carry_erasures
    from otziv.installation import open_installation
    from portal.audit.log import CONSOLE
    from portal.upkeep.erasure import erase_person

    installation = open_installation(data)
    if from_list is not None:
        typer.echo(f"erased {erase_again(installation, from_list)} people again")
        return
    if not party:
        raise fail("say who with --party ID; the page of the person shows the id")
    with open_portal_of(installation) as portal:
        now = datetime.now(UTC)
        erased = erase_person(portal, party, because, actor=CONSOLE, now=now)
    backups = Path(installation.settings.backup_to or ".")
    if installation.settings.backup_to and backups.is_dir():
        carry_erasures(installation, backups)
    what = "erased" if erased.party else "was erased before"
    typer.echo(f"{party} {what}; accounts emptied: {erased.accounts}, mails: {erased.mails}")
    if not erased.is_overwritten:
        typer.echo("the database was being read: its files are cleaned with the next upkeep")
    days = installation.settings.backup_days
    typer.echo(f"backups made before now still hold it, until they are {days} days old")
