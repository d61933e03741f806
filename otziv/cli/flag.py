"""``otziv feedback flag``: the rules against misuse, of any version, over any days."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json


def flag(
    *,
    rules: Annotated[
        int, typer.Option("--rules", min=0, help="Version of the rules; 0 takes all flags back.")
    ],
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
    ] = None,
    to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")
    ] = None,
    touchpoint: Annotated[
        str | None, typer.Option("--touchpoint", help="Only this touchpoint.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would change.")
    ] = False,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Flag misuse by one version of the rules, and take back the flags of any other.

    Ratings stay as they are; only the filtered figures change.
    """
    from dataclasses import asdict
    from datetime import UTC

    from broker.misuse.flagging import reflag
    from otziv.installation import open_installation

    if from_ and to and from_ > to:
        raise fail(f"--from {from_:%Y-%m-%d} is after --to {to:%Y-%m-%d}: nothing lies between")
    first_on, last_on = (at.date() if at else None for at in (from_, to))
    now = datetime.now(UTC)
    with open_installation(data).store() as database:
        summary = reflag(
            database, rules, first_on, last_on, now, touchpoint=touchpoint, is_dry=dry_run
        )
    if as_json:
        print_json(asdict(summary))
        return
    typer.echo(f"rules {rules}: {summary.visits} visits on {summary.days} days of touchpoints")
    for reason, visits in sorted(summary.doubted.items()):
        typer.echo(f"  {reason}: {visits}")
    would = "would be " if dry_run else ""
    typer.echo(f"flags {would}set: {summary.change.set}, taken back: {summary.change.taken_back}")
