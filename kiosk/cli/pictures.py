"""``pictures``: the main screens as pictures, drawn by the screen itself."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from kiosk.cli.terminal import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="where to")
    parser.add_argument("--shown", action="store_true", help="only those that documents show")


def main(options: argparse.Namespace) -> int:
    """Draw; returns the status of the program that did it.

    A process of its own: Kivy takes its settings from the environment, and a window to itself.
    """
    refuse_without_kivy()
    argv = [sys.executable, "-m", "kiosk.ui.pictures", "--to", str(options.to)]
    argv += ["--shown"] if options.shown else []
    return subprocess.run(argv, check=False).returncode


def refuse_without_kivy() -> None:
    """Say what to install where a screen can't be drawn.

    Raises:
        CommandError: Kivy is not installed.
    """
    if find_spec("kivy") is None:
        raise CommandError("the screen needs Kivy: pip install 'otziv[touch]'")
