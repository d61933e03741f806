"""Presses for tests of the rules: as visits, and as a kiosk sends them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from broker.intake.intake import Intake
from broker.misuse.rules import Day
from broker.misuse.visits import Press, Visit
from broker.store.database import Database
from broker.wire.events import AnyEvent, Rating
from tests.intake.making import NOON, delivery, rating

SECOND = 1000
MINUTE = 60 * SECOND


def visit(at_ms: int, value: int = 4, *corrections: tuple[int, int], device: str = "a") -> Visit:
    """A visit at ``at_ms``, named by it; a correction is how much later, and the value."""
    later = (Press(at_ms + after_ms, other) for after_ms, other in corrections)
    return Visit(str(at_ms), device, "overall", "faces-4", (Press(at_ms, value), *later))


def a_day(visits: Sequence[Visit], *, is_open: bool | None = None) -> Day:
    """A day of these visits, without history."""
    return Day(visits, [], lambda at_ms: at_ms // (60 * MINUTE), lambda _at: is_open)


def pressed(
    seconds: Iterable[float], *, value: int = 4, first_seq: int = 1, since: datetime = NOON
) -> list[Rating]:
    """Ratings so many seconds after ``since``."""
    return [
        rating(seq, value, answered_at=since + timedelta(seconds=second))
        for seq, second in enumerate(seconds, first_seq)
    ]


def admit(database: Database, events: Sequence[AnyEvent]) -> None:
    """Let the store have them, as of one kiosk."""
    received_at = max(event.answered_at for event in events) + timedelta(minutes=1)
    intake = Intake(database)
    for begin in range(0, len(events), 500):
        part = events[begin : begin + 500]
        intake.admit([delivery(*part, received_at=received_at)])
