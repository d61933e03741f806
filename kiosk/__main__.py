"""``python -m kiosk`` and ``otziv kiosk``: everything that is done on a kiosk itself.

argparse and not Typer, since a kiosk installs a handful of libraries. What a subcommand needs is
imported when it is chosen: the firmware is what runs for months, and carries none of the others.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from hardware.errors import ReadableError

COMMANDS: Final = {
    "run": "run this kiosk; with --virtual one in a window of this desktop",
    "setup": "make this machine a kiosk: user, settings, services",
    "uninstall": "take everything away that setup made",
    "enrol": "make this kiosk a device of an installation, by a one-time code",
    "rotate": "ask for the next certificate now; the kiosk does it by itself",
    "selftest": "test lights, buttons, sound, screen, disk, clock, broker and outbox",
    "pin": "make what the settings keep of a maintenance PIN",
    "recordings": "list the texts that a person can read for this kiosk",
    "check": "check a configuration before it is sent to a kiosk",
    "pictures": "draw the main screens into a folder",
}
"""Each is a module of :mod:`kiosk.cli` with ``add_arguments(parser)`` and ``main(options)``."""

EXIT_UNREAD: Final = 128 + signal.SIGPIPE
"""What a shell gives for a program that ended because nobody read it."""


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end with status 2."""
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help tells more\n")


def make_parser(program: str, commands: Sequence[str]) -> argparse.ArgumentParser:
    """Return a parser that knows all commands, and the options of ``commands``."""
    parser = Parser(prog=program, description="Run, install and test a kiosk.", allow_abbrev=False)
    choice = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        inner = choice.add_parser(name, help=purpose, description=purpose, allow_abbrev=False)
        if name in commands:
            import_module(f"kiosk.cli.{name}").add_arguments(inner)
    return parser


def main(arguments: Sequence[str] | None = None, program: str = "python -m kiosk") -> int:
    """Carry out one command; returns the exit status.

    0 is success, 1 a result that is not as promised, 2 something that can't be used, with one line
    on standard error that says what, where, and what to do.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = make_parser(program, given[:1]).parse_args(given)
    try:
        status: int = import_module(f"kiosk.cli.{options.command}").main(options)
    except ReadableError as error:
        sys.stderr.write(f"{program} {options.command}: {error}\n")
        return 2
    except BrokenPipeError:
        # Whoever read us (`| head`) has enough. Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNREAD
    return status


if __name__ == "__main__":
    sys.exit(main())
