"""The two minima: figures grow by five, periods are of whole blocks, few staff merge upward."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import combinations
from typing import Final

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures.minima import (
    MIN_STAFF,
    MIN_VOTES,
    UNSEEN,
    Block,
    blocks_of,
    blocks_within,
    named_places,
    released,
)

FIRST: Final = date(2023, 7, 3)
DAYS: Final = st.lists(st.integers(0, 12), max_size=25).map(
    lambda votes: {FIRST + timedelta(days=day): n for day, n in enumerate(votes)}
)


def test_a_figure_is_renewed_by_five_votes() -> None:
    """Four are hidden, five shown; then nothing moves until five more have come."""
    assert not released(UNSEEN, {4: 4}).is_shown
    seen = released(UNSEEN, {1: 2, 4: 3})
    assert seen.is_shown
    assert seen.counts == {1: 2, 4: 3}
    assert released(seen, {1: 3, 4: 6}) == seen
    assert released(seen, {1: 3, 4: 7}).counts == {1: 3, 4: 7}
    assert released(seen, {1: 3, 4: 2}) == seen


def test_votes_left_out_later_hide_a_figure_and_are_remembered() -> None:
    """What comes back is compared with what people saw, not with the hidden state between."""
    seen = released(UNSEEN, {4: 10})
    hidden = released(seen, {4: 3})
    assert not hidden.is_shown
    assert released(hidden, {4: 9}) == seen
    assert released(hidden, {4: 15}).counts == {4: 15}


@given(st.lists(st.dictionaries(st.integers(1, 4), st.integers(0, 9)), max_size=40))
def test_no_two_showings_differ_by_fewer_than_five(states: list[dict[int, int]]) -> None:
    """Whatever comes and goes, a change that can be seen has five votes or more."""
    state, last = UNSEEN, Counter[int]()
    for counts in states:
        state = released(state, counts)
        if state.is_shown:
            now = Counter(state.counts)
            assert now.total() >= MIN_VOTES
            if now != last:
                assert max((now - last).total(), (last - now).total()) >= MIN_VOTES
            last = now


def test_days_wait_for_each_other() -> None:
    """A day of three waits for the next ones; what is left at the end waits for more."""
    votes = {FIRST + timedelta(days=day): n for day, n in enumerate((6, 3, 0, 2, 9, 4))}
    days = sorted(votes)
    blocks = blocks_of(votes)
    expected = [(days[0], days[0]), (days[1], days[3]), (days[4], days[4])]
    assert blocks == [Block(*ends) for ends in expected]
    assert blocks_within(blocks, days[0], days[2]) == blocks[:1]
    assert blocks_of({}) == []


@given(DAYS)
def test_two_periods_differ_by_nothing_or_by_five(votes: dict[date, int]) -> None:
    """Every pair of periods, as anybody may choose them, shows sums that differ by whole blocks."""
    blocks = blocks_of(votes)
    days = sorted(votes)
    sums = {0}
    for from_on, to_on in combinations(days, 2):
        within = blocks_within(blocks, from_on, to_on)
        shown = sum(votes[day] for day in days for each in within if _holds(each, day))
        sums.add(shown)
        ends = blocks_within(blocks, from_on, to_on - timedelta(days=1))
        before = sum(votes[day] for day in days for each in ends if _holds(each, day))
        assert shown - before == 0 or shown - before >= MIN_VOTES
    assert not any(0 < each < MIN_VOTES for each in sums)


@given(DAYS, st.integers(0, 9))
def test_blocks_stay_while_days_are_added(votes: dict[date, int], more: int) -> None:
    """What was one block yesterday is one tomorrow."""
    later = {**votes, FIRST + timedelta(days=len(votes)): more}
    assert blocks_of(later)[: len(blocks_of(votes))] == blocks_of(votes)


def test_few_staff_merge_upward() -> None:
    """A desk of one goes into the hall; with it another one, if it would follow else."""
    below = {"unit": ["hall", "annex"], "hall": ["desk-1", "desk-2", "desk-3"]}
    staff = {"annex": 3, "desk-1": 1, "desk-2": 3, "desk-3": 4}
    assert named_places("unit", below, staff) == {"hall", "annex", "desk-3"}
    assert named_places("unit", below, {**staff, "desk-1": 0}) == {"hall", "annex", "desk-3"}
    assert named_places("unit", below, {**staff, "annex": 2}) == frozenset()
    assert named_places("unit", below, {}) == frozenset()


TREES: Final = st.lists(st.integers(0, 7), min_size=1, max_size=9).flatmap(
    lambda parents: st.tuples(
        st.just([min(parent, number) for number, parent in enumerate(parents)]),
        st.lists(st.integers(0, 6), min_size=len(parents), max_size=len(parents)),
    )
)


@given(TREES)
def test_nobody_finds_a_place_of_two_by_subtraction(tree: tuple[list[int], list[int]]) -> None:
    """Every sum of smallest places that follows from the unit and the named has three people."""
    parents, people = tree
    below: dict[int, list[int]] = {}
    for number, parent in enumerate(parents):
        below.setdefault(parent, []).append(number + 1)
    smallest = [place for place in range(1, len(parents) + 1) if place not in below]
    staff = {place: people[place - 1] for place in smallest}
    named = named_places(0, below, staff)
    shown = np.array([_row(place, below, smallest) for place in sorted({0, *named})], dtype=float)
    onto = np.linalg.pinv(shown) @ shown
    for bits in range(1, 2 ** len(smallest)):
        chosen = np.array([bits >> number & 1 for number in range(len(smallest))], dtype=float)
        if bits != 2 ** len(smallest) - 1 and np.allclose(chosen @ onto, chosen, atol=1e-8):
            serving = sum(staff[each] for each, on in zip(smallest, chosen, strict=True) if on)
            assert serving >= MIN_STAFF


def _row(place: int, below: dict[int, list[int]], smallest: list[int]) -> list[bool]:
    """Which of the smallest places lie in ``place``."""
    inside, waiting = set(), [place]
    while waiting:
        each = waiting.pop()
        inside.add(each)
        waiting += below.get(each, [])
    return [each in inside for each in smallest]


def _holds(block: Block, day: date) -> bool:
    return block.first_on <= day <= block.last_on
