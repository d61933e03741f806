"""What the sample town gives back: published months, and what came of its measures."""

from __future__ import annotations

from typing import Final

from analytics.closed.book import Book
from analytics.improvement.protocol import Improvement
from analytics.improvement.who import Who
from analytics.published.effects import publish_effects
from analytics.published.publishing import months_to_publish, publish

MOST_MONTHS: Final = 13
"""So that the newest has the same month of the year before beside it."""


def give_back(improvement: Improvement, who: Who, book: Book, site: str) -> None:
    """Publish the last months and what came of public actions, unless something is published."""
    if improvement.published_months():
        return
    for month in reversed(months_to_publish(book, MOST_MONTHS)):
        publish(book, improvement, who, month, site)
    publish_effects(book, improvement, who, site)
