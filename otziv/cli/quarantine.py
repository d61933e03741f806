"""``otziv feedback quarantine``: what could not be accepted, and the way back in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json, printable

if TYPE_CHECKING:
    from broker.store.tables import Quarantined

app = typer.Typer(help="What could not be accepted, and the way back in.", no_args_is_help=True)

Reason = Annotated[str | None, typer.Option("--reason", help="Only entries with this reason.")]


@app.command("list")
def list_all(
    *,
    reason: Reason = None,
    readmitted: Annotated[
        bool, typer.Option("--readmitted", help="Those that are in the store now.")
    ] = False,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """List what waits, in the order of arrival."""
    from broker.store.quarantine import list_entries
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = list_entries(
            database, reason=reason, is_waiting=not readmitted, limit=None, with_payload=False
        )
    if as_json:
        print_json([_document(each) for each in found])
        return
    for each in found:
        sender = f"{each.site}/{each.device}"
        line = f"{each.received_at:%Y-%m-%d %H:%M:%S}Z  {sender}  {each.reason}: {each.detail}"
        typer.echo(printable(f"{each.number}  {line}"))
    typer.echo(f"{len(found)} in quarantine; 'otziv feedback quarantine show NUMBER' tells more")


@app.command("show")
def show(
    number: Annotated[int, typer.Argument(help="The entry's number.", min=1, max=2**53)],
    *,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show one entry whole, with what its reason means and what to do."""
    from broker.intake.reasons import EXPLANATIONS
    from broker.store.quarantine import show_entry
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        entry = show_entry(database, number)
    explanation = EXPLANATIONS.get(entry.reason, ())  # a newer version may know more reasons
    if as_json:
        print_json(_document(entry) | {"payload": _payload(entry)})
        return
    typer.echo(f"entry     {entry.number}, seen {entry.times_seen} times")
    typer.echo(f"came      {entry.received_at.isoformat()} on {printable(entry.topic)}")
    typer.echo(f"reason    {entry.reason}: {printable(entry.detail)}")
    for text in explanation:
        typer.echo(f"          {text}")
    typer.echo(f"payload   {printable(_payload(entry))}")


@app.command("readmit")
def readmit(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Entries; else all of a reason.")
    ] = None,
    *,
    reason: Reason = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that waits.")] = False,
    distrust_clock: Annotated[
        bool,
        typer.Option("--distrust-clock", help="Date them at their arrival, and flag them so."),
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Put entries through the intake again, with their own ids and times."""
    from broker.intake.intake import Intake
    from broker.store.quarantine import count_waiting, show_entry, waiting_entries
    from otziv.installation import open_installation

    if not (numbers or reason or everything):
        raise fail("which ones? Name numbers, --reason REASON, or --all")
    with open_installation(data).store() as database:
        if numbers:
            entries = iter([show_entry(database, number) for number in numbers])
            total = len(numbers)
        else:
            entries = waiting_entries(database, reason=reason)
            waiting = {each.reason: each.number for each in count_waiting(database)}
            total = waiting.get(reason, 0) if reason else sum(waiting.values())
        done = Intake(database).readmit(entries, distrusts_clock=distrust_clock)
    typer.echo(f"{done} of {total} are in the store now; {total - done} stay")
    if done < total:
        typer.echo("'otziv feedback quarantine list' tells why; --distrust-clock helps wrong times")


def _document(entry: Quarantined) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude={"payload", "digest"})


def _payload(entry: Quarantined) -> str:
    """The bytes as text; what is no text is escaped."""
    if entry.payload is None:
        return "(erased: kept for 90 days only)"
    return entry.payload.decode("utf-8", errors="backslashreplace")
