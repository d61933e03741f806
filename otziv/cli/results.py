"""``otziv results``: months of figures that are given back to the public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json, print_table, tell_whose

if TYPE_CHECKING:
    from analytics.closed.book import Book
    from analytics.published.results import Results
    from portal.improvement.service import ImprovementDesk
    from portal.web.portal import Portal

app = typer.Typer(
    help="Results given back: what the public page, its data and kiosks show.",
    no_args_is_help=True,
)

Month = Annotated[str, typer.Option("--month", help="A whole month, for example 2026-10.")]


@dataclass(frozen=True)
class Console:
    """Whoever has the command line: the machine's administrator."""

    id: str = "console"
    name: str = ""
    roles: frozenset[str] = frozenset({"administrator"})
    units: frozenset[str] = frozenset()


@app.command("show")
def show(*, month: Month, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """Show what would be published of a month, and what is."""
    from analytics.published.publishing import propose

    with _desk(data) as (portal, desk):
        found = propose(_book(portal), desk, month, portal.settings.site)
    if as_json:
        print_json(
            {
                "month": month,
                "would_be": _documents(found.results),
                "published": _documents(found.published),
                "is_same": found.is_same,
                "is_refused": found.exposes,
            }
        )
        return
    _print(found.results)
    if not found.published:
        typer.echo("nothing of it is published")
        if found.exposes:
            typer.echo("it was taken back; the difference to that is under five ratings: refused")
    elif found.is_same:
        typer.echo("it is published just so")
    elif found.exposes:
        typer.echo("it is published; the difference is under five ratings, so that stays")
    else:
        typer.echo("it is published with other figures; publishing makes a new edition")


@app.command("publish")
def publish(*, month: Month, data: Data = DEFAULT_DATA) -> None:
    """Publish a month of the municipality and of all units; again: a corrected edition."""
    from analytics.published.effects import publish_effects
    from analytics.published.publishing import publish as publish_month

    with _desk(data) as (portal, desk):
        book = _book(portal)
        found = publish_month(book, desk, Console(), month, portal.settings.site)
        effects = publish_effects(book, desk, Console(), portal.settings.site)
    if effects:
        typer.echo(f"effects of {effects} public actions: published")
    typer.echo(f"{month}: published, {len(found.results) - 1} units and the whole municipality")


@app.command("withdraw")
def withdraw(*, month: Month, data: Data = DEFAULT_DATA) -> None:
    """Take a month from the public pages, out of the open data and off the kiosks."""
    from analytics.published.publishing import withdraw as withdraw_month
    from portal.audit.log import CONSOLE
    from portal.results.kiosks import take_down

    with _desk(data) as (portal, desk):
        withdraw_month(desk, Console(), month)
        places = take_down(portal, CONSOLE, month)
    typer.echo(f"{month}: withdrawn; its figure taken from kiosks at {places} places")


@app.command("kiosks")
def kiosks(
    *,
    month: Annotated[
        str, typer.Option("--month", help="A published month; without it none is shown.")
    ] = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Let kiosks show the figure of their unit while nobody is there, or none any more."""
    from portal.audit.log import CONSOLE
    from portal.results.kiosks import KioskError, show_month, take_down
    from portal.results.shown import Shelf

    with _desk(data) as (portal, desk):
        found = Shelf(portal, desk).month(month) if month else None
        if month and found is None:
            raise fail(f"nothing of {month} is published")
        try:
            places = show_month(portal, CONSOLE, found) if found else take_down(portal, CONSOLE)
        except KioskError as error:
            raise fail(str(error)) from error
    typer.echo(f"{month or 'no figure'}: on kiosks at {places} places")


@contextmanager
def _desk(data: Path) -> Iterator[tuple[Portal, ImprovementDesk]]:
    from analytics.improvement.who import ImprovementError, NotThereError
    from otziv.backup.afterwards import open_portal_of
    from otziv.installation import open_installation
    from portal.improvement.office import office_of
    from portal.improvement.service import ImprovementDesk
    from portal.municipality.signboard import Signboard

    installation = open_installation(data)
    tell_whose(installation)
    with open_portal_of(installation) as portal:
        portal.parts.setdefault(Signboard, Signboard())
        try:
            yield portal, ImprovementDesk(office_of(portal))
        except NotThereError as error:
            raise fail("nothing of that month is published") from error
        except ImprovementError as error:
            raise fail(str(error)) from error


def _book(portal: Portal) -> Book:
    from analytics.closed.library import read_book

    with portal.feedback.reading() as connection:
        return read_book(connection, portal.clock())


def _documents(results: Mapping[str, Results]) -> dict[str, Any]:
    import msgspec

    return {unit: msgspec.to_builtins(each) for unit, each in results.items()}


def _print(results: Mapping[str, Results]) -> None:
    from analytics.published.words import scale_text, writing_in
    from analytics.summary_table import TextTable

    writing = writing_in("en")
    rows = [
        [
            unit or "(the whole)",
            scale_text(figure.scale, "en"),
            writing.number(figure.satisfied.n),
            writing.percent(figure.satisfied.share),
            writing.percents(figure.satisfied.low, figure.satisfied.high),
            writing.number(figure.index.value),
        ]
        for unit, each in results.items()
        for figure in each.figures
    ]
    columns = ["unit", "scale", "ratings", "satisfied", "95 %", "index"]
    print_table(TextTable("Would be published", columns, rows))
