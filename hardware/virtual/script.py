"""What passes between a virtual panel and whoever plays the visitor: JSON, one message a line.

The functions make scripts, that is steps with their times, which only the panel's side can keep
exactly: a bounce of 0.1 ms is played there, not sent there.
"""

from __future__ import annotations

from random import Random
from typing import TypeAlias

import msgspec
from msgspec import Struct

from hardware.buttons import Edge, Press, Step
from hardware.panel import Signal


class Play(Struct, frozen=True, tag="play"):
    """Let these steps happen, each ``after_ms`` from now."""

    steps: tuple[Step, ...]


class Lamp(Struct, frozen=True, tag="lamp"):
    """Break or mend a lamp."""

    lamp: str
    is_dead: bool


class Cable(Struct, frozen=True, tag="cable"):
    """Pull or plug the cable between the buttons and the kiosk."""

    is_pulled: bool


class Plugged(Struct, frozen=True, tag="plugged"):
    """Put the plug of a part in, or pull it out: ``headphones``."""

    part: str
    is_in: bool


class Hello(Struct, frozen=True, tag="hello"):
    """What the panel says to whoever attaches: what it is, and what it shows now."""

    buttons: tuple[str, ...]
    lamps: tuple[str, ...]
    signal: Signal


class Shown(Struct, frozen=True, tag="shown"):
    """What the kiosk showed.

    Attributes:
        signal: as given to ``show``.
        press_id: the press that it answers, where there is one.
        lamps: those that are lit by now; a dead one never is.
        at_ms: device uptime (``CLOCK_BOOTTIME``, the same in every process of a machine).
    """

    signal: Signal
    press_id: str | None
    lamps: tuple[str, ...]
    at_ms: float


class Refusal(Struct, frozen=True, tag="refusal"):
    """What was wrong with a message; nothing of it happened."""

    detail: str


FromVisitor: TypeAlias = Play | Lamp | Cable | Plugged
FromPanel: TypeAlias = Hello | Shown | Refusal

_encoder = msgspec.json.Encoder()
_from_visitor: msgspec.json.Decoder[FromVisitor] = msgspec.json.Decoder(FromVisitor)
_from_panel: msgspec.json.Decoder[FromPanel] = msgspec.json.Decoder(FromPanel)


def read_visitor(line: bytes) -> FromVisitor:
    """Read a line from a visitor; raises ``msgspec.DecodeError``."""
    return _from_visitor.decode(line)


def read_panel(line: bytes) -> FromPanel:
    """Read a line from a panel; raises ``msgspec.DecodeError``."""
    return _from_panel.decode(line)


def write_line(message: FromVisitor | FromPanel) -> bytes:
    """Return ``message`` as one line."""
    return _encoder.encode(message) + b"\n"


def hold(button: str, press_id: str | None = None, *, for_ms: float) -> tuple[Step, ...]:
    """A clean contact, closed for ``for_ms``."""
    return (
        Edge(button=button, is_closed=True, id=press_id),
        Edge(button=button, is_closed=False, after_ms=for_ms),
    )


def stick(button: str, press_id: str | None = None) -> tuple[Step, ...]:
    """A key that goes down and does not come up."""
    return (Edge(button=button, is_closed=True, id=press_id),)


def press_two(first: tuple[str, str], second: tuple[str, str], apart_ms: float) -> tuple[Step, ...]:
    """Two buttons, each with the id of its press, ``apart_ms`` one after the other."""
    return (
        Press(button=first[0], id=first[1]),
        Press(button=second[0], id=second[1], after_ms=apart_ms),
    )


def bounce(
    button: str,
    press_id: str | None = None,
    *,
    chance: Random,
    for_ms: float = 200.0,
    chatter_ms: float = 5.0,
) -> tuple[Step, ...]:
    """One press of ``for_ms`` whose contact chatters for ``chatter_ms`` at both ends.

    Each chatter is a run of closed and open times of 0.1 to 1.5 ms; cheap microswitches were seen
    to need 1 to 6 ms, worn ones up to 20 ms.
    """
    edges = [*_chatter(0.0, chatter_ms, chance), (chatter_ms, True)]
    edges += [(for_ms + at_ms, not level) for at_ms, level in _chatter(0.0, chatter_ms, chance)]
    edges.append((for_ms + chatter_ms, False))
    return tuple(
        Edge(button=button, is_closed=is_closed, after_ms=at_ms, id=press_id)
        for at_ms, is_closed in edges
    )


def _chatter(at_ms: float, end_ms: float, chance: Random) -> list[tuple[float, bool]]:
    """Edges from ``at_ms`` to before ``end_ms``: closed, open, and so on."""
    edges = []
    is_closed = True
    while at_ms < end_ms:
        edges.append((at_ms, is_closed))
        at_ms += chance.uniform(0.1, 1.5)
        is_closed = not is_closed
    return edges
