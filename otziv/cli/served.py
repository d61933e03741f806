"""``otziv served``: how many people were served, of whom some rated."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json
from otziv.cli.place_options import OfKind, PlaceCode, day_of, now

app = typer.Typer(help="How many people were served, hour by hour.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with place, hour, people, source.")],
    *,
    kind: OfKind = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Record the counts of a CSV file: all of them, or none."""
    from broker.fleet.served import record_served
    from broker.fleet.served_reports import rows_of_csv
    from otziv.installation import open_installation

    try:
        text = file.read_bytes().decode(errors="replace")  # other columns may say anything
    except OSError as error:
        raise fail(f"{file}: {error}") from error
    rows = rows_of_csv(text, kind)
    with open_installation(data).store() as database:
        done = record_served(database, rows, now(), is_dry_run=dry_run)
    would = "would be " if dry_run else ""
    typer.echo(
        f"hours {would}recorded: {done.new} new, {done.changed} changed, {done.same} as known"
    )


@app.command("show")
def show(
    code: PlaceCode,
    *,
    kind: OfKind = None,
    from_: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    to: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")],
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show the people served at a place, and how many of them rated."""
    from zoneinfo import ZoneInfo

    from broker.fleet.places import find_place
    from broker.store.registered import read_all
    from broker.store.served import response_rate, served_between
    from otziv.installation import open_installation

    for day in (from_, to):
        day_of(day)  # refuses years that can't be meant
    if from_ > to:
        raise fail(f"--from {from_:%Y-%m-%d} is after --to {to:%Y-%m-%d}: nothing lies between")
    with open_installation(data).store() as database, database.reading() as connection:
        entry = find_place(connection, code, kind)
        zone = ZoneInfo(read_all(connection).timezones[entry.site])
        begin = datetime.combine(from_, time(), zone)
        end = datetime.combine(to + timedelta(days=1), time(), zone)
        hours = served_between(connection, *entry.place, begin, end)
        rate = response_rate(connection, *entry.place, begin, end)
    if as_json:
        print_json(
            {
                "hours": [
                    {
                        "kind": each.place.kind,
                        "code": each.place.code,
                        "hour": each.hour_at.astimezone(zone).isoformat(),
                        "people": each.people,
                        "source": each.source,
                    }
                    for each in hours
                ],
                "people": rate.people,
                "rated_raw": rate.raw,
                "rated_filtered": rate.filtered,
                "response_rate": rate.share,
            }
        )
        return
    for each in hours:
        when = f"{each.hour_at.astimezone(zone):%Y-%m-%d %H:%M}"
        typer.echo(f"{when}  {each.place}  {each.people}  ({each.source})")
    share = "–" if rate.share is None else f"{rate.share:.1%}"
    typer.echo(
        f"{rate.people} people in {rate.hours} hours; rated {rate.filtered} (as pressed {rate.raw})"
        f": {share}"
    )
