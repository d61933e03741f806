"""Key exchanges that were begun and wait for their proof: few, and for a minute."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from broker.link.proof import Agreement

LASTS: Final = timedelta(seconds=60)
MOST: Final = 500
"""Open at a time; then the oldest gives way."""
MOST_PER_LABEL: Final = 3
"""Likewise, of one code. How often it may be tried is counted in the database, not here."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An exchange; the kiosk's proof will tell whether both meant the same code.

    Attributes:
        label: the public part of the code.
        agreement: our side's.
        ends_at: after which it is forgotten.
    """

    label: str
    agreement: Agreement
    ends_at: datetime


class Exchanges:
    """Exchanges by the name of their session; each is taken once. For several threads."""

    def __init__(self) -> None:
        self._begun: Final[dict[str, Begun]] = {}
        self._lock: Final = Lock()

    def begin(self, label: str, agreement: Agreement, now: datetime) -> str:
        """Remember an exchange; the name of its session."""
        session = secrets.token_hex(16)
        with self._lock:
            self._forget(now)
            same = [name for name, each in self._begun.items() if each.label == label]
            for name in same[: max(0, len(same) - MOST_PER_LABEL + 1)]:
                del self._begun[name]
            if len(self._begun) >= MOST:
                del self._begun[next(iter(self._begun))]
            self._begun[session] = Begun(label, agreement, now + LASTS)
        return session

    def take(self, session: str, now: datetime) -> Begun | None:
        """The exchange of ``session``, which is over by that; ``None`` where there is none."""
        with self._lock:
            self._forget(now)
            return self._begun.pop(session, None)

    def _forget(self, now: datetime) -> None:
        """Drop what is too old; also what a clock that was set back would keep for long.

        Requests overlap: another's ``now`` may be a little later than ours, and is no such clock.
        """
        for name, each in list(self._begun.items()):
            if not now < each.ends_at <= now + 2 * LASTS:
                del self._begun[name]
