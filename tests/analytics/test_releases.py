"""Live figures: no viewer, however patient, sees a change of fewer than five votes."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from analytics.dashboard.releases import Releases
from analytics.measures.minima import MIN_VOTES

TODAY: Final = date(2023, 7, 10)


def test_nothing_is_shown_below_five_votes() -> None:
    """Four votes are hidden, five are shown."""
    releases = Releases()
    assert releases.release(TODAY, "a", {1: 2, 4: 2}) == {}
    assert releases.release(TODAY, "a", {1: 2, 4: 3}) == {1: 2, 4: 3}


def test_the_sixth_vote_does_not_show() -> None:
    """A figure stays as it is until five more votes have come in."""
    releases = Releases()
    releases.release(TODAY, "a", {4: 5})
    assert releases.release(TODAY, "a", {4: 5, 1: 1}) == {4: 5}
    assert releases.release(TODAY, "a", {4: 5, 1: 4}) == {4: 5}
    assert releases.release(TODAY, "a", {4: 5, 1: 5}) == {4: 5, 1: 5}


def test_a_corrected_vote_does_not_show() -> None:
    """A vote that moves from one value to another is held back like a new one."""
    releases = Releases()
    releases.release(TODAY, "a", {4: 10})
    assert releases.release(TODAY, "a", {4: 9, 1: 1}) == {4: 10}


def test_figures_are_held_apart() -> None:
    """What was shown of one figure says nothing of another."""
    releases = Releases()
    releases.release(TODAY, "a", {4: 5})
    assert releases.release(TODAY, "b", {4: 4}) == {}


def test_days_that_are_over_everywhere_are_forgotten() -> None:
    """Yesterday is kept, since elsewhere it may still be going on; older days cost nothing."""
    releases, day = Releases(), timedelta(days=1)
    releases.release(TODAY, "a", {4: 5})
    releases.release(TODAY + day, "a", {4: 7})
    assert releases.release(TODAY, "a", {4: 6}) == {4: 5}
    releases.release(TODAY + 2 * day, "a", {4: 7})
    assert releases.release(TODAY + day, "a", {4: 8}) == {4: 7}
    assert releases.release(TODAY, "a", {4: 6}) == {4: 6}


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=80))
def test_no_two_showings_differ_by_fewer_than_five(votes: list[tuple[int, bool]]) -> None:
    """Whatever comes and goes, what is shown has five votes or more, and so has each change."""
    releases, counts = Releases(), Counter[int]()
    shown: Counter[int] = Counter()
    for value, is_new in votes:
        counts[value] += 1 if is_new else -min(1, counts[value])
        now = Counter(releases.release(TODAY, "a", counts))
        assert not now or now.total() >= MIN_VOTES
        if now and now != shown:
            assert max((now - shown).total(), (shown - now).total()) >= MIN_VOTES
        shown = now or shown
