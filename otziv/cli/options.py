"""Options and endings that the subcommands share."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

if TYPE_CHECKING:
    from analytics.summary_table import TextTable
    from otziv.installation import Installation

Data: TypeAlias = Annotated[
    Path,
    typer.Option("--data", envvar="OTZIV_DATA", help="Data folder of the installation."),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, nothing else.")]

DEFAULT_DATA = Path("otziv-data")


def print_json(document: Any) -> None:  # noqa: ANN401  whatever JSON can say
    """Print one JSON document."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def printable(text: str) -> str:
    """``text`` with everything that a terminal would obey instead of show escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def print_table(table: TextTable) -> None:
    """Print a table to read."""
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=table.title, title_justify="left")
    for number, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if number else "left", no_wrap=not number)
    for row in table.rows:
        drawn.add_row(*row)
    Console().print(drawn)


def fail(message: str, status: int = 2) -> typer.Exit:
    """Say what went wrong, and give back the exit to raise."""
    typer.echo(f"otziv: {message}", err=True)
    return typer.Exit(status)


def tell_whose(installation: Installation) -> None:
    """Say so where somebody may mean a demo's portal, and gets the installation's, or other way."""
    running = installation.find_running()
    if running is not None and running.is_sample:
        typer.echo("of the demo that runs in this folder", err=True)
    elif installation.sample_files.exists():
        typer.echo(
            "of the installation itself; a demo was run in this folder, too: start it, to ask of "
            "its portal",
            err=True,
        )
