"""How the share satisfied went, step by step, against control limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.closed.asked import Asked, Votes
from analytics.closed.book import Book
from analytics.measures.change_points import change_points
from analytics.measures.p_chart import PChart, p_chart
from analytics.measures.shares import Share, share_of
from analytics.period import Period, Step

DAYS_UP_TO: Final = 45
WEEKS_UP_TO: Final = 400
"""So long a period is shown in days, or in weeks; longer ones in months."""

FEWEST_POINTS: Final = 4
"""Of fewer no limits are made."""


@dataclass(frozen=True, slots=True)
class Point:
    """One step.

    Attributes:
        low, high: the control limits at so many votes; ``None`` where there are none.
        is_beyond: it lies outside them, and has votes enough to say so.
    """

    period: Period
    votes: Votes
    satisfied: Share
    low: float | None
    high: float | None
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A lasting change: from ``on`` the share satisfied is another."""

    on: date
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of votes on one scale.

    Attributes:
        chart: the limits; ``None`` of fewer than four points.
        levels: lasting changes, in order.
    """

    scale: str
    step: Step
    points: tuple[Point, ...]
    chart: PChart | None
    levels: tuple[Level, ...]


def step_for(period: Period) -> Step:
    """In which steps a period is shown."""
    if period.length <= DAYS_UP_TO:
        return "day"
    return "week" if period.length <= WEEKS_UP_TO else "month"


def courses(book: Book, asked: Asked, step: Step | None = None) -> list[Course]:
    """The course scale by scale, most votes first; none for no votes.

    ``step``: as fits the period, where none is named.
    """
    step = step or step_for(asked.period)
    found = book.trend(asked, step)
    ranked = sorted(found, key=lambda scale: -sum(each.n for each in found[scale]))
    return [_course(scale, step, found[scale]) for scale in ranked]


def _course(scale: str, step: Step, steps: list[Votes]) -> Course:
    counts = [(each.satisfied, each.n) for each in steps]
    chart = p_chart(counts) if len(counts) >= FEWEST_POINTS else None
    levels = [
        Level(steps[split.at].period.from_on, split.before, split.after)
        for split in change_points(counts)
    ]
    return Course(scale, step, tuple(_point(each, chart) for each in steps), chart, tuple(levels))


def _point(votes: Votes, chart: PChart | None) -> Point:
    share = share_of(votes.satisfied, votes.n)
    if chart is None:
        return Point(votes.period, votes, share, None, None, is_beyond=False)
    low, high = chart.limits(votes.n)
    is_beyond = not chart.is_rough(votes.n) and chart.is_beyond(votes.satisfied, votes.n)
    return Point(votes.period, votes, share, low, high, is_beyond)
