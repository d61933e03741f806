"""Wrong PINs are remembered across restarts: who cuts the power does not begin anew."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Final, Protocol

import msgspec
from msgspec import Meta, Struct

from hardware.files import replace_file

WRONG_PINS_NAME: Final = "wrong-pins.json"
FIRST_PAUSE_MS: Final = 60_000
LONGEST_PAUSE_MS: Final = 3_600_000

_log: Final = logging.getLogger(__name__)


class WrongPins(Struct, frozen=True, kw_only=True):
    """What is kept of them; never the digits.

    Attributes:
        tries: wrong PINs since the last pause or the last right one.
        pause_ms: how long the next pause takes.
        is_barred: a pause has begun and was not over yet.
    """

    tries: Annotated[int, Meta(ge=0)] = 0
    pause_ms: Annotated[int, Meta(ge=FIRST_PAUSE_MS, le=LONGEST_PAUSE_MS)] = FIRST_PAUSE_MS
    is_barred: bool = False


class Keeper(Protocol):
    """Where they are kept."""

    def load(self) -> WrongPins:
        """What was kept last."""

    def keep(self, wrong: WrongPins) -> None:
        """Keep ``wrong`` in place of what was kept."""


class InMemory:
    """Forgets with the process: for tests and screens without a folder."""

    def __init__(self) -> None:
        self._wrong = WrongPins()

    def load(self) -> WrongPins:
        """What was kept last."""
        return self._wrong

    def keep(self, wrong: WrongPins) -> None:
        """Keep ``wrong``."""
        self._wrong = wrong


class WrongPinsFile:
    """Kept in a file, which is there only while there is something to remember.

    A file that can't be read is as none, and one that can't be written is told in the log: a full
    memory card must not keep the clerk out who comes because of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> WrongPins:
        """What was kept last."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=WrongPins)
        except FileNotFoundError:
            return WrongPins()
        except (OSError, msgspec.MsgspecError) as error:
            _log.error("wrong PINs are forgotten, since %s can't be read: %s", self._path, error)
            return WrongPins()

    def keep(self, wrong: WrongPins) -> None:
        """Keep ``wrong``."""
        try:
            if wrong == WrongPins():
                self._path.unlink(missing_ok=True)
            else:
                replace_file(self._path, msgspec.json.encode(wrong), 0o600)
        except OSError as error:
            _log.error("wrong PINs can't be kept in %s: %s", self._path, error)
