"""Which closures are presses: the upper half of the table "What counts as a press". Pure.

The table is in docs/architecture.md. Where it leaves room, this is how it is read. All times are
the closures' ``at_ms``, never when we were told of them.

* *Void*: two closures of different buttons less than 50 ms apart, whichever came first. A third
  one less than 50 ms from a void one is void, too. A closure counts once 50 ms have passed.
* *Double strike*: less than 300 ms after the previous press of the same button, with nothing in
  between; that one may be a double strike itself, so a hammering child is one press. Void closures,
  and those of buttons that mean nothing now, are not "previous".
* ``select`` is a press of what the focus stands on, so a double strike of that, too. Walkers are
  quick: the same walking key is the same press for 50 ms only.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from hardware.panel import Closure
from kiosk.focus import WALKING

VOID_MS: Final = 50
STRIKE_MS: Final = 300


@dataclass(frozen=True, slots=True)
class Press:
    """A closure, and the ``button`` that it amounts to: the one in focus, or a face as a key."""

    closure: Closure
    button: str


class Gate:
    """Tells presses from void closures and double strikes, and keeps one until its 50 ms are over.

    For each closure call :meth:`void`; if it isn't, :meth:`is_repeated`; if it isn't, either, and
    its button means something, :meth:`hold`. What is held comes out of :meth:`release`.
    """

    def __init__(self) -> None:
        self._recent: deque[Closure] = deque(maxlen=16)
        self._previous: Press | None = None
        self._held: Press | None = None
        self._before_held: Press | None = None

    @property
    def is_held(self) -> bool:
        """Whether a press waits for its 50 ms."""
        return self._held is not None

    @property
    def release_ms(self) -> int | None:
        """When the press that waits will count; ``None``: none waits."""
        return None if self._held is None else self._held.closure.at_ms + VOID_MS

    def release(self, at_ms: int) -> Press | None:
        """Let go of the press that waits, if at ``at_ms`` its 50 ms are over."""
        if self.release_ms is None or at_ms < self.release_ms:
            return None
        held, self._held = self._held, None
        return held

    def is_overtaken(self, closure: Closure) -> bool:
        """Whether another button was pressed since: a touch long under way has no say any more."""
        return any(other.at_ms - closure.at_ms >= VOID_MS for other in self._recent)

    def void(self, closure: Closure) -> list[Closure]:
        """The closures that ``closure`` makes void and nobody knew of, itself included; or none.

        The press that waits is among them where it is void, and then waits no more.
        """
        is_void = any(_are_void(closure, other) for other in self._recent)
        self._recent.append(closure)
        if not is_void:
            return []
        if self._held is None or not _are_void(closure, self._held.closure):
            return [closure]
        held, self._held, self._previous = self._held, None, self._before_held
        return [held.closure, closure]

    def is_repeated(self, press: Press) -> bool:
        """Whether ``press`` is still the one before it."""
        if self._previous is not None and _is_double_strike(press, self._previous):
            self._previous = press
            return True
        # Nobody lets go and presses again within the 50 ms of a press that waits.
        return self._held is not None and self._held.closure.button == press.closure.button

    def hold(self, press: Press, *, is_sign: bool) -> None:
        """Let ``press`` wait; a mere sign of life is never the "previous" of another press."""
        self._held, self._before_held = press, self._previous
        if not is_sign:
            self._previous = press

    def drop(self) -> None:
        """Forget the press that waits."""
        self._held = None


def _are_void(one: Closure, other: Closure) -> bool:
    return one.button != other.button and abs(one.at_ms - other.at_ms) < VOID_MS


def _is_double_strike(press: Press, previous: Press) -> bool:
    if press.closure.at_ms - previous.closure.at_ms >= STRIKE_MS:
        return False
    if press.button in WALKING and previous.button in WALKING:
        return False
    return press.button == previous.button or press.closure.button == previous.closure.button
