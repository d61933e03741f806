"""What is new: found where it happened, dated, and seldom where nothing did."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from analytics.closed.book import Book
from analytics.figures.findings import findings
from broker.store.places import Place
from tests.figures.books import ANNEX, DESK, HALL, LAST, LENGTH, Daily, book


def daily(seed: str, n: int, unhappy: float, change_at: int = LENGTH, then: float = 0.0) -> Daily:
    """``n`` votes a day of which a share is unhappy; from a day on another one."""

    def votes(number: int) -> tuple[int, ...]:
        chance = random.Random(f"{seed}-{number}")
        share = then if number >= change_at else unhappy
        bad = sum(chance.random() < share for _ in range(n))
        return (0, bad, 0, 0, n - bad)

    return votes


def test_a_worsening_is_found_where_it_happened() -> None:
    """At the desk, not at the hall or the town that it stands in; dated, with its reason."""
    votes = {
        HALL: daily("hall", 60, 0.1),
        ANNEX: daily("annex", 60, 0.1),
        DESK: daily("desk", 60, 0.1, LENGTH - 12, 0.3),
    }
    found = findings(book(votes, {DESK: lambda _: (9, 1, 0, 2, 1, 6)}))
    assert [(each.kind, each.named.place) for each in found] == [("worse", DESK)]
    (finding,) = found
    assert abs((finding.since_on - (LAST - timedelta(11))).days) <= 1
    assert finding.certainty == "sure"
    assert -0.26 < finding.change.difference < -0.14
    assert finding.reason is not None
    assert finding.reason.code == "clarity"
    assert finding.id.startswith("worse:touchpoint:desk:faces-4:2026-W1")


def test_good_news_is_told_after_bad() -> None:
    """A lasting improvement is a finding, too; what got worse stands first."""
    votes = {
        HALL: daily("h", 60, 0.1),
        ANNEX: daily("a", 60, 0.3, LENGTH - 14, 0.08),
        DESK: daily("d", 60, 0.1, LENGTH - 14, 0.3),
    }
    kinds = [(each.kind, each.named.place) for each in findings(book(votes))]
    assert kinds == [("worse", DESK), ("better", ANNEX)]
    assert findings(book(votes), most=1)[0].kind == "worse"


def test_what_happened_long_ago_is_no_news() -> None:
    """It stands on the place's page, and not on every morning's."""
    votes = {DESK: daily("long", 60, 0.1, LENGTH - 40, 0.3), ANNEX: daily("b", 60, 0.1)}
    assert findings(book(votes)) == []


@pytest.mark.parametrize("few", [0, 1, 3])
def test_few_votes_find_nothing_and_break_nothing(few: int) -> None:
    """None at all, one a day, three a day."""
    votes = {DESK: lambda _: (0, few, 0, 0, 0)}
    assert findings(book(votes)) == []


def test_a_quiet_town_has_few_findings() -> None:
    """Thirty towns of twelve places in which nothing happens: one in twenty may have a finding.

    With rates over the clear places only, it was one in four.
    """
    mornings = sum(bool(findings(quiet_town(seed))) for seed in range(30))
    assert mornings <= 3


def quiet_town(seed: int) -> Book:
    """Twelve desks of thirteen votes a day, each 15 % unhappy."""
    desks = [Place("touchpoint", f"desk-{number}") for number in range(12)]
    return book({desk: daily(f"{seed}-{desk.code}", 13, 0.15) for desk in desks})


def test_twelve_places_hide_no_real_change() -> None:
    """Among many places a clear change is still found, and surely."""
    desks = [Place("touchpoint", f"desk-{number}") for number in range(12)]
    votes = {desk: daily(f"many-{desk.code}", 40, 0.1) for desk in desks}
    votes[desks[3]] = daily("many", 40, 0.1, LENGTH - 12, 0.35)
    (found,) = findings(book(votes))
    assert (found.named.place, found.certainty) == (desks[3], "sure")
