"""``otziv device`` as far as identity goes: enrolling, revoking, replacing, and who tried."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otziv.cli.device_words import document, minute, said_line, validity
from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json

if TYPE_CHECKING:
    from broker.fleet.fleet_status import DeviceLine
    from broker.fleet.offers import Offered
    from broker.store.database import Database
    from otziv.installation import Installation

OUT_S = 60.0
"""Within so many seconds a revoked device is out; it takes one or two."""

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
    if as_json:
        print_json(_offer(offered))
    else:
        _show_offer(offered)
    if png is not None:
        _draw(offered, png)


@app.command("list")
def list_all(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List the devices: where they stand, how they are, and how their certificates do."""
    from broker.fleet.fleet_status import fleet_status

    with _open(data).store() as database, database.reading() as connection:
        found = fleet_status(connection, datetime.now(UTC))
    if as_json:
        print_json([document(each) for each in found])
        return
    for each in found:
        typer.echo(said_line(each))


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="The device.")],
    *,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show a device with all certificates that it ever had."""
    from broker.fleet.fleet_status import show_device

    with _open(data).store() as database:
        line, certificates = show_device(database, name, datetime.now(UTC))
    if as_json:
        rows = [each.model_dump(mode="json", exclude={"pem"}) for each in certificates]
        print_json({**document(line), "certificates": rows})
        return
    typer.echo(said_line(line))
    for each in certificates:
        issued = f"issued {minute(each.issued_at)}"
        typer.echo(f"  {each.serial}  {issued}  {validity(each)}")


@app.command("revoke")
def revoke(
    name: Annotated[str | None, typer.Argument(help="The device: all its certificates.")] = None,
    *,
    serial: Annotated[
        str | None, typer.Option("--serial", help="Only this certificate, of whomever.")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="For the records: stolen, sold, …")],
    waits: Annotated[bool, typer.Option("--wait/--no-wait", help="Until it is out.")] = True,
    data: Data = DEFAULT_DATA,
) -> None:
    """Bar a device, or one certificate; a live connection ends, too."""
    from broker.fleet.certificates import revoke as revoke_serial
    from broker.fleet.certificates import revoke_device
    from broker.fleet.fleet_status import show_device

    if (name is None) == (serial is None):
        raise fail("name a device, or a certificate with --serial, not both")
    now, installation = datetime.now(UTC), _open(data)
    with installation.store() as database:
        if serial is not None:
            subject = revoke_serial(database, serial.lower(), why, now).subject
            typer.echo(f"revoked: certificate {serial} of {subject}")
            _tell_others(database, subject, now)
        else:
            serials = revoke_device(database, name or "", why, now)
            line, _ = show_device(database, name or "", now)
            subject = f"{line.site}/{line.device}"
            typer.echo(f"revoked: device {name}, {len(serials)} certificates, and its codes")
            _tell_waiting(line)
        if waits:
            _wait_until_out(installation, database, subject)


@app.command("replace")
def replace(
    old: Annotated[str, typer.Argument(help="The device that leaves.")],
    new: Annotated[str, typer.Argument(help="The device that takes over its touchpoint.")],
    *,
    is_barred: Annotated[
        bool, typer.Option("--bar", help="Bar the old one at once: stolen, sold.")
    ] = False,
    png: Annotated[
        Path | None, typer.Option("--png", help="Also write the QR code as a picture here.")
    ] = None,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Let a new device take over a touchpoint, and print its code; the old one ends in a week."""
    from broker.fleet.fleet_status import show_device
    from broker.fleet.replacement import replace as take_over

    installation, now = _open(data), datetime.now(UTC)
    _server(installation)  # before anything is changed
    with installation.store() as database:
        done = take_over(database, old, new, now, is_barred=is_barred)
        line, _ = show_device(database, old, now)
    offered = _give_code(installation, new, done.touchpoint)
    if as_json:
        print_json({**_offer(offered), "revoked": list(done.revoked), "waiting": line.waiting})
    else:
        until = "barred" if is_barred else "let in for another week, so that it can empty itself"
        typer.echo(f"device {old} is in the drawer, {until}")
        _tell_waiting(line)
        _show_offer(offered)
    if png is not None:
        _draw(offered, png)


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


def _server(installation: Installation) -> str:
    """Where kiosks enrol, now or when it runs."""
    from broker.fleet.reach import https_url
    from otziv.protection import public_host

    running, port = installation.find_running(), installation.settings.fleet_port
    if running is not None and running.fleet_url is not None:
        return running.fleet_url
    if not port:
        raise fail("no code: fleet_port is 0, so its address is known when 'otziv serve' runs", 1)
    return https_url(public_host(installation), port)


def _give_code(installation: Installation, name: str, touchpoint: str) -> Offered:
    from broker.fleet.offers import enrol as give_code
    from otziv.protection import protection_of

    server, authority = _server(installation), protection_of(installation).authority()
    with installation.store() as database:
        return give_code(database, authority, name, touchpoint, datetime.now(UTC), server=server)


def _tell_others(database: Database, subject: str, now: datetime) -> None:
    """Say that its name is let in by other certificates; one may have vouched for another."""
    from broker.fleet.certificates import list_good

    others = list_good(database, subject, now)
    if others:
        typer.echo(f"{subject} is still let in by {', '.join(others)}")
        typer.echo(f"to bar them all: otziv device revoke {subject.partition('/')[2]} --why …")


def _tell_waiting(line: DeviceLine) -> None:
    """Say what a device that leaves still holds."""
    from broker.fleet.fleet_status import said_of

    if line.waiting:
        typer.echo(f"{line.waiting} answers wait in {line.device}, {said_of(line.last_seen_at)}")
        if line.standing == "revoked":
            typer.echo("to get them, enrol it again, until it has sent them")


def _wait_until_out(installation: Installation, database: Database, subject: str) -> None:
    """Wait until the broker was seen to keep out what was revoked."""
    from broker.fleet.certificates import is_enforced

    if is_enforced(database, subject):
        return
    running = installation.find_running()
    if running is None or not running.is_secure:
        raise fail("nothing enforces it yet: start 'otziv serve', with mqtt_tls on", 1)
    deadline_s, pause = time.monotonic() + OUT_S, threading.Event()
    while not is_enforced(database, subject):
        if time.monotonic() > deadline_s:
            raise fail(f"not in force after {OUT_S:.0f} s: see 'otziv broker check'", 1)
        pause.wait(0.1)
    typer.echo(f"{subject} is out: the broker was seen to keep it out")


def _draw(offered: Offered, path: Path) -> None:
    """Write the QR code as a picture for our eyes only: whoever sees it can enrol."""
    import segno

    from broker.files import write_whole

    picture = BytesIO()
    segno.make(offered.code.photographed, error="m").save(picture, kind="png", scale=8, border=4)
    try:
        write_whole(path, picture.getvalue())
    except OSError as error:
        raise fail(f"{path} can't be written: {error.strerror}; the code stays good") from error


def _show_offer(offered: Offered) -> None:
    import segno

    ends_at = offered.expires_at
    typer.echo(f"Code for device {offered.device} at {offered.touchpoint}, for one use")
    typer.echo(f"until {minute(ends_at)}, dead after five wrong tries:\n")
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
