"""Heads of the log, kept apart from the database: in a file that is only ever added to.

One line a head, signed with the portal's keys: a copy of it on another machine, on paper or in a
mail proves later that nothing before it was rewritten or cut off.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from portal.keys import Keys

FILE: Final = "audit-heads.txt"
_USE: Final = "audit-head"


class HeadsError(Exception):
    """The file of heads can't be read, or was changed; the text says where."""


def read_heads(path: Path, keys: Keys) -> dict[int, str]:
    """Number → hash of all heads in the file at ``path``; none where there is no file.

    Raises:
        HeadsError: a line is not as we wrote it.
    """
    try:
        lines = path.read_text("ascii").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise HeadsError(f"{path}: {error}") from error
    heads: dict[int, str] = {}
    for place, line in enumerate(lines, 1):
        said, _, signature = line.rpartition(" ")
        words = said.split(" ")
        if not keys.is_signed(_USE, said, signature) or len(words) != 3:
            raise HeadsError(
                f"{path}, line {place}: this is not what was written; compare the file with its "
                "copies, and ask who could write to it"
            )
        heads[int(words[1])] = words[2]
    return heads


def keep_head(path: Path, keys: Keys, number: int, entry_hash: str) -> str:
    """Add a head to the file; the line that was written."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = f"{at} {number} {entry_hash}"
    line = f"{said} {keys.sign(_USE, said)}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    return line


def given_head(text: str) -> dict[int, str]:
    """A head as it is printed: ``NUMBER:HASH``; none where there is no text.

    Raises:
        HeadsError: it is not written so.
    """
    if not text:
        return {}
    number, _, found = text.strip().partition(":")
    if not number.isdigit() or not re.fullmatch("[0-9a-f]{64}", found):
        raise HeadsError(
            f"{text!r:.80} is no head: write NUMBER:HASH, as 'otziv audit verify' does"
        )
    return {int(number): found}
