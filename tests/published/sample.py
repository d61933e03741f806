"""Months of a town of two units, to publish."""

from __future__ import annotations

from analytics.closed.book import Book
from analytics.published.reckoning import results_of
from analytics.published.results import write_results
from tests.figures.books import ANNEX, HALL, book

MARCH, FEBRUARY, JANUARY = "2026-03", "2026-02", "2026-01"


def a_book(
    hall: tuple[int, ...] = (0, 1, 1, 3, 5), annex: tuple[int, ...] = (0, 0, 1, 2, 3)
) -> Book:
    """So many votes by value every day (0 first), and reasons named in the hall."""
    return book(
        {HALL: lambda _: hall, ANNEX: lambda _: annex},
        # answered, skipped, timed out, then the options
        {HALL: lambda _: (5, 1, 0, 3, 1, 1)},
    )


def contents(made: Book, month: str) -> dict[str, str]:
    """A month as it is kept: unit → JSON."""
    return {unit: write_results(each) for unit, each in results_of(made, month).items()}
