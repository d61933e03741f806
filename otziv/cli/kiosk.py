"""``otziv kiosk``: the kiosk's own commands, which it has without Typer, too."""

from __future__ import annotations

import typer

HANDED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def kiosk(context: typer.Context) -> None:
    """Run, install and test a kiosk: on the kiosk itself, or in a window of this desktop."""
    from kiosk.__main__ import main

    raise typer.Exit(main(context.args, "otziv kiosk"))
