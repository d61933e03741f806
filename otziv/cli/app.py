"""The command line: every subcommand, and what becomes of errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from otziv.cli import (
    audit,
    authority,
    backup,
    bench,
    broker,
    demo,
    device,
    feedback,
    kiosk,
    look,
    notices,
    place,
    portal,
    privacy,
    replay,
    report,
    results,
    serve,
    served,
    settlements,
    site,
    survey,
    texts,
    touchpoint,
    user,
)


def _show_version(is_wanted: bool) -> None:  # Typer's callback
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"otziv {version('otziv')}")
        raise typer.Exit


app = typer.Typer(
    name="otziv",
    help="Hear the citizens: kiosks, collector, dashboard.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("replay")(replay.replay)
app.command("report")(report.report)
app.command("bench")(bench.bench)
app.command("look")(look.look)
app.command("kiosk", context_settings=kiosk.HANDED_ON)(kiosk.kiosk)
app.add_typer(site.app, name="site")
app.add_typer(place.app, name="place")
app.add_typer(touchpoint.app, name="touchpoint")
app.add_typer(survey.app, name="survey")
app.add_typer(device.app, name="device")
app.add_typer(notices.app, name="notice")
app.add_typer(authority.app, name="authority")
app.add_typer(broker.app, name="broker")
app.add_typer(served.app, name="served")
app.add_typer(feedback.app, name="feedback")
app.add_typer(portal.app, name="portal")
app.add_typer(privacy.app, name="privacy")
app.add_typer(settlements.app, name="settlements")
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")
app.add_typer(texts.app, name="texts")
app.add_typer(results.app, name="results")


@app.callback()
def options(
    *,
    version: Annotated[  # its callback has done it all
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version."),
    ] = False,
) -> None:
    """Hear the citizens: kiosks, collector, dashboard."""


EXPECTED = frozenset(
    {
        "BackupError",
        "BrokerServerError",
        "DrawingError",
        "FleetError",
        "HeadsError",
        "IdentityError",
        "KeyFileError",
        "KnockError",
        "InstallationError",
        "LinkError",
        "PeopleError",
        "ProcessError",
        "ReplayError",
        "SettingsError",
        "StoreError",
        "TextError",
        "TypesetError",
        "WireError",
    }
)
"""Names of errors whose text is meant for the operator. Names, since importing their modules
would cost each command a second."""


def run() -> None:
    """Run the command line; an expected error is one line on stderr and status 2."""
    try:
        app()
    except Exception as error:
        if not any(kind.__name__ in EXPECTED for kind in type(error).__mro__):
            raise
        sys.exit(_say(error))


def _say(error: Exception) -> int:
    typer.echo(f"otziv: {error}", err=True)
    return 2
