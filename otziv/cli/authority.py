"""``otziv authority``: the keys that every certificate of the installation hangs on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json

if TYPE_CHECKING:
    from broker.fleet.authority import Authority

app = typer.Typer(help="The keys that all certificates hang on.", no_args_is_help=True)


@app.command("show")
def show(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """Show the authority, which is made where there is none."""
    authority = _open(data)
    said = {
        "folder": str(authority.vault.folder),
        "fingerprint": authority.fingerprint,
        "issuing_expires_at": authority.issuing_expires_at.isoformat(),
        "is_root_here": bool(authority.vault.kept("root")),
    }
    if as_json:
        print_json(said)
        return
    where = "here: carry it away" if said["is_root_here"] else "carried away"
    typer.echo(f"folder           {said['folder']}")
    typer.echo(f"fingerprint      {authority.fingerprint}")
    typer.echo(f"issues until     {authority.issuing_expires_at:%Y-%m-%d}")
    typer.echo(f"the root's key   {where}")


@app.command("change-issuing")
def change_issuing(*, data: Data = DEFAULT_DATA) -> None:
    """Go on with a new issuing key. What was issued before stays good until it ends."""
    authority = _open(data)
    authority.change_issuing(datetime.now(UTC))
    typer.echo(f"issues until {authority.issuing_expires_at:%Y-%m-%d}, with a new key")


@app.command("change-root")
def change_root(*, data: Data = DEFAULT_DATA) -> None:
    """Go on with a new root. Kiosks that know only an older one stay connected."""
    authority = _open(data)
    authority.change_root(datetime.now(UTC))
    typer.echo(f"the new root's fingerprint is {authority.fingerprint}")


def _open(data: Path) -> Authority:
    from otziv.installation import open_installation
    from otziv.protection import protection_of

    return protection_of(open_installation(data)).authority()
