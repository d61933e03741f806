"""``otziv device identify|restart|report|selftest|ping``: orders, and what became of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json, printable

if TYPE_CHECKING:
    from broker.fleet.orders import Outcome

app = typer.Typer(help="Orders for devices.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The device's name.")]
Within = Annotated[
    int, typer.Option("--within", min=1, max=3600, help="Seconds; later it is worth nothing.")
]

_LOOKS_EVERY_S = 0.2


@app.command("identify")
def identify(
    name: Name, *, within: Within = 30, as_json: AsJson = False, data: Data = DEFAULT_DATA
) -> None:
    """Let a device blink and beep, so that it is found among others."""
    _show(_order(data, name, "identify", within), as_json=as_json)


@app.command("restart")
def restart(
    name: Name,
    *,
    is_machine: Annotated[
        bool, typer.Option("--machine", help="All of the machine, where the device may do that.")
    ] = False,
    within: Within = 30,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Restart a device's program; answers that wait in it are kept."""
    args = {"what": "machine"} if is_machine else {}
    _show(_order(data, name, "restart", within, args), as_json=as_json)


@app.command("report")
def report(
    name: Name,
    *,
    to: Annotated[Path | None, typer.Option("--to", help="Write it to this file.")] = None,
    within: Within = 60,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Get a device's logs and state; no personal data are in them."""
    found = _order(data, name, "report", within)
    if to is not None and found.report:
        to.write_text(found.report, encoding="utf-8")
    _show(found, as_json=as_json, with_report=to is None)


@app.command("selftest")
def selftest(
    name: Name, *, within: Within = 120, as_json: AsJson = False, data: Data = DEFAULT_DATA
) -> None:
    """Let a device test its own parts."""
    _show(_order(data, name, "self-test", within), as_json=as_json)


@app.command("ping")
def ping(
    name: Name, *, within: Within = 10, as_json: AsJson = False, data: Data = DEFAULT_DATA
) -> None:
    """See whether a device answers."""
    _show(_order(data, name, "ping", within), as_json=as_json)


def _order(
    data: Path, device: str, name: str, within_s: int, args: Mapping[str, str] | None = None
) -> Outcome:
    """Ask, and wait until it is answered or over."""
    from datetime import UTC, datetime
    from threading import Event

    from broker.fleet.orders import ask, outcome
    from otziv.cli.place_options import tell_if_unsent
    from otziv.installation import open_installation

    pause = Event()
    installation = open_installation(data)
    tell_if_unsent(installation)
    with installation.store() as database:
        order = ask(database, device, name, args or {}, datetime.now(UTC), within_s)
        found = outcome(database, order, datetime.now(UTC))
        while not found.is_over:
            pause.wait(_LOOKS_EVERY_S)
            found = outcome(database, order, datetime.now(UTC))
    return found


def _show(found: Outcome, *, as_json: bool, with_report: bool = True) -> None:
    """Print what became of an order; status 1 when it was not done."""
    from dataclasses import asdict

    if as_json:
        print_json(asdict(found))
    else:
        detail = f": {printable(found.detail)}" if found.detail else ""
        typer.echo(f"{found.device}  {found.name}  {found.state}{detail}")
        if with_report and found.report:
            sys.stdout.write(found.report.rstrip("\n") + "\n")
    if found.state != "done":
        raise typer.Exit(1)
