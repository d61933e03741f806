"""``otziv device`` as far as identity goes: enrolling, revoking, replacing, and who tried."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json

if TYPE_CHECKING:
    from broker.fleet.device_list import Listed
    from broker.fleet.enrolments import Offered
    from otziv.installation import Installation

app = typer.Typer(help="The units that stand at touchpoints.", no_args_is_help=True)


@app.command("enrol")
def enrol(
    name: Annotated[str, typer.Argument(help="Its name: small Latin letters, digits, hyphens.")],
    *,
    touchpoint: Annotated[str, typer.Option("--touchpoint", help="Where it stands.")],
    png: Annotated[
        Path | None, typer.Option("--png", help="Also write the QR code as a picture here.")
    ] = None,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Print a one-time code for a device, which is registered where it is new."""
    offered = _give_code(_open(data), name, touchpoint)
    if png is not None:
        _draw(offered, png)
    if as_json:
        print_json(_offer(offered))
    else:
        _show_offer(offered)


@app.command("list")
def list_all(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List the devices, with where they stand and how their certificates do."""
    from broker.fleet.device_list import list_identities

    with _open(data).store() as database:
        found = list_identities(database, datetime.now(UTC))
    if as_json:
        print_json([_listed(each) for each in found])
        return
    for each in found:
        where = each.touchpoint or "–"
        typer.echo(f"{each.site}  {each.device}  at {where}  {_state(each)}")


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="The device.")],
    *,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show a device with all certificates that it ever had."""
    from broker.fleet.device_list import show_identity

    with _open(data).store() as database:
        listed, certificates = show_identity(database, name, datetime.now(UTC))
    if as_json:
        rows = [each.model_dump(mode="json", exclude={"pem"}) for each in certificates]
        print_json({**_listed(listed), "certificates": rows})
        return
    typer.echo(f"{listed.site}/{name}  at {listed.touchpoint or '–'}  {_state(listed)}")
    for each in certificates:
        valid = f"until {each.expires_at:%Y-%m-%d}"
        if each.revoked_at is not None:
            valid = f"revoked {each.revoked_at:%Y-%m-%d %H:%M} UTC: {each.revoked_why}"
        typer.echo(f"  {each.serial}  issued {each.issued_at:%Y-%m-%d %H:%M} UTC  {valid}")


@app.command("revoke")
def revoke(
    name: Annotated[str | None, typer.Argument(help="The device: all its certificates.")] = None,
    *,
    serial: Annotated[
        str | None, typer.Option("--serial", help="Only this certificate, of whomever.")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="For the records: stolen, sold, …")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Bar a device, or one certificate; a live connection ends, too."""
    from broker.fleet.certificates import revoke as revoke_serial
    from broker.fleet.certificates import revoke_device

    if (name is None) == (serial is None):
        raise fail("name a device, or a certificate with --serial, not both")
    now = datetime.now(UTC)
    with _open(data).store() as database:
        if serial is not None:
            found = revoke_serial(database, serial.lower(), why, now)
            typer.echo(f"revoked: certificate {serial} of {found.subject}")
            return
        serials = revoke_device(database, name or "", why, now)
    typer.echo(f"revoked: device {name}, {len(serials)} certificates, and its codes")


@app.command("replace")
def replace(
    old: Annotated[str, typer.Argument(help="The device that leaves.")],
    new: Annotated[str, typer.Argument(help="The device that takes over its touchpoint.")],
    *,
    png: Annotated[
        Path | None, typer.Option("--png", help="Also write the QR code as a picture here.")
    ] = None,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Let a new device take over a touchpoint, and print its code; the old one is barred."""
    from broker.fleet.replacement import replace as take_over

    installation = _open(data)
    with installation.store() as database:
        done = take_over(database, old, new, datetime.now(UTC))
    offered = _give_code(installation, new, done.touchpoint)
    if png is not None:
        _draw(offered, png)
    if as_json:
        print_json({**_offer(offered), "revoked": list(done.revoked)})
        return
    typer.echo(f"device {old} is in the drawer; {len(done.revoked)} certificates are revoked")
    _show_offer(offered)


@app.command("attempts")
def attempts(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, newest first.")] = 50,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show who tried to enrol or to rotate, and what became of it."""
    from broker.fleet.attempts import list_attempts

    with _open(data).store() as database:
        found = list_attempts(database, limit=limit)
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        what = each.device or (f"code {each.label}-…" if each.label else "–")
        typer.echo(f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {each.address}  {each.result}  {what}")


def _open(data: Path) -> Installation:
    from otziv.installation import open_installation

    return open_installation(data)


def _give_code(installation: Installation, name: str, touchpoint: str) -> Offered:
    from broker.fleet.enrolments import enrol as give_code
    from otziv.protection import protection_of, public_host

    running = installation.find_running()
    server = running.fleet_url if running is not None else None
    if server is None:  # it will be there
        server = f"https://{public_host(installation)}:{installation.settings.fleet_port}"
    authority = protection_of(installation).authority()
    with installation.store() as database:
        return give_code(database, authority, name, touchpoint, datetime.now(UTC), server=server)


def _draw(offered: Offered, path: Path) -> None:
    """Write the QR code as a picture that whoever holds a phone can read."""
    import segno

    try:
        path.touch(mode=0o600)  # whoever sees it can enrol
        segno.make(offered.code.photographed, error="m").save(
            str(path), kind="png", scale=8, border=4
        )
    except OSError as error:
        raise fail(f"{path} can't be written: {error.strerror}; the code stays good") from error


def _show_offer(offered: Offered) -> None:
    import segno

    ends_at = offered.expires_at
    typer.echo(f"Code for device {offered.device} at {offered.touchpoint}, for one use")
    typer.echo(f"until {ends_at:%Y-%m-%d %H:%M} UTC, dead after five wrong tries:\n")
    typer.echo(f"  {offered.code}\n")
    segno.make(offered.code.photographed, error="m").terminal(compact=True)
    typer.echo(f"\nOn the kiosk:  otziv kiosk enrol {offered.code} --server {offered.code.server}")


def _offer(offered: Offered) -> dict[str, Any]:
    return {
        "device": offered.device,
        "touchpoint": offered.touchpoint,
        "code": str(offered.code),
        "qr": offered.code.photographed,
        "server": offered.code.server,
        "expires_at": offered.expires_at.isoformat(),
    }


def _listed(listed: Listed) -> dict[str, Any]:
    return {
        "site": listed.site,
        "device": listed.device,
        "touchpoint": listed.touchpoint,
        "retired_on": listed.retired_on.isoformat() if listed.retired_on else None,
        "serial": listed.serial,
        "expires_at": listed.expires_at.isoformat() if listed.expires_at else None,
        "standing": listed.standing,
        "code_expires_at": listed.code_expires_at.isoformat() if listed.code_expires_at else None,
    }


def _state(listed: Listed) -> str:
    """How its newest certificate does, and whether a code waits for it, in words."""
    words = {"none": "not enrolled", "good": "enrolled"}
    said = words.get(listed.standing, listed.standing)
    if listed.standing == "good" and listed.expires_at:
        said += f" until {listed.expires_at:%Y-%m-%d}"
    waits = f", code until {listed.code_expires_at:%Y-%m-%d %H:%M} UTC"
    return said + (waits if listed.code_expires_at else "")
