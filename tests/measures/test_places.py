"""Places against each other: fair comparison, shrunken ranking, funnel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.measures.differing import usual_difference
from analytics.measures.funnel import ALARM, WARNING, funnel
from analytics.measures.quantiles import beta_below, beta_quantile, binomial_quantile
from analytics.measures.ranking import ranking
from analytics.measures.standardised import standardised

HOURS = st.dictionaries(
    st.integers(0, 167),
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=12,
)

PLACES = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=12,
)


def _drawn(places: int, low: int = 20, high: int = 200, seed: int = 9) -> list[tuple[int, int]]:
    """Places whose true shares are Beta(40, 14)."""
    chance = np.random.default_rng(seed)
    votes = chance.integers(low, high, size=places)
    counts = chance.binomial(votes, chance.beta(40, 14, size=places))
    return list(zip(counts.tolist(), votes.tolist(), strict=True))


def test_quantiles_are_those_of_scipy() -> None:
    """And the interpolated one lies within one count of the exact."""
    from scipy.stats import beta, binom

    assert beta_quantile(0.025, 12, 5) == pytest.approx(beta.ppf(0.025, 12, 5))
    assert beta_below(0.7, 12, 5) == pytest.approx(beta.cdf(0.7, 12, 5))
    for n, odds in [(1, 0.025), (8, 0.975), (50, 0.001), (400, 0.999)]:
        exact = float(binom.ppf(odds, n, 0.8))
        assert exact - 1 <= binomial_quantile(odds, n, 0.8) <= exact


def test_a_place_of_bad_hours_is_not_a_bad_place() -> None:
    """Everybody has 60 % on Monday morning and 90 % else; who is open on Mondays has no more."""
    everybody = {0: (600, 1000), 1: (1800, 2000)}
    found = standardised({0: (90, 150), 1: (45, 50)}, everybody)
    assert found.observed.share == pytest.approx(0.675)
    assert found.expected == pytest.approx(0.675)
    assert found.low < 0 < found.high
    assert found.p == pytest.approx(1)
    worse = standardised({0: (60, 150), 1: (45, 50)}, everybody)
    assert worse.difference == pytest.approx(-0.15)
    assert worse.high < 0
    assert worse.p < 0.001


def test_hours_that_nobody_else_has_are_left_out() -> None:
    """There is nothing to hold them against, and the figure tells how many they are."""
    found = standardised({0: (3, 5), 9: (4, 7)}, {0: (30, 50), 9: (0, 0)})
    assert (found.observed.n, found.left_out) == (5, 7)
    with pytest.raises(ValueError, match="no share"):
        standardised({9: (4, 7)}, {0: (30, 50)})


@given(st.lists(HOURS, min_size=1, max_size=4))
def test_all_places_together_are_as_expected(places: list[dict[int, tuple[int, int]]]) -> None:
    """If everybody is the sum of the places, the differences cancel out."""
    everybody: dict[int, tuple[int, int]] = {}
    for place in places:
        for slot, (satisfied, n) in place.items():
            before = everybody.get(slot, (0, 0))
            everybody[slot] = (before[0] + satisfied, before[1] + n)
    found = [standardised(place, everybody) for place in places]
    assert sum(each.difference * each.observed.n for each in found) == pytest.approx(0, abs=1e-6)
    for each in found:
        assert each.low <= each.difference <= each.high
        assert 0 <= each.p <= 1


def test_the_comparison_covers_the_truth() -> None:
    """A place like all, at thin hours: 95 of 100 intervals hold nought, and 1 in 20 p is small."""
    chance = np.random.default_rng(10)
    rates = chance.beta(12, 4, size=20)
    held, small = 0, 0
    for _ in range(500):
        n, votes = chance.integers(1, 12, size=20), chance.integers(5, 60, size=20)
        own, all_ = chance.binomial(n, rates), chance.binomial(votes, rates)
        found = standardised(
            {slot: (int(own[slot]), int(n[slot])) for slot in range(20)},
            {slot: (int(all_[slot]), int(votes[slot])) for slot in range(20)},
        )
        held += found.low <= 0 <= found.high
        small += found.p <= 0.05
    assert 0.93 <= held / 500 <= 0.985
    assert 0.015 <= small / 500 <= 0.075


def test_the_prior_is_found_by_moments() -> None:
    """Five thousand places of Beta(40, 14) tell nearly that."""
    usual = usual_difference(_drawn(5000))
    assert usual.mean == pytest.approx(40 / 54, abs=0.005)
    assert usual.strength == pytest.approx(54, rel=0.12)


def test_shrinking_brings_places_nearer_to_the_truth() -> None:
    """Less error and a better order than raw shares, and intervals that hold 95 of 100 truths."""
    chance = np.random.default_rng(11)
    truths = chance.beta(40, 14, size=2000)
    votes = chance.integers(5, 120, size=2000)
    counts = chance.binomial(votes, truths).tolist()
    found = ranking(list(zip(counts, votes.tolist(), strict=True)), 50)
    shrunk = np.mean([(each.shrunk - truths[each.number]) ** 2 for each in found.places])
    raw = np.mean([(each.share - truths[each.number]) ** 2 for each in found.places])
    assert shrunk < 0.5 * raw
    held = [each.bounds.low <= truths[each.number] <= each.bounds.high for each in found.places]
    assert 0.935 <= np.mean(held) <= 0.965
    assert [each.shrunk for each in found.places] == sorted(each.shrunk for each in found.places)


@pytest.mark.parametrize("places", [3, 12])
def test_in_a_small_town_the_intervals_are_wide_enough(places: int) -> None:
    """Few places tell little of how places differ, and the intervals know that."""
    chance = np.random.default_rng(12)
    held: list[bool] = []
    for _ in range(100):
        truths = chance.beta(40, 14, size=places)
        votes = chance.integers(20, 200, size=places)
        counts = chance.binomial(votes, truths).tolist()
        found = ranking(list(zip(counts, votes.tolist(), strict=True))).places
        held += [each.bounds.low <= truths[each.number] <= each.bounds.high for each in found]
    assert 0.91 <= np.mean(held) <= 0.98


def test_the_odds_of_a_rank_are_right() -> None:
    """They add up to the places there are, agree with two places' exact odds, and don't change."""
    places = _drawn(30)
    found = ranking(places, 3)
    assert sum(each.among_worst for each in found.places) == pytest.approx(3)
    assert sum(each.among_best for each in found.places) == pytest.approx(3)
    assert found == ranking(places, 3)
    two = ranking([(50, 100), (90, 100)], 1).places
    assert two[0].number == 0
    assert two[0].among_worst == pytest.approx(two[1].among_best)
    assert two[0].among_worst > 0.99


def test_places_that_are_alike_have_no_ranking() -> None:
    """Where chance explains everything, anyone may be the worst, and has the share of all."""
    found = ranking([(80, 100), (81, 100), (40, 50), (8, 10)], 2)
    assert found.usual.are_alike
    for each in found.places:
        assert each.shrunk == pytest.approx(209 / 260, abs=0.02)
        assert each.among_worst == pytest.approx(0.5, abs=0.1)
    assert ranking([(5, 5)]).places[0].bounds.low < 0.7
    with pytest.raises(ValueError, match="places with votes"):
        ranking([])


@settings(max_examples=40)
@given(PLACES)
def test_a_ranking_pulls_towards_the_whole(places: list[tuple[int, int]]) -> None:
    """Whatever the counts, a place ends nearer to the others than it was, within its bounds."""
    found = ranking(places).places
    assert sorted(each.number for each in found) == list(range(len(places)))
    for each in found:
        assert 0 <= each.bounds.low <= each.shrunk <= each.bounds.high <= 1
        assert 0 <= each.among_worst <= 1
    if len(places) > 1 and len({n for _, n in places}) == 1:
        assert np.ptp([each.shrunk for each in found]) <= np.ptp([each.share for each in found])


def test_a_funnel_of_chance_alone_has_binomial_limits() -> None:
    """Its share of places beyond them is as stated."""
    chance = np.random.default_rng(13)
    votes = chance.integers(10, 300, size=3000).tolist()
    places = [(int(chance.binomial(n, 0.8)), n) for n in votes]
    found = funnel(places)
    assert found.between == 0
    assert found.overdispersion == pytest.approx(1, abs=0.15)
    standings = [found.standing(*place) for place in places]
    assert 0.02 <= 1 - standings.count("as-usual") / 3000 <= 0.06
    assert sum(each.startswith("far") for each in standings) <= 15


def test_a_funnel_allows_for_the_usual_differences() -> None:
    """Of places that differ anyway 1 in 20 is beyond, not a third; who is far off still is."""
    places = [*_drawn(3000, 100, 400), (150, 400)]
    found = funnel(places)
    assert found.between == pytest.approx(0.068, abs=0.012)  # √(variance / (4 p (1 − p)))
    beyond = sum(found.standing(*place) != "as-usual" for place in places)
    assert 0.02 <= beyond / len(places) <= 0.075
    assert found.standing(150, 400) == "far-lower"
    assert found.standing(399, 400) == "far-higher"


@given(PLACES)
def test_limits_are_nested_and_hold_the_target(places: list[tuple[int, int]]) -> None:
    """For any places and votes: wider for surer, and around the share of all."""
    found = funnel(places)
    for n in (1, 7, 100, 10_000):
        (low, high), (lowest, highest) = found.limits(n, WARNING), found.limits(n, ALARM)
        assert 0 <= lowest <= low + 1e-9 <= high + 2e-9 <= highest + 3e-9 <= 1 + 3e-9
        assert low - 1e-6 <= found.target <= high + 1e-6
