"""Days put together until they have five votes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.closed.blocks import ANSWERS, NOTHING, Atom, Closed, Counts, Day, closed

FIRST = date(2026, 3, 2)


def days(*votes: tuple[Counts, Counts] | Counts) -> list[Day]:
    """One day after the other; where only one is given, nothing was taken out."""
    found = []
    for number, each in enumerate(votes):
        filtered, raw = each if isinstance(each[0], tuple) else (each, each)
        found.append(Day(FIRST + timedelta(number), filtered, raw))
    return found


def atom(first: int, last: int, counts: Counts) -> Atom:
    """Days by their numbers."""
    return Atom(FIRST + timedelta(first), FIRST + timedelta(last), counts)


def test_a_day_of_five_stands_alone_and_smaller_ones_wait() -> None:
    """Each with those after it, until there are five."""
    found = closed(days((0, 5), (1, 1), (2, 0), (0, 1), (4, 0)))
    assert found.filtered == (atom(0, 0, (0, 5)), atom(1, 3, (3, 2)))
    assert found.raw == found.filtered


def test_days_of_few_people_wait_for_those_of_others() -> None:
    """A tablet that wandered from desk to desk tells of no desk, whatever period is chosen."""
    found = closed(
        [
            Day(FIRST + timedelta(number), (9, 0), (9, 0), frozenset({desk}))
            for number, desk in enumerate("aaabb")
        ],
        names=lambda where: len(where) < 2,
    )
    assert found.filtered == (atom(0, 3, (36, 0)),)
    assert found.raw == found.filtered


def test_nothing_is_nothing() -> None:
    """No days, no atoms."""
    assert closed([]) == NOTHING


def test_what_was_taken_out_is_not_told_one_by_one() -> None:
    """As pressed, days go together until five votes differ."""
    # One vote of the first day was flagged, four of the third: only together are they five.
    found = closed(days(((5, 0), (6, 0)), (5, 0), ((6, 0), (10, 0))))
    assert [each.last_on for each in found.filtered] == [FIRST + timedelta(n) for n in range(3)]
    assert found.raw == (atom(0, 2, (21, 0)),)


def test_a_correction_moves_a_vote_and_differs_once() -> None:
    """Five corrections are five."""
    moved = closed(days(*[((0, 6), (1, 5))] * 4))
    assert moved.raw == ()
    assert closed(days(*[((0, 6), (1, 5))] * 5)).raw == (atom(0, 4, (5, 25)),)


def test_a_late_vote_waits_for_four_others() -> None:
    """Who looked before it came sees nothing of it."""
    before = closed(days((5,), (6,)))
    assert closed(days((5,), (10,)), before) == before
    assert closed(days((5,), (11,)), before).filtered[1] == atom(1, 1, (11,))


def test_days_that_come_late_keep_the_blocks() -> None:
    """What was shown together stays together."""
    whole = days((3,), (2,), (7,))
    before = closed([whole[0], whole[2]])  # the second day's votes were still on a kiosk
    assert before.filtered == (atom(0, 2, (10,)),)
    assert closed(whole, before) == before


def test_what_was_flagged_until_too_little_was_left_is_hidden() -> None:
    """Nothing is shown of three votes that are left."""
    before = closed(days((9,)))
    assert closed(days(((3,), (9,))), before).filtered == ()


def test_answers_count_people_and_not_what_they_chose() -> None:
    """Who chooses three reasons is one."""
    one = (2, 0, 0, 2, 2, 2)
    found = closed(days(one, one, one), heads=ANSWERS)
    assert found.filtered == (atom(0, 2, (6, 0, 0, 6, 6, 6)),)


COUNTS = st.tuples(st.integers(0, 6), st.integers(0, 6))


@pytest.mark.parametrize("heads", [slice(None)])
@given(votes=st.lists(st.tuples(COUNTS, COUNTS), max_size=40))
def test_every_atom_has_five_votes_and_none_is_lost_before_the_last(
    votes: list[tuple[Counts, Counts]], heads: slice
) -> None:
    """Whatever the days are like."""
    given_days = days(*votes)
    found = closed(given_days, heads=heads)
    assert all(sum(each.counts) >= 5 for each in found.filtered)
    if found.filtered:
        until = found.filtered[-1].last_on
        total = sum(sum(day.filtered) for day in given_days if day.on <= until)
        assert sum(sum(each.counts) for each in found.filtered) == total
    for raw in found.raw:
        within = [
            a for a in found.filtered if raw.first_on <= a.first_on and a.last_on <= raw.last_on
        ]
        left = tuple(map(sum, zip(*(a.counts for a in within), strict=True)))
        ups = sum(max(a - b, 0) for a, b in zip(raw.counts, left, strict=True))
        downs = sum(max(b - a, 0) for a, b in zip(raw.counts, left, strict=True))
        assert max(ups, downs) not in range(1, 5)


@given(votes=st.lists(COUNTS, min_size=1, max_size=30), late=st.data())
def test_who_looks_twice_sees_five_votes_more_or_none(
    votes: list[Counts], late: st.DataObject
) -> None:
    """Whatever comes late."""
    now = [tuple(n + late.draw(st.integers(0, 3)) for n in counts) for counts in votes]
    before = closed(days(*votes))
    after = closed(days(*now), before)
    shown = {each.last_on: each for each in before.filtered}
    for each in after.filtered:
        old = shown.get(each.last_on)
        more = 0 if old is None else sum(each.counts) - sum(old.counts)
        assert more == 0 or more >= 5


def test_before_is_of_the_same_series() -> None:
    """What was made earlier is made again."""
    assert closed(days((5,)), Closed((atom(0, 0, (5,)),), ())).filtered == (atom(0, 0, (5,)),)
