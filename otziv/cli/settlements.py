"""``otziv settlements``: the national lists of settlements and mayoralties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json, printable
from otziv.cli.place_options import OnDay, day_of, now, today

if TYPE_CHECKING:
    from broker.store.database import Database
    from otziv.installation import Installation
    from portal.people.settlement_import import Change, Plan
    from portal.people.settlement_lists import NationalList

app = typer.Typer(
    help="Settlements, mayoralties and what is above them, from the national lists.",
    no_args_is_help=True,
)

_MOST_SHOWN = 20


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A list of the statistical institute: CSV or JSON.")],
    *,
    on: OnDay = None,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="What it lacks of its municipalities is no more."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what it would change.")
    ] = False,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Take a national list: new names hold from its day on, old addresses keep the old ones."""
    from otziv.installation import open_installation

    found = _read(file)
    installation = open_installation(data)
    day = day_of(on) or today(installation)
    with _portal(installation) as database:
        plan = _planned(database, found, day) if dry_run else _taken(database, found, day, complete)
    document = _document(plan, is_taken=not dry_run, is_complete=complete)
    if as_json:
        print_json(document)
        return
    for line in _lines(plan, document):
        typer.echo(printable(line))


@app.command("merge")
def merge(
    code: Annotated[str, typer.Argument(help="Code of ЕКАТТЕ of what is no more.")],
    into: Annotated[str, typer.Option("--into", help="Code of what it became a part of.")],
    *,
    on: OnDay = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Say what a settlement became a part of; addresses in it lead there."""
    from otziv.installation import open_installation
    from portal.audit.log import CONSOLE
    from portal.people.errors import PeopleError
    from portal.people.settlements import end_settlement

    installation = open_installation(data)
    day = day_of(on) or today(installation)
    with _portal(installation) as database:
        try:
            end_settlement(database, code, into, day, actor=CONSOLE, now=now())
        except PeopleError as error:
            raise fail(str(error)) from error
    typer.echo(f"settlement {code} is a part of {into} from {day} on")


@contextmanager
def _portal(installation: Installation) -> Iterator[Database]:
    """The portal's database."""
    from portal.store.schema import open_portal

    database = open_portal(installation.portal_database_url)
    try:
        yield database
    finally:
        database.close()


def _read(file: Path) -> NationalList:
    from portal.people.settlement_lists import ListError, read_list

    try:
        return read_list(file.read_bytes())
    except OSError as error:
        raise fail(f"{file}: {error.strerror}") from error
    except ListError as error:
        wrong = [f"line {line}: {what}" for line, what in error.problems]
        raise fail("; ".join([f"{file}: {error.message}", *wrong])) from error


def _planned(database: Database, found: NationalList, day: date) -> Plan:
    from portal.people.settlement_import import plan_import

    with database.reading() as connection:
        return plan_import(connection, found, day)


def _taken(database: Database, found: NationalList, day: date, is_complete: bool) -> Plan:
    from portal.audit.log import CONSOLE
    from portal.people.errors import PeopleError
    from portal.people.settlement_import import take

    try:
        return take(database, found, day, is_complete=is_complete, actor=CONSOLE)
    except PeopleError as error:
        raise fail(str(error)) from error


def _document(plan: Plan, *, is_taken: bool, is_complete: bool) -> dict[str, Any]:
    return {
        "on": plan.on.isoformat(),
        "taken": is_taken,
        "new": [_change(each) for each in plan.new],
        "changed": [_change(each) for each in plan.changed],
        "same": plan.same,
        "missing": [_change(each) for each in plan.missing],
        "ended": len(plan.missing) if is_taken and is_complete else 0,
    }


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": change.kind, "code": change.code, "name": change.name}
    if change.was is not None and change.becomes is not None:
        told["was"] = {name: change.was[name] for name in change.fields}
        told["becomes"] = {name: change.becomes[name] for name in change.fields}
    return told


def _lines(plan: Plan, document: dict[str, Any]) -> Iterator[str]:
    verb = "taken" if document["taken"] else "would be taken"
    yield (
        f"{verb}, true on {plan.on}: {len(plan.new)} new, {len(plan.changed)} changed, "
        f"{plan.same} the same"
    )
    for change in plan.changed[:_MOST_SHOWN]:
        was, becomes = change.was or {}, change.becomes or {}
        told = [f"{name} {was[name]!r} → {becomes[name]!r}" for name in change.fields]
        yield f"  {change.kind} {change.code} {', '.join(told) or 'is there again'}"
    if len(plan.changed) > _MOST_SHOWN:
        yield f"  and {len(plan.changed) - _MOST_SHOWN} more; --json tells all"
    if not plan.missing:
        return
    codes = ", ".join(each.code for each in plan.missing[:_MOST_SHOWN])
    if document["ended"]:
        yield (
            f"{document['ended']} not in it ended: {codes}; say what they became a part of with "
            "'otziv settlements merge'"
        )
        return
    yield f"{len(plan.missing)} not in it stay: {codes}; if they are no more, add --complete"
