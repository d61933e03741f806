"""Heads of the log, kept apart from the database: in a file that is only ever added to.

One line a head, signed with the portal's keys: a copy of it on another machine, on paper or in a
mail proves later that nothing before it was rewritten or cut off.

The file begins with the portal's keys, and nobody makes it anew by himself: where it is missing,
somebody took it away.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from portal.audit.log import NO_HASH
from portal.keys import Keys

FILE: Final = "audit-heads.txt"
MISSING: Final = (
    "put its copy back, from a backup or wherever it was sent; if there is none, find out who took "
    "it away, then: otziv audit verify --begin-heads"
)
"""What to do where the file is gone."""
_USE: Final = "audit-head"


class HeadsError(Exception):
    """The file of heads is missing, can't be read, or was changed; the text says where."""


def begin_heads(path: Path, keys: Keys) -> None:
    """Begin the file with the head of an empty log; one with something in it stays."""
    if not path.exists() or not path.stat().st_size:
        keep_head(path, keys, 0, NO_HASH, is_first=True)


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


def keep_head(
    path: Path, keys: Keys, number: int, entry_hash: str, *, is_first: bool = False
) -> str:
    """Add a head to the file; the line that was written.

    Args:
        path: the file.
        keys: sign it.
        number: of the entry; 0 before the first one.
        entry_hash: its hash.
        is_first: the file is begun where there is none.

    Raises:
        HeadsError: there is no file to add to.
    """
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = f"{at} {number} {entry_hash}"
    line = f"{said} {keys.sign(_USE, said)}"
    making = os.O_CREAT if is_first else 0
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | making, 0o600)
    except FileNotFoundError as error:
        raise HeadsError(f"{path} is gone: {MISSING}") from error
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
