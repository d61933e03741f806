"""``otziv feedback``: what the store knows, and what it keeps for people to look at."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from otziv.cli import flag, quarantine, ruling
from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json, print_table

if TYPE_CHECKING:
    from broker.store.completeness import Completeness

app = typer.Typer(help="Ratings: figures, completeness, misuse, quarantine.", no_args_is_help=True)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(ruling.app, name="ruling")
app.command("flag")(flag.flag)


class Key(StrEnum):
    """What a summary is kept apart by."""

    touchpoint = "touchpoint"
    channel = "channel"
    day = "day"
    week = "week"
    value = "value"


@app.command("summary")
def summary(
    *,
    by: Annotated[Key, typer.Option("--by", help="One figure for each of these.")],
    touchpoint: Annotated[
        str | None, typer.Option("--touchpoint", help="Only this touchpoint.")
    ] = None,
    question: Annotated[str | None, typer.Option("--question", help="Only this question.")] = None,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
    ] = None,
    to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")
    ] = None,
    filtered: Annotated[
        bool, typer.Option("--filtered", help="As corrected and without misuse; else as pressed.")
    ] = False,
    with_test: Annotated[
        bool, typer.Option("--with-test", help="Count touchpoints in test mode in every figure.")
    ] = False,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Count ratings, with the share satisfied and the index; every vote, however few."""
    from analytics.summary import Selection, summarise
    from analytics.summary import as_json as as_document
    from analytics.summary_table import text_table
    from otziv.installation import open_installation

    if from_ and to and from_ > to:
        raise fail(f"--from {from_:%Y-%m-%d} is after --to {to:%Y-%m-%d}: nothing lies between")
    selection = Selection(
        touchpoint=touchpoint,
        question=question,
        from_on=from_.date() if from_ else None,
        to_on=to.date() if to else None,
        is_filtered=filtered,
        is_test_included=with_test,
    )
    with open_installation(data).store() as database, database.reading() as connection:
        found = summarise(connection, by.value, selection)
    if as_json:
        print_json(as_document(found))
        return
    if not found:
        typer.echo("no ratings; those of touchpoints in test mode need --with-test or --touchpoint")
    for one in found:
        print_table(text_table(one))


@app.command("completeness")
def completeness(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """Tell of every device: events made, stored, in quarantine, missing."""
    from dataclasses import asdict

    from broker.store.completeness import completeness as reckon
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = reckon(database, with_gaps=True)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    for each in found:
        typer.echo(
            f"{each.device}  stream {each.stream[:8]}  made {each.made}, stored {each.stored}, "
            f"in quarantine {each.quarantined}, missing {each.missing}{_more(each)}"
        )


def _more(account: Completeness) -> str:
    """Where the gaps begin, and whether a card was copied."""
    gaps = ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in account.gaps)
    where = f" (first {gaps})" if gaps else ""
    if not account.clashes:
        return where
    return f"{where}; {account.clashes} share a number: was a card copied?"


@app.command("rebuild")
def rebuild(*, data: Data = DEFAULT_DATA) -> None:
    """Count all rollups anew from the ratings themselves."""
    from broker.store.rebuild import rebuild as rebuild_rollups
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        events = rebuild_rollups(database)
    typer.echo(f"rollups rebuilt from {events} events")
