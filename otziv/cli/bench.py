"""``otziv bench``: our figures beside those of peers, against targets."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json


class Name(StrEnum):
    """The benchmarks there are."""

    alerts = "alerts"
    analytics = "analytics"
    dashboard = "dashboard"
    fleet = "fleet"
    ingest = "ingest"
    kiosk = "kiosk"
    misuse = "misuse"
    portal = "portal"
    revocation = "revocation"


def bench(
    name: Annotated[Name, typer.Argument(help="Which.")],
    *,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Interleaved runs.")] = 5,
    rows: Annotated[
        int | None, typer.Option("--rows", min=1000, help="Size, where there is one to choose.")
    ] = None,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Measure, compare, and end with status 1 when a target isn't met."""
    import tempfile
    from importlib import import_module

    from otziv.installation import open_installation

    tempfile.tempdir = str(open_installation(data).data)  # the disk that is to be measured
    given: dict[str, Any] = {} if rows is None else {"rows": rows}
    if given and name is not Name.analytics:
        raise typer.BadParameter("only analytics has a number of rows", param_hint="--rows")
    if name is Name.dashboard:
        given["data"] = data
    report = import_module(f"otziv.bench.{name.value}").measure(runs, **given)
    if as_json:
        print_json(report.as_document())
    else:
        for what, figure in report.figures.items():
            typer.echo(f"{what}: {figure}")
        for what, target in report.targets.items():
            met = "met" if target.is_met else "NOT MET"
            typer.echo(f"{what}: {target.value}, {target.must_be} {target.bound}: {met}")
    if not report.is_met:
        raise typer.Exit(1)
