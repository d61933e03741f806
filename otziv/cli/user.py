"""``otziv user``: accounts; the first administrator is made here.

Of citizens' accounts only what needs no identity document: they are locked, unlocked, signed out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json, printable, tell_whose

if TYPE_CHECKING:
    from otziv.installation import Installation
    from portal.accounts.users import Invitation
    from portal.web.portal import Portal

app = typer.Typer(help="Colleagues who may sign in to the portal.", no_args_is_help=True)


class Role(StrEnum):
    """What somebody may."""

    clerk = "clerk"
    mayoralty_clerk = "mayoralty-clerk"
    head_of_unit = "head-of-unit"
    editor = "editor"
    manager = "manager"
    auditor = "auditor"
    administrator = "administrator"


Name = Annotated[str, typer.Argument(help="The sign-in name.")]
AnyName = Annotated[str, typer.Argument(help="The sign-in name, or a citizen's number.")]


@app.command("add")
def add(
    sign_in_name: Name,
    *,
    name: Annotated[str, typer.Option("--name", help="As others see it.")],
    role: Annotated[list[Role], typer.Option("--role", help="What he may; several times.")],
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help="Code of a unit that binds head-of-unit and manager."),
    ] = None,
    email: Annotated[str, typer.Option("--email", help="Where notices go.")] = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Make an account, and print the link with which its owner chooses a password."""
    from portal.accounts.users import NewUser, invite
    from portal.audit.log import CONSOLE
    from portal.web.actor import ROLES

    given = {each.value for each in role}
    roles = frozenset(each for each in ROLES if each in given)
    user = NewUser(sign_in_name, name, roles, frozenset(unit or ()), email)
    with _portal(data) as (installation, portal):
        invitation = invite(portal, CONSOLE, user)
    typer.echo(f"user {printable(sign_in_name)}: added")
    _print_link(installation, invitation)


@app.command("list")
def list_all(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List the accounts of the staff."""
    from portal.accounts.users import list_users

    with _portal(data) as (_, portal), portal.database.reading() as connection:
        found = [
            {
                "sign_in_name": user.sign_in_name,
                "name": user.name,
                "state": user.state,
                "roles": sorted(roles),
                "second_factor": user.totp_confirmed_at is not None,
                "signed_in_at": user.signed_in_at.isoformat() if user.signed_in_at else None,
            }
            for user, roles in list_users(connection)
        ]
    if as_json:
        print_json(found)
        return
    for each in found:
        words = (each["sign_in_name"], each["state"], ",".join(each["roles"]), each["name"])
        typer.echo(printable("  ".join(words)))


@app.command("lock")
def lock(sign_in_name: AnyName, *, data: Data = DEFAULT_DATA) -> None:
    """Let nobody in with an account any more; its sessions end at once."""
    from portal.accounts.users import find_user
    from portal.accounts.users import lock as lock_account
    from portal.audit.log import CONSOLE

    with _portal(data) as (_, portal):
        with portal.database.reading() as connection:
            account = find_user(connection, sign_in_name).id
        lock_account(portal, CONSOLE, account)
    typer.echo(f"user {printable(sign_in_name)}: locked")


@app.command("unlock")
def unlock(sign_in_name: AnyName, *, data: Data = DEFAULT_DATA) -> None:
    """Let an account be used again."""
    from portal.accounts.users import find_user
    from portal.accounts.users import unlock as unlock_account
    from portal.audit.log import CONSOLE

    with _portal(data) as (_, portal):
        with portal.database.reading() as connection:
            account = find_user(connection, sign_in_name).id
        unlock_account(portal, CONSOLE, account)
    typer.echo(f"user {printable(sign_in_name)}: unlocked")


@app.command("sign-out")
def sign_out(sign_in_name: AnyName, *, data: Data = DEFAULT_DATA) -> None:
    """End all sessions of an account."""
    from portal.accounts.users import end_sessions, find_user
    from portal.audit.log import CONSOLE

    with _portal(data) as (_, portal):
        with portal.database.reading() as connection:
            account = find_user(connection, sign_in_name).id
        ended = end_sessions(portal, CONSOLE, account)
    typer.echo(f"user {printable(sign_in_name)}: {ended} sessions ended")


@app.command("reset")
def reset(
    sign_in_name: Name,
    *,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Take a lost second factor away, too.")
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Print a new link for somebody who lost the password; the old one counts no more."""
    from portal.accounts.users import find_user, invite_again, remove_second_factor
    from portal.audit.log import CONSOLE

    with _portal(data) as (installation, portal):
        with portal.database.reading() as connection:
            account = find_user(connection, sign_in_name).id
        invitation = invite_again(portal, CONSOLE, account)
        if second_factor:
            remove_second_factor(portal, CONSOLE, account)
    typer.echo(f"user {printable(sign_in_name)}: the old password counts no more")
    _print_link(installation, invitation)


@contextmanager
def _portal(data: Path) -> Iterator[tuple[Installation, Portal]]:
    from otziv.backup.afterwards import open_portal_of
    from otziv.installation import open_installation
    from portal.accounts.accounts import AccountError

    installation = open_installation(data)
    tell_whose(installation)
    with open_portal_of(installation) as portal:
        try:
            yield installation, portal
        except AccountError as error:
            raise fail(str(error)) from error


def _print_link(installation: Installation, invitation: Invitation) -> None:
    settings = installation.settings
    running = installation.find_running()
    base = (running.portal_url if running is not None else "") or settings.portal_url
    base = base.rstrip("/") or f"http://127.0.0.1:{settings.portal_port}"
    typer.echo(f"link       {base}/welcome/{invitation.code}")
    typer.echo("It opens the account once, within 72 hours. Nobody can print it again.")
