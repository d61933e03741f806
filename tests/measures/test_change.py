"""Change: published intervals come out, and many tests don't make a discovery of chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures.change import change, false_discovery_rates

TABLE_II = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]
"""Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10."""

VOTES = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("after", "before", "low", "high"), TABLE_II)
def test_the_interval_is_newcombes_method_10(
    after: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    """The published examples come out to their four decimals."""
    found = change(before, after)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_interval_is_that_of_statsmodels() -> None:
    """And so are those of other counts."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    for after, before in [((82, 100), (70, 95)), ((1, 9), (8, 9)), ((400, 500), (4100, 5000))]:
        found = change(before, after)
        expected = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff")
        assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_p_is_that_of_the_test_with_n_less_one() -> None:
    """The score test of statsmodels has the same correction of the variance."""
    from statsmodels.stats.proportion import test_proportions_2indep as two_shares

    for after, before in [((82, 100), (70, 95)), ((7, 12), (11, 13)), ((400, 500), (4100, 5000))]:
        expected = two_shares(*after, *before, method="score", compare="diff", correction=True)
        assert change(before, after).p == pytest.approx(expected.pvalue, rel=1e-6)


@given(VOTES, VOTES)
def test_a_change_holds_its_difference(before: tuple[int, int], after: tuple[int, int]) -> None:
    """Within −1 … 1, the difference inside, the other way round with the other sign."""
    found, back = change(before, after), change(after, before)
    assert -1 - 1e-9 <= found.low <= found.difference <= found.high <= 1 + 1e-9
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))
    assert 0 <= found.p <= 1
    assert back.p == pytest.approx(found.p)


def test_votes_that_come_in_waves_tell_less() -> None:
    """A spread of two makes of a sure change an unsure one."""
    assert change((70, 100), (85, 100)).p < 0.05 < change((70, 100), (85, 100), spread=2).p


def test_false_discovery_rates_are_those_of_statsmodels() -> None:
    """Benjamini and Hochberg's, in the order in which the p came."""
    from statsmodels.stats.multitest import multipletests

    chances = np.random.default_rng(2).beta(0.4, 1, size=200).tolist()
    expected = multipletests(chances, method="fdr_bh")[1].tolist()
    assert false_discovery_rates(chances) == pytest.approx(expected)
    assert false_discovery_rates([]) == []


def test_five_thousand_places_without_change_hold_no_discovery() -> None:
    """Naively some 250 would be called changed."""
    chance = np.random.default_rng(3)
    votes = chance.binomial(60, 0.8, size=(5000, 2)).tolist()
    found = [change((before, 60), (after, 60)).p for before, after in votes]
    assert 150 < sum(p <= 0.05 for p in found) < 350
    assert not sum(p <= 0.05 for p in false_discovery_rates(found))
