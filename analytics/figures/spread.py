"""How much a place's days differ beyond chance: what makes intervals of changes honest."""

from __future__ import annotations

from typing import Final

from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.measures.p_chart import p_chart
from analytics.period import Period

FEWEST_DAYS: Final = 10
"""From fewer days their spread can't be told; then chance alone is taken."""


def spread_of(book: Book, asked: Asked, scale: str) -> float:
    """σ_z of the days of the period and of as many before (``analytics.measures.p_chart``).

    Votes come in waves: a slow system makes a whole morning unhappy. Without this the change from
    month to month would be "sure" where nothing but two such mornings happened.
    """
    both = Period(asked.period.before.from_on, asked.period.to_on)
    days = book.trend(asked.in_period(both), "day").get(scale, [])
    if len(days) < FEWEST_DAYS:
        return 1.0
    return p_chart([(day.satisfied, day.n) for day in days]).spread
