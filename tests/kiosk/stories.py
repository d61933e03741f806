"""What visitors do at a panel, edge by edge, and what must be in the outbox afterwards.

The table "What counts as a press" (docs/architecture.md), told as stories. They know nothing of any
panel, so each can be played at all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Final

from msgspec.structs import replace

from broker.wire.surveys import Survey
from hardware.buttons import Edge
from hardware.panel import FOUR_FACES, TACTILE_KEYS
from hardware.virtual.script import bounce, hold
from tests.kiosk.builders import WITH_REASON

BUTTONS: Final = (*FOUR_FACES, "option-1", "option-2", "option-3", "skip", *TACTILE_KEYS)
"""Buttons of the panel at which the stories happen."""

HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Story:
    """One story.

    Attributes:
        edges: what contacts do, each ``after_ms`` from the beginning, in order.
        events: what is in the outbox in the end, as :func:`tests.kiosk.builders.told` says it.
        visits: how many visitors these are.
        faults: what the panel reported, with ``+`` where it began and ``-`` where it ended.
        survey: what is asked; unhappy visitors are asked why.
        ends_ms: when to look into the outbox.
    """

    edges: tuple[Edge, ...]
    events: tuple[str, ...]
    visits: int
    faults: tuple[str, ...] = ()
    survey: Survey = WITH_REASON
    ends_ms: float = 60_000


def _told(*acts: tuple[Edge, ...]) -> tuple[Edge, ...]:
    """All edges of some acts in order of time."""
    return tuple(sorted(chain.from_iterable(acts), key=lambda edge: edge.after_ms))


def _at(at_ms: float, steps: tuple[object, ...]) -> tuple[Edge, ...]:
    """The edges of a script that begins at ``at_ms``."""
    edges = (step for step in steps if isinstance(step, Edge))
    return tuple(replace(edge, after_ms=at_ms + edge.after_ms) for edge in edges)


def _tap(button: str, at_ms: float, *, for_ms: float = 120) -> tuple[Edge, ...]:
    """A press as people do it, with a clean contact."""
    return _at(at_ms, hold(button, for_ms=for_ms))


def _bounce(button: str, at_ms: float, chatter_ms: float) -> tuple[Edge, ...]:
    """A press whose contact chatters at both ends."""
    chance = Random(int(chatter_ms * 10))
    return _at(at_ms, bounce(button, chance=chance, chatter_ms=chatter_ms))


def _taps(button: str, *times_ms: float) -> tuple[Edge, ...]:
    return _told(*(_tap(button, at_ms) for at_ms in times_ms))


def _two(apart_ms: float) -> tuple[Edge, ...]:
    """Two buttons, overlapping."""
    return _told(_tap("face-4", 0), _tap("face-3", apart_ms))


def _bounces() -> dict[str, Story]:
    """One press each, however long the contact chatters."""
    return {
        f"a contact that bounces for {chatter_ms} ms": Story(
            _bounce("face-4", 0, chatter_ms), ("rating 4",), visits=1
        )
        for chatter_ms in (0.1, 0.5, 1, 2, 5, 8, 12, 16, 20)
    }


STORIES: Final[dict[str, Story]] = {
    **_bounces(),
    "a key stuck for an hour, and released": Story(
        _told(
            _tap("face-4", 0, for_ms=HOUR_MS),
            _tap("face-3", 1_800_000),
            _tap("face-4", HOUR_MS + 5_000),
        ),
        ("rating 4", "rating 3", "rating 4"),
        visits=3,
        faults=("+face-4:stuck", "-face-4:stuck"),
        ends_ms=HOUR_MS + 60_000,
    ),
    "spikes of 1 ms": Story(
        _told(*(_tap("face-2", at_ms, for_ms=1) for at_ms in range(0, 2_000, 100))), (), visits=0
    ),
    "a spike of 1 ms beside a press": Story(
        _told(_tap("face-4", 0), _tap("face-1", 20, for_ms=1)), ("rating 4",), visits=1
    ),
    "two buttons 5 ms apart": Story(_two(5), (), visits=0),
    "two buttons 40 ms apart": Story(_two(40), (), visits=0),
    "two buttons 60 ms apart": Story(_two(60), ("rating 4", "correction 3"), visits=1),
    "two buttons 5 ms apart, and then one": Story(
        _told(_two(5), _tap("face-4", 1_000)), ("rating 4",), visits=1
    ),
    "the same face 200 ms apart": Story(_taps("face-4", 0, 200), ("rating 4",), visits=1),
    "the same face 400 ms apart": Story(
        _taps("face-4", 0, 400), ("rating 4", "rating 4"), visits=2
    ),
    "another face 2 s later": Story(
        _told(_tap("face-4", 0), _tap("face-3", 2_000)), ("rating 4", "correction 3"), visits=1
    ),
    "another face 4 s later": Story(
        _told(_tap("face-4", 0), _tap("face-3", 4_000)), ("rating 4", "rating 3"), visits=2
    ),
    "three other faces in a row": Story(
        _told(
            *(_tap(f"face-{n}", at_ms) for at_ms, n in ((0, 4), (900, 3), (1_800, 4), (2_700, 3)))
        ),
        ("rating 4", "correction 3", "correction 4", "rating 3"),
        visits=2,
    ),
    "rate, and say why": Story(
        _told(_tap("face-1", 0), _tap("option-2", 6_000)),
        ("rating 1", "reason answered attitude"),
        visits=1,
    ),
    "rate, and rather not say why": Story(
        _told(_tap("face-2", 0), _tap("skip", 2_500)), ("rating 2", "reason skipped"), visits=1
    ),
    "rate, and think about it until after the warning": Story(
        _told(_tap("face-2", 0), _tap("help", 30_000), _tap("option-1", 55_000)),
        ("rating 2", "reason answered waiting-time"),
        visits=1,
        ends_ms=100_000,
    ),
    "rate, and leave": Story(_tap("face-1", 0), ("rating 1", "reason timeout"), visits=1),
    "rate, leave, and the next one comes": Story(
        _told(_tap("face-1", 0), _tap("face-3", 8_000)),
        ("rating 1", "reason timeout", "rating 3"),
        visits=2,
    ),
    "thought better of it while asked why": Story(
        _told(_tap("face-1", 0), _tap("face-3", 1_500)), ("rating 1", "correction 3"), visits=1
    ),
    "thirty presses in ten seconds": Story(
        _taps("face-4", *range(0, 10_000, 333)[:30]), ("rating 4",) * 30, visits=30
    ),
    "a child hammers five times a second": Story(
        _taps("face-4", *range(0, 6_000, 200)), ("rating 4",), visits=1
    ),
    "two visitors in one second": Story(
        _taps("face-4", 0, 600), ("rating 4", "rating 4"), visits=2
    ),
    "rated by keys": Story(
        _told(_taps("next", 0, 150, 300), _tap("select", 900)), ("rating 3",), visits=1
    ),
    "rated and explained by keys": Story(
        _told(
            _taps("next", 0, 400),
            _tap("select", 900),
            _tap("previous", 2_000),
            _tap("previous", 2_300),
            _tap("select", 3_000),
        ),
        ("rating 2", "reason answered clarity"),
        visits=1,
    ),
    "walked about, and left": Story(_taps("next", 0, 400, 800), (), visits=0),
}
