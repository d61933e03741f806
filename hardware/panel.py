"""The panel: what visitors press, and what answers them; the protocol that every board fulfils."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from hardware.errors import ReadableError

Signal: TypeAlias = Literal[
    "pressed",
    "void",
    "thanks",
    "ask",
    "warn",
    "identify",
    "idle",
    "closed",
    "not-set-up",
    "maintenance",
    "out-of-order",
]
"""What the panel shows. One light and one tone for every value: the clerk two metres away must
not learn what was pressed. ``pressed`` answers at once, ``thanks`` follows the commit, ``void``
takes a light back, ``ask`` invites to the next question or follow-up, ``warn`` says that it won't
wait much longer, ``identify`` which kiosk of a hall this is, ``closed`` that it is out of hours;
``not-set-up`` is silent."""

LIT: Final[frozenset[Signal]] = frozenset({"pressed", "thanks", "ask", "warn", "identify"})
"""Signals during which the lamps are lit, all of them together."""

Input: TypeAlias = Literal["button", "key", "touch", "keyboard"]
"""By what a press came: a face button, a tactile key, the touchscreen, a keyboard."""

TACTILE_KEYS: Final = ("previous", "next", "select", "help")
"""The four keys with which every question can be answered without seeing it."""


FOUR_FACES: Final = ("face-1", "face-2", "face-3", "face-4")
"""The buttons of the usual panel."""


@dataclass(frozen=True, slots=True)
class Closure:
    """One clean closing of one button, debounced.

    Attributes:
        button: ``face-N`` for a value of the scale, ``option-N`` (from 1), ``skip``, one of the
            :data:`TACTILE_KEYS`, ``language-TAG``, or ``extend`` (more time, please).
        at_ms: device uptime in milliseconds, of the first edge.
        id: UUID in lower case, minted by whoever saw the press; becomes the event's id.
        input: by what it came.
    """

    button: str
    at_ms: int
    id: str
    input: Input = "button"


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


@dataclass(frozen=True, slots=True)
class Plug:
    """A plug goes into a socket, or comes out.

    Attributes:
        part: ``headphones``.
    """

    part: str
    is_in: bool


Notice: TypeAlias = Closure | Fault | Plug


class PanelError(ReadableError):
    """A panel that can't be used as asked; the text says what is wrong and where."""


class Source(Protocol):
    """Something that can be waited for: a socket, a pipe, a device."""

    def fileno(self) -> int:
        """Return its file descriptor."""


class Panel(Protocol):
    """A panel, pulled like a link: :meth:`wait` returns what happened since the last call."""

    @property
    def buttons(self) -> tuple[str, ...]:
        """Names of the buttons that it has: what none of them can answer is not asked."""

    def wait(self, timeout_s: float) -> list[Notice]:
        """Wait up to ``timeout_s`` for closures and faults, in order of time."""

    def show(self, signal: Signal, press_id: str | None = None) -> None:
        """Show ``signal``; ``press_id`` names the press that it answers, where there is one."""

    def inject(self, *closures: Closure) -> None:
        """Let :meth:`wait` report presses that another part saw (the screen); from any thread.

        They join the panel's own in order of time. A button that is held down can't be pressed.
        """

    def attend(self, source: Source, callback: Callable[[], None]) -> None:
        """While waiting, call ``callback`` whenever ``source`` can be read."""

    def leave(self, source: Source) -> None:
        """Attend to ``source`` no more."""

    def wake(self) -> None:
        """Make a running or the next :meth:`wait` return at once; from any thread."""

    def close(self) -> None:
        """Put the lights out and release the pins."""
