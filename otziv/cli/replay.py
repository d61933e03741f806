"""``otziv replay``: historical ratings from a CSV file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json

if TYPE_CHECKING:
    from otziv.replay.result import Result

SHOWN: Final = 20
"""Refused rows that are shown to people; ``--json`` has all."""


def replay(
    file: Annotated[Path, typer.Argument(help="CSV file of ratings.", metavar="FILE")],
    map_file: Annotated[
        Path, typer.Option("--map", help="What its columns and texts mean.", metavar="MAP.toml")
    ],
    *,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Bring historical ratings in, by the same road as every press; again adds nothing.

    Ends with status 0 when every row is accounted for, refused ones included; with 2 when the
    map or the file can't be used.
    """
    from otziv.installation import open_installation
    from otziv.replay.mapping import load_map
    from otziv.replay.run import replay_file

    mapping = load_map(map_file)
    installation = open_installation(data)
    with _progress(file) as when_done:
        result = replay_file(installation, file, mapping, when_done)
    if as_json:
        print_json(result.to_json())
    else:
        _show(result)


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], object]]:
    """A progress bar on a terminal, nothing elsewhere; gives what to call with rows done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from otziv.replay.csvfile import count_lines

    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("", total=count_lines(file) if file.is_file() else None)
        yield lambda rows: bar.advance(task, rows)


def _show(result: Result) -> None:
    """The figures, for people."""
    typer.echo(
        f"{result.rows} rows for {result.site}: {result.stored} stored, "
        f"{result.duplicates} there before, {result.skipped} skipped, "
        f"{len(result.refused)} refused"
    )
    if result.touchpoints:
        typer.echo(f"created touchpoints: {', '.join(result.touchpoints)}")
    if result.ambiguous_times or result.missing_times:
        typer.echo(
            f"times at a change of the clock: {result.ambiguous_times} came twice (the first was "
            f"taken), {result.missing_times} were left out (shifted forward)"
        )
    refused = sorted(result.refused, key=lambda row: row.line)
    for row in refused[:SHOWN]:
        typer.echo(f"line {row.line}: {row.reason}")
    if len(refused) > SHOWN:
        typer.echo(f"… and {len(refused) - SHOWN} more; --json lists all")
