"""Speaking with whoever sits at the terminal."""

from __future__ import annotations

import sys
from typing import Final

from hardware.errors import ReadableError

YES: Final = frozenset({"y", "yes", "д", "да"})
NO: Final = frozenset({"n", "no", "н", "не"})


class CommandError(ReadableError):
    """A command that can't do what was asked; the text says why, and what to do."""


def say(*lines: str) -> None:
    """Print ``lines`` at once: who reads them may be waiting to press a button."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def is_interactive() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, default: str = "") -> str:
    """Ask for a line; ``default`` where nothing is typed."""
    hint = f" [{default}]" if default else ""
    sys.stdout.write(f"{question}{hint}: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() or default


def ask_yes_no(question: str) -> bool | None:
    """Ask until it is yes or no; ``None`` for an empty line: not known."""
    while True:
        said = ask(f"{question} (y/n)").casefold()
        if not said:
            return None
        if said in YES | NO:
            return said in YES
