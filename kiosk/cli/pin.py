"""``pin``: ask for a PIN, print what the settings keep of it."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass

from kiosk.cli.terminal import CommandError, say
from kiosk.pin import hash_pin


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command; it has no options."""
    parser.epilog = (
        "The PIN (4 to 12 digits) is asked for twice and not shown; from a pipe one line is read."
    )


def main(_options: argparse.Namespace) -> int:
    """Print the two lines for the settings file; returns 0.

    Raises:
        PinError: that is no PIN.
        CommandError: the two differ.
    """
    say("[maintenance]", f'pin = "{hash_pin(read_pin())}"')
    return 0


def read_pin() -> str:
    """Read a PIN: at a terminal twice and unseen, else one line.

    Raises:
        CommandError: the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass("PIN: ")
    if getpass("again: ") != pin:
        raise CommandError("the two are not the same; nothing was made")
    return pin
