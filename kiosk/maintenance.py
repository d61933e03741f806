"""Who may look inside the kiosk: a long press, then a PIN, and not for ever.

Pure, but for the keeper of wrong PINs, which is told of each.
"""

from __future__ import annotations

from typing import Final, Literal

from kiosk.pin import is_pin
from kiosk.wrong_pins import LONGEST_PAUSE_MS, InMemory, Keeper, WrongPins

MAX_TRIES: Final = 5
"""Wrong PINs before a pause."""

ASK_MS: Final = 30_000
"""How long we wait for a PIN: the corner was held by a child, or nobody is there any more."""

OPEN_MS: Final = 300_000
"""How long it stays open when nobody does anything: visitors can't rate meanwhile."""


class Maintenance:
    """The lock of the maintenance screen.

    Args:
        kept_pin: as :func:`kiosk.pin.hash_pin` made it; without one the screen never opens.
        keeper: remembers wrong PINs; a pause that a restart cut short begins again.
        now_ms: uptime at the start.

    Attributes:
        state: ``asking`` shows the digits, ``open`` shows what is inside.
        is_wrong: the last PIN was wrong.
    """

    def __init__(self, kept_pin: str | None, keeper: Keeper | None = None, now_ms: int = 0) -> None:
        self.state: Literal["closed", "asking", "open"] = "closed"
        self.is_wrong = False
        self._kept_pin = kept_pin
        self._keeper = InMemory() if keeper is None else keeper
        self._wrong = self._keeper.load()
        self._barred_until_ms = 0
        self._closes_at_ms = 0
        if self._wrong.is_barred:
            self._barred_until_ms = now_ms + self._wrong.pause_ms

    @property
    def next_deadline_ms(self) -> int | None:
        """When :meth:`tick` closes it."""
        return None if self.state == "closed" else self._closes_at_ms

    def is_barred(self, at_ms: int) -> bool:
        """Whether there were too many wrong PINs, so that none is taken now."""
        return at_ms < self._barred_until_ms

    def knock(self, at_ms: int) -> None:
        """Somebody held the corner."""
        if self._kept_pin is not None and self.state == "closed":
            self.state, self.is_wrong = "asking", False
            self._closes_at_ms = at_ms + ASK_MS

    def unlock(self, pin: str, at_ms: int) -> None:
        """Somebody gave a PIN."""
        if self._kept_pin is None or self.state != "asking" or self.is_barred(at_ms):
            return
        self._end_pause(at_ms)
        self.is_wrong = not is_pin(pin, self._kept_pin)
        self._closes_at_ms = at_ms + ASK_MS
        if self.is_wrong:
            self._count_wrong(at_ms)
        else:
            self.state = "open"
            self._remember(WrongPins())
            self._closes_at_ms = at_ms + OPEN_MS

    def stay(self, at_ms: int) -> None:
        """Something was done inside."""
        if self.state == "open":
            self._closes_at_ms = at_ms + OPEN_MS

    def leave(self) -> None:
        """Close it."""
        self.state, self.is_wrong = "closed", False

    def tick(self, at_ms: int) -> None:
        """It is ``at_ms``: close what nobody uses."""
        if self.state != "closed" and at_ms >= self._closes_at_ms:
            self.leave()
        self._end_pause(at_ms)

    def _count_wrong(self, at_ms: int) -> None:
        tries, pause_ms = self._wrong.tries + 1, self._wrong.pause_ms
        is_barred = tries >= MAX_TRIES
        self._remember(WrongPins(tries=tries, pause_ms=pause_ms, is_barred=is_barred))
        if is_barred:
            self._barred_until_ms = at_ms + pause_ms

    def _end_pause(self, at_ms: int) -> None:
        """The pause is over: five tries again, and then a longer one."""
        if self._wrong.is_barred and not self.is_barred(at_ms):
            longer_ms = min(2 * self._wrong.pause_ms, LONGEST_PAUSE_MS)
            self._remember(WrongPins(pause_ms=longer_ms))

    def _remember(self, wrong: WrongPins) -> None:
        self._wrong = wrong
        self._keeper.keep(wrong)
