"""``otziv privacy``: what is kept of whom, and erasing somebody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json, printable, tell_whose

if TYPE_CHECKING:
    from portal.web.portal import Portal

Kind: TypeAlias = Literal["party", "employee", "user"]

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

    installation = open_installation(data)
    tell_whose(installation)
    with open_portal_of(installation) as portal:
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
    employee: Annotated[
        str, typer.Option("--employee", help="Id of an employee who has left.")
    ] = "",
    user: Annotated[
        str, typer.Option("--user", help="Sign-in name of a colleague whose account is locked.")
    ] = "",
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
    from otziv.backup.folder import erasures_in
    from otziv.backup.making import carry_everywhere
    from otziv.installation import open_installation
    from portal.accounts.accounts import AccountError
    from portal.upkeep.erasure import FILE as ERASURES

    installation = open_installation(data)
    who = [(kind, name) for kind, name in _kinds(party, employee, user) if name]
    tell_whose(installation)
    if from_list is not None:
        typer.echo(f"erased {erase_again(installation, from_list)} people again")
        return
    if len(who) != 1:
        raise fail(
            "say who with --party ID, --employee ID or --user NAME; the page of a person or an "
            "employee shows the id"
        )
    try:
        with open_portal_of(installation) as portal:
            is_overwritten = _erase(portal, *who[0], because)
    except AccountError as error:
        raise fail(str(error)) from error
    for folder in carry_everywhere(installation):
        typer.echo(
            f"not in {folder}: backups were made there, and it is away or can't be written. Before "
            f"you restore one of them, put {installation.portal_files / ERASURES} beside it as "
            f"{erasures_in(folder, installation.settings.site).name}",
            err=True,
        )
    if not is_overwritten:
        typer.echo("the database was in use: its files are cleaned with the next upkeep")
    days = installation.settings.backup_days
    typer.echo(
        f"backups made before now still hold it; each is deleted when it is {days} days old and a "
        "newer one is there"
    )


def _kinds(party: str, employee: str, user: str) -> list[tuple[Kind, str]]:
    return [("party", party), ("employee", employee), ("user", user)]


def _erase(portal: Portal, kind: Kind, who: str, because: str) -> bool:
    """Erase somebody, and say so; whether the database's files hold nothing of it any more."""
    from portal.audit.log import CONSOLE
    from portal.upkeep.erasure import erase_person
    from portal.upkeep.staff_erasure import erase_employee, erase_user

    now = datetime.now(UTC)
    if kind == "party":
        person = erase_person(portal, who, because, actor=CONSOLE, now=now)
        what = "erased" if person.party else "was erased before"
        typer.echo(f"{who} {what}; accounts emptied: {person.accounts}, mails: {person.mails}")
        return person.is_overwritten
    verb = erase_employee if kind == "employee" else erase_user
    staff = verb(portal, who, because, actor=CONSOLE, now=now)
    typer.echo(f"{printable(who)} erased; accounts: {staff.accounts}, mails: {staff.mails}")
    return staff.is_overwritten
