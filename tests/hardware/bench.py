"""A panel on the bench: its contacts in our hand, its clock in the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gpiozero.pins.mock import MockFactory, MockPin

from hardware.panel import Closure, Fault, Notice, Panel, Plug


class HandClock:
    """Uptime in milliseconds that passes only as told."""

    def __init__(self) -> None:
        self.now_ms = 60_000.0

    def uptime(self) -> float:
        """The uptime now."""
        return self.now_ms

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.now_ms += seconds * 1000


class HandFactory(MockFactory):  # type: ignore[misc]  # gpiozero comes without types
    """gpiozero's mock pins, whose edges happen by a clock in our hand."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(pin_class=HandPin)
        self._clock = clock

    def ticks(self) -> float:
        """Seconds of the clock."""
        return self._clock.now_ms / 1000


class HandPin(MockPin):  # type: ignore[misc]  # gpiozero comes without types
    """A pin of :class:`HandFactory`."""

    def _change_state(self, value: float) -> bool:
        has_changed: bool = super()._change_state(value)
        self._last_change = self.factory.ticks()
        return has_changed


class JammedPin(HandPin):
    """A pin that a jammed key holds at ground, whatever pulls it up."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self.drive_low()


@dataclass
class Bench:
    """A panel under test.

    Attributes:
        panel: with buttons ``face-1`` to ``face-4``.
        turn: closes (``True``) or opens the contact of a button.
        clock: the panel's.
        noticed: all that the panel noticed so far.
    """

    panel: Panel
    turn: Callable[[str, bool], None]
    clock: HandClock
    noticed: list[Notice] = field(default_factory=list)

    def close(self, button: str) -> None:
        """Close the contact of ``button``."""
        self._turn(button, is_closed=True)

    def open(self, button: str) -> None:
        """Open the contact of ``button``."""
        self._turn(button, is_closed=False)

    def rest(self, ms: float) -> None:
        """Let ``ms`` pass."""
        self.clock.now_ms += ms
        self.noticed += self.panel.wait(0)

    def tap(self, button: str) -> None:
        """Press and release ``button`` as people do."""
        self.close(button)
        self.rest(120)
        self.open(button)
        self.rest(60)

    @property
    def closures(self) -> list[Closure]:
        """The closures so far."""
        return [notice for notice in self.noticed if isinstance(notice, Closure)]

    @property
    def pressed(self) -> list[str]:
        """The buttons of the closures so far."""
        return [closure.button for closure in self.closures]

    @property
    def plugs(self) -> list[Plug]:
        """The plugs so far."""
        return [notice for notice in self.noticed if isinstance(notice, Plug)]

    @property
    def faults(self) -> list[Fault]:
        """The faults so far."""
        return [notice for notice in self.noticed if isinstance(notice, Fault)]

    def _turn(self, button: str, *, is_closed: bool) -> None:
        self.turn(button, is_closed)
        self.noticed += self.panel.wait(0)
