"""What an address may choose, and what it may not."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.dashboard.choices import period_of

YESTERDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("7d", date(2026, 11, 15), YESTERDAY),
        ("28d", date(2026, 10, 25), YESTERDAY),
        ("364d", date(2025, 11, 23), YESTERDAY),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-11", date(2026, 11, 1), YESTERDAY),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026", date(2026, 1, 1), YESTERDAY),
        ("2025-12-29..2026-01-04", date(2025, 12, 29), date(2026, 1, 4)),
        ("1991-01-01..2099-12-31", date(1991, 1, 1), YESTERDAY),
        ("2026-11-20..2027-01-01", date(2026, 11, 20), YESTERDAY),
    ],
)
def test_a_code_is_days_up_to_yesterday(code: str, first: date, last: date) -> None:
    """Spans, months, years, and two days; what lies ahead is cut off."""
    assert period_of(code, YESTERDAY) == (first, last)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "28",
        "5d",
        "2026-13",
        "2026-00",
        "0000",
        "99999",
        "2027",
        "2026-12",
        "2026-11-21..",
        "2026-11-22..2026-11-30",
        "2026-11-10..2026-11-01",
        "2026-02-30..2026-03-01",
        "<b>",
        "२०२६",
        "0001-01-01..9999-12-31",
        "1990-12-31..2026-01-01",
        "2026-01-01..2100-01-01",
        "1990",
        "9999-12",
    ],
)
def test_what_is_no_period_is_none(code: str) -> None:
    """Nonsense, days that there are not or that nobody means, and days that are not over."""
    assert period_of(code, YESTERDAY) is None
