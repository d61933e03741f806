"""Hours of the week: none follows from another, neither by place nor by time."""

from __future__ import annotations

from datetime import date

from analytics.closed.hours import Cell, _renewed, _shown, window
from analytics.closed.standing import Named
from broker.store.places import Place

TOWN, HALL, ANNEX = Place("site", "town"), Place("location", "hall"), Place("location", "annex")
NAMED = [
    Named(TOWN, "Град", None, 0, None, None, ()),
    Named(HALL, "Зала", TOWN, 1, "hall", 5, ()),
    Named(ANNEX, "Пристройка", TOWN, 1, "annex", 5, ()),
]


def shown(hall: int, annex: int) -> dict[Place, int]:
    """Votes of the hour that is shown, by place."""
    own = {HALL: {8: Cell(hall, hall)}, ANNEX: {8: Cell(annex, annex)}}
    return {place: grid[8].votes for place, grid in _shown(NAMED, own) if 8 in grid}


def test_a_small_hour_hides_the_total_that_gives_it_away() -> None:
    """Of two halls, one with two votes: the town's hour would tell them."""
    assert shown(10, 2) == {HALL: 10}
    assert shown(10, 7) == {TOWN: 17, HALL: 10, ANNEX: 7}
    assert shown(3, 4) == {TOWN: 7}
    assert shown(10, 0) == {TOWN: 10, HALL: 10}
    assert shown(2, 1) == {}


def test_an_hour_that_was_seen_changes_by_five() -> None:
    """A late vote, or a block that moves the window, tells of no single vote."""
    before = {8: Cell(20, 18), 9: Cell(10, 9)}
    now = {8: Cell(22, 19), 9: Cell(14, 14), 10: Cell(6, 6)}
    assert _renewed(before, now) == {8: Cell(20, 18), 9: Cell(14, 14), 10: Cell(6, 6)}


def test_the_window_moves_by_whole_blocks() -> None:
    """It is 364 days long, ends on the last day of a block, and stays for 28 days."""
    found = window(date(2026, 11, 21))
    assert found.length == 364
    assert window(found.to_on) == found
    assert len({window(date.fromordinal(found.to_on.toordinal() + n)) for n in range(28)}) == 1
