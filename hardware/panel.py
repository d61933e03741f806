"""The panel: what visitors press, and what answers them; the protocol that every board fulfils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

Signal: TypeAlias = Literal["pressed", "void", "thanks", "ask", "idle", "out-of-order"]
"""What the panel shows. One light and one tone for every value: the clerk two metres away must
not learn what was pressed. ``pressed`` answers at once, ``thanks`` follows the commit, ``void``
takes a light back, ``ask`` invites to the next question or follow-up."""

LIT: Final[frozenset[Signal]] = frozenset({"pressed", "thanks", "ask"})
"""Signals during which the lamps are lit, all of them together."""


FOUR_FACES: Final = ("face-1", "face-2", "face-3", "face-4")
"""The buttons of the usual panel."""


@dataclass(frozen=True, slots=True)
class Closure:
    """One clean closing of one button, debounced.

    Attributes:
        button: ``face-N`` for a value of the scale, ``option-N`` (from 1), ``skip``.
        at_ms: device uptime in milliseconds, of the first edge.
        id: UUID in lower case, minted by whoever saw the press; becomes the event's id.
    """

    button: str
    at_ms: int
    id: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that is broken, or whole again.

    Attributes:
        part: ``face-1``, ``lamp-2`` …
        fault: ``stuck``, ``dead`` …
        is_present: ``False`` when it has gone.
    """

    part: str
    fault: str
    is_present: bool


Notice: TypeAlias = Closure | Fault


class PanelError(Exception):
    """A panel that can't be used as asked; the text says what is wrong and where."""


class Panel(Protocol):
    """A panel, pulled like a link: :meth:`wait` returns what happened since the last call."""

    @property
    def buttons(self) -> tuple[str, ...]:
        """Names of the buttons that it has: what none of them can answer is not asked."""

    def wait(self, timeout_s: float) -> list[Notice]:
        """Wait up to ``timeout_s`` for closures and faults, in order of time."""

    def show(self, signal: Signal, press_id: str | None = None) -> None:
        """Show ``signal``; ``press_id`` names the press that it answers, where there is one."""

    def wake(self) -> None:
        """Make a running or the next :meth:`wait` return at once; from any thread."""

    def close(self) -> None:
        """Put the lights out and release the pins."""
