"""``otziv place``: the tree of places, and what is set in it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json
from otziv.cli.place_options import (
    NEGATIVE_TOO,
    FromDay,
    Into,
    Kind,
    OfKind,
    OnDay,
    PlaceCode,
    day_of,
    json_of,
    now,
    tell_if_unsent,
    today,
)

app = typer.Typer(help="The tree of places, and what is set in it.", no_args_is_help=True)

LocationCode: TypeAlias = Annotated[str, typer.Argument(help="The location's code.")]


@app.command("add")
def add(
    code: Annotated[str, typer.Argument(help="Its code: small Latin letters, digits, hyphens.")],
    *,
    name: Annotated[str | None, typer.Option("--name", help="What people call it.")] = None,
    into: Into = None,
    site: Annotated[str | None, typer.Option("--site", help="Else that of the settings.")] = None,
    from_: FromDay = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Add a location: a building, a floor, a hall, a mayoralty."""
    from broker.fleet.places import add_location
    from otziv.installation import open_installation

    installation = open_installation(data)
    with installation.store() as database:
        is_new = add_location(
            database,
            code,
            site=site or installation.settings.site,
            now=now(),
            name=name,
            location=into,
            from_on=day_of(from_),
        )
    typer.echo(f"location {code}: {'added' if is_new else 'was there already'}")


@app.command("rename")
def rename(
    code: LocationCode,
    name: Annotated[str, typer.Argument(help="What people call it from now on.")],
    *,
    data: Data = DEFAULT_DATA,
) -> None:
    """Give a location another name; its code stays."""
    rename_place(data, Kind.location, code, name)


@app.command("move")
def move(
    code: LocationCode,
    *,
    into: Into = None,
    from_: FromDay = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Put a location into another; figures of earlier days keep the place of those days."""
    move_place(data, Kind.location, code, into, day_of(from_))


@app.command("retire")
def retire(code: LocationCode, *, on: OnDay = None, data: Data = DEFAULT_DATA) -> None:
    """Retire a location in which nothing stands; its figures stay."""
    retire_place(data, Kind.location, code, day_of(on))


@app.command("tree")
def tree(*, on: OnDay = None, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """Show all places as they stand on a day, with their devices."""
    from broker.fleet.places import show_places
    from otziv.cli.places_shown import tree_document, tree_lines
    from otziv.installation import open_installation

    installation = open_installation(data)
    with installation.store() as database:
        grounds = show_places(database, day_of(on) or today(installation))
    if as_json:
        print_json(tree_document(grounds))
        return
    for line in tree_lines(grounds):
        typer.echo(line)


@app.command("set", context_settings=NEGATIVE_TOO)
def set_(
    code: PlaceCode,
    key: Annotated[str, typer.Argument(help="The setting; 'otziv place show' names them.")],
    value: Annotated[
        str | None, typer.Argument(help="JSON; a word that is no JSON is a text.")
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("--file", help="A file with the value, as JSON.")
    ] = None,
    kind: OfKind = None,
    from_: FromDay = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Set something at a place; the places in it inherit it."""
    from broker.fleet.place_changes import set_setting
    from otziv.cli.places_shown import change_lines
    from otziv.installation import open_installation

    given = _value(value, file)
    installation = open_installation(data)
    with installation.store() as database:
        change = set_setting(database, kind, code, key, given, day_of(from_), now())
    for line in change_lines(change):
        typer.echo(line)
    tell_if_unsent(installation)


@app.command("unset")
def unset(
    code: PlaceCode,
    key: Annotated[str, typer.Argument(help="The setting.")],
    *,
    kind: OfKind = None,
    from_: FromDay = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Take a setting back, so that what is set above holds again."""
    from broker.fleet.place_changes import clear_setting
    from otziv.cli.places_shown import change_lines
    from otziv.installation import open_installation

    installation = open_installation(data)
    with installation.store() as database:
        change = clear_setting(database, kind, code, key, day_of(from_), now())
    for line in change_lines(change):
        typer.echo(line)
    tell_if_unsent(installation)


@app.command("show")
def show(
    code: PlaceCode,
    *,
    kind: OfKind = None,
    on: OnDay = None,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show every setting that holds at a place, where it comes from and since when."""
    from broker.fleet.place_changes import as_document, show_settings
    from otziv.cli.places_shown import settings_lines
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        shown = show_settings(database, kind, code, day_of(on), now())
    if as_json:
        print_json(as_document(shown))
        return
    for line in settings_lines(shown):
        typer.echo(line)


def rename_place(data: Path, kind: Kind, code: str, name: str) -> None:
    """Rename a site, a location or a touchpoint, and say so."""
    from broker.fleet.places import rename as rename_it
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        rename_it(database, kind, code, name)
    typer.echo(f"{kind} {code} is called {name} now")


def move_place(data: Path, kind: Kind, code: str, into: str | None, from_on: date | None) -> None:
    """Move a location or a touchpoint, and say so."""
    from broker.fleet.places import move as move_it
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        moved = move_it(database, kind, code, into, now=now(), from_on=from_on)
    was, becomes = (each or "the site itself" for each in (moved.was, moved.location))
    typer.echo(f"{kind} {code} stands in {becomes} from {moved.from_on} on; before, in {was}")


def retire_place(data: Path, kind: Kind, code: str, on: date | None) -> None:
    """Retire a location or a touchpoint, and say so."""
    from broker.fleet.places import retire as retire_it
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        day = retire_it(database, kind, code, now=now(), on=on)
    typer.echo(f"{kind} {code} is retired from {day} on; its figures stay")


def _value(value: str | None, file: Path | None) -> Any:  # noqa: ANN401  whatever JSON can say
    """The value that was typed, or that stands in a file."""
    if (value is None) == (file is None):
        raise fail("give the value, or --file with a file that holds it")
    if file is None:
        return json_of(value or "")
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise fail(f"{file}: {error}") from error
