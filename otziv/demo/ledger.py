"""The ledger: what visitors pressed and were thanked for, kept by a process that is never killed.

Each press has a token, minted by the visitor, which becomes the id of its event. So the ledger
and the database can be laid side by side, press by press.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO


@dataclass(slots=True)
class Press:
    """One press, as the visitor lived it; times in seconds of the monotonic clock."""

    token: str
    kiosk: str
    button: str
    pressed_at_s: float
    thanked_at_s: float | None = None
    stored_at_s: float | None = None
    is_void: bool = False


class Ledger:
    """Presses of this run, in memory and on disk; tokens of earlier runs, to tell their rows."""

    def __init__(self, path: Path) -> None:
        """Open the ledger at ``path``; later runs add to it."""
        self._lock = threading.Lock()
        self.earlier = _read_tokens(path)
        self.presses: dict[str, Press] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a", encoding="utf-8", buffering=1)
        if path.stat().st_size:
            self._file.write("\n")  # so that a line cut short does not swallow our first

    def press(self, token: str, kiosk: str, button: str) -> None:
        """Note a press, before it is made."""
        with self._lock:
            self.presses[token] = Press(token, kiosk, button, monotonic())
            self._write("press", token, kiosk=kiosk, button=button)

    def withdraw(self, token: str) -> None:
        """Note that a press never reached its kiosk (whose power was off)."""
        with self._lock:
            self.presses.pop(token, None)
            self._write("withdrawn", token)

    def thanks(self, token: str) -> None:
        """Note that the visitor was thanked."""
        with self._lock:
            press = self.presses.get(token)
            if press is not None and press.thanked_at_s is None:
                press.thanked_at_s = monotonic()
                self._write("thanks", token)

    def void(self, token: str) -> None:
        """Note that the kiosk took the press back (two at once)."""
        with self._lock:
            press = self.presses.get(token)
            if press is not None:
                press.is_void = True

    def stored(self, token: str) -> None:
        """Note that the collector's receipt for the press was seen."""
        with self._lock:
            press = self.presses.get(token)
            if press is not None and press.stored_at_s is None:
                press.stored_at_s = monotonic()

    def taken(self) -> list[Press]:
        """The presses so far."""
        with self._lock:
            return list(self.presses.values())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, what: str, token: str, **more: str) -> None:
        self._file.write(json.dumps({"what": what, "token": token, **more}) + "\n")


def _read_tokens(path: Path) -> set[str]:
    """Tokens of every press in the file; a line cut short by a power cut is left out."""
    tokens: set[str] = set()
    if not path.exists():
        return tokens
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            tokens.add(json.loads(line)["token"])
        except (ValueError, KeyError, TypeError):
            continue
    return tokens
