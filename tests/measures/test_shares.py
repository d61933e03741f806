"""Shares: of votes, answers and people served; the Net Promoter Score covers what it says."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures.interval import Interval, wilson
from analytics.measures.net_promoter import net_promoter
from analytics.measures.satisfied import satisfied_share
from analytics.measures.shares import (
    DISSATISFIED_TO,
    answer_shares,
    dissatisfied_share,
    response_share,
    share_of,
)
from broker.store.scales import SCALES
from broker.wire.standard_survey import UNHAPPY

MOODS = [(0.2, 0.3, 0.5), (0.05, 0.15, 0.8), (0.6, 0.3, 0.1), (0.1, 0.8, 0.1), (0.45, 0.1, 0.45)]


def test_wilson_is_that_of_statsmodels() -> None:
    """Counts of every size give the library's interval."""
    from statsmodels.stats.proportion import proportion_confint

    for count, n in [(0, 1), (1, 1), (7, 9), (82, 100), (0, 5000), (4999, 5000)]:
        found = share_of(count, n)
        assert (found.low, found.high) == pytest.approx(
            proportion_confint(count, n, method="wilson"), abs=1e-12
        )


def test_a_spread_takes_votes_away() -> None:
    """Counts that vary twice as much as by chance tell as much as a quarter of the votes."""
    assert share_of(80, 100, spread=2).bounds == wilson(0.8, 25)


@pytest.mark.parametrize(("count", "n", "spread"), [(0, 0, 1), (6, 5, 1), (-1, 5, 1), (1, 5, 0.9)])
def test_what_is_no_share_is_refused(count: int, n: int, spread: float) -> None:
    """No votes, more than all, or a spread below chance are an error."""
    with pytest.raises(ValueError, match=r"no share|spread"):
        share_of(count, n, spread=spread)


@pytest.mark.parametrize(
    ("scale", "votes", "dissatisfied"),
    [
        ("faces-4", {1: 1, 2: 2, 3: 4, 4: 8}, 3),
        ("faces-5", {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}, 3),
        ("yes-no", {0: 3, 1: 9}, 3),
        ("nps-11", {0: 1, 6: 2, 7: 4, 8: 8, 9: 16}, 3),
    ],
)
def test_dissatisfied_is_the_bad_end(scale: str, votes: dict[int, int], dissatisfied: int) -> None:
    """The middle is neither; without a middle the two shares add up to one."""
    found = dissatisfied_share(votes, SCALES[scale])
    assert found.count == dissatisfied
    satisfied = satisfied_share(votes, SCALES[scale]).share
    assert satisfied + found.share <= 1
    assert (satisfied + found.share == pytest.approx(1)) == (scale in {"faces-4", "yes-no"})


def test_dissatisfied_are_those_whom_the_kiosk_asks_why() -> None:
    """One meaning of unhappy in the whole house."""
    assert set(DISSATISFIED_TO) == set(SCALES.values())
    for scale, values in UNHAPPY.items():
        assert max(values) == DISSATISFIED_TO[SCALES[scale]]


def test_answers_come_with_shares_most_frequent_first() -> None:
    """Several may be chosen, so shares are of those who answered, and of these all."""
    found = answer_shares({"queue": 6, "forms": 3, "access": 6}, answered=10, unanswered=30)
    assert list(found.options) == ["access", "queue", "forms"]
    assert found.options["queue"] == share_of(6, 10)
    assert (found.answered.count, found.answered.n) == (10, 40)
    with pytest.raises(ValueError, match="no share"):
        answer_shares({"queue": 11}, answered=10)


def test_response_is_of_people_served() -> None:
    """With an interval, or without one where the people can't be right."""
    assert response_share(30, 120).bounds == wilson(0.25, 120)
    assert response_share(13, 10).bounds is None
    assert response_share(13, 10).share == 1.3
    with pytest.raises(ValueError, match="no response"):
        response_share(3, 0)


def test_net_promoter_counts_by_the_book() -> None:
    """Nine and ten less nought to six, in percent."""
    found = net_promoter({0: 5, 6: 10, 7: 10, 8: 15, 9: 20, 10: 40})
    assert (found.promoters, found.passives, found.detractors, found.n) == (60, 25, 15, 100)
    assert found.score == pytest.approx(45)
    with pytest.raises(ValueError, match="no votes"):
        net_promoter({})


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_net_promoter_keeps_to_its_scale(votes: list[int]) -> None:
    """The interval holds the score, is never a point, and never leaves −100 … 100."""
    found = net_promoter({value: votes.count(value) for value in set(votes)})
    assert -100 <= found.low <= found.score + 1e-9
    assert found.score - 1e-9 <= found.high <= 100
    assert found.high - found.low > 1


@pytest.mark.parametrize("n", [5, 10, 20])
def test_net_promoter_covers_the_truth_as_often_as_the_adjusted_wald(n: int) -> None:
    """Over all samples, by their exact odds: 94 in 100, and no worse than Rocks's interval."""
    ours, rocks = [], []
    for moods in MOODS:
        truth = 100 * (moods[2] - moods[0])
        covered = [0.0, 0.0]
        for votes in _samples(n):
            found = net_promoter({0: votes[0], 7: votes[1], 10: votes[2]})
            odds = _odds(votes, moods)
            covered[0] += odds * (found.low - 1e-9 <= truth <= found.high + 1e-9)
            bounds = _adjusted_wald(votes)
            covered[1] += odds * (bounds.low - 1e-9 <= truth <= bounds.high + 1e-9)
        ours.append(covered[0])
        rocks.append(covered[1])
    assert min(ours) >= 0.94
    assert min(ours) >= min(rocks) - 0.005


def test_net_promoter_covers_the_truth_in_a_simulation() -> None:
    """Sixty votes, two thousand times: 94 to 97 of 100 intervals hold the true score."""
    chance = np.random.default_rng(1)
    for moods in MOODS:
        truth = 100 * (moods[2] - moods[0])
        drawn = chance.multinomial(60, moods, size=2000).tolist()
        found = [net_promoter({0: low, 7: middle, 10: high}) for low, middle, high in drawn]
        covered = sum(each.low <= truth <= each.high for each in found) / len(found)
        assert 0.935 <= covered <= 0.98


def _adjusted_wald(votes: tuple[int, int, int]) -> Interval:
    """Rocks's "(3, T)": three votes added, half of them passive; then mean ± 1.96 errors."""
    low, middle, high = votes[0] + 0.75, votes[1] + 1.5, votes[2] + 0.75
    n = low + middle + high
    score = (high - low) / n
    reach = 1.96 * math.sqrt(((high + low) / n - score**2) / n)
    return Interval(100 * (score - reach), 100 * (score + reach))


def _samples(n: int) -> Iterator[tuple[int, int, int]]:
    for low in range(n + 1):
        for middle in range(n + 1 - low):
            yield low, middle, n - low - middle


def _odds(votes: tuple[int, ...], moods: tuple[float, ...]) -> float:
    ways = math.factorial(sum(votes)) // math.prod(math.factorial(count) for count in votes)
    return ways * math.prod(p**count for p, count in zip(moods, votes, strict=True))
