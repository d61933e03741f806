"""Public holidays of Bulgaria, in the words of a screen."""

from __future__ import annotations

from datetime import date

from broker.store.public_holidays import public_holidays
from broker.wire.legible import faults_of_text
from broker.wire.shown import MAX_NAME


def test_holidays_of_a_spring() -> None:
    """Easter of the Orthodox calendar, and the day off instead of a weekend's holiday."""
    found = public_holidays("BG", date(2026, 4, 1), date(2026, 5, 31))
    assert [f"{on:%m-%d}" for on in found] == [
        *("04-10", "04-11", "04-12", "04-13"),
        *("05-01", "05-06", "05-24", "05-25"),
    ]
    assert found[date(2026, 4, 12)] == {"bg": "Великден", "en": "Easter"}


def test_both_ends_and_the_turn_of_the_year_are_in_it() -> None:
    """A period is of its first and its last day, in whatever years they are."""
    found = public_holidays("BG", date(2026, 12, 28), date(2027, 1, 1))
    assert list(found) == [date(2026, 12, 28), date(2027, 1, 1)]
    assert public_holidays("BG", date(2026, 11, 3), date(2026, 11, 20)) == {}


def test_every_name_fits_a_screen() -> None:
    """In both languages, over a lifetime."""
    for names in public_holidays("BG", date(2020, 1, 1), date(2060, 12, 31)).values():
        assert names.keys() == {"bg", "en"}
        for name in names.values():
            assert not list(faults_of_text(name, MAX_NAME, has_lines=False))
            assert not name.endswith("…")
