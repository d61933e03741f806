"""Charts and alarms: published limits come out, and false alarms are as rare as stated."""

from __future__ import annotations

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures.change_points import change_points, split_of
from analytics.measures.cusum import START, Cusum, scores, stepped
from analytics.measures.ewma import moved, started
from analytics.measures.p_chart import p_chart
from analytics.measures.run_length import votes_to_alarm

CUSUM = Cusum(usual=0.15, changed=0.25, limit=4.0)


def test_the_p_chart_is_montgomerys(shared: Path) -> None:
    """Thirty samples of orange-juice cans: centre and limits as published."""
    with (shared / "data" / "stats" / "p_chart_orangejuice.txt").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["trial"] == "TRUE"]
    cans = [(int(row["D"]), int(row["size"])) for row in rows]
    chart = p_chart(cans, is_adjusted=False)
    low, high = chart.limits(50)
    assert round(chart.centre, 7) == 0.2313333
    assert (round(low, 8), round(high, 7)) == (0.05242755, 0.4102391)
    beyond = [number for number, can in enumerate(cans, 1) if chart.is_beyond(*can)]
    assert beyond == [15, 23]


def test_laneys_limits_are_the_textbooks_where_chance_is_all() -> None:
    """Independent votes have a spread near 1; votes in waves don't alarm every other day."""
    chance = np.random.default_rng(4)
    calm = [(count, 400) for count in chance.binomial(400, 0.8, size=500).tolist()]
    assert 1.0 <= p_chart(calm).spread < 1.1
    moods = chance.beta(80, 20, size=500)
    waves = [(count, 400) for count in chance.binomial(400, moods).tolist()]
    naive, laney = p_chart(waves, is_adjusted=False), p_chart(waves)
    assert laney.spread == pytest.approx(math.sqrt(1 + 399 / 101), rel=0.1)
    assert sum(naive.is_beyond(*day) for day in waves) > 50
    assert sum(laney.is_beyond(*day) for day in waves) < 8


def test_a_chart_of_equal_votes_has_limits() -> None:
    """All satisfied, or one period alone: no spread can be seen, and none is made up."""
    assert p_chart([(9, 9), (12, 12)]).limits(10) == (1.0, 1.0)
    assert p_chart([(4, 9)]).spread == 1
    assert p_chart([(45, 50), (44, 50)]).is_rough(20)
    assert not p_chart([(45, 50), (44, 50)]).is_rough(60)
    with pytest.raises(ValueError, match="periods with votes"):
        p_chart([(1, 2), (0, 0)])


def test_the_moving_mean_is_that_of_pandas() -> None:
    """With constant votes its limits come to λ / (2 − λ), as in the textbook."""
    import pandas as pd

    chance = np.random.default_rng(5)
    days = [(count, 50) for count in chance.binomial(50, 0.8, size=80).tolist()]
    chart = p_chart(days, is_adjusted=False)
    state, values = started(chart), []
    for day in days:
        state = moved(state, chart, *day)
        values.append(state.value)
    series = pd.Series([chart.centre] + [count / n for count, n in days])
    assert values == pytest.approx(series.ewm(alpha=0.2, adjust=False).mean()[1:].tolist())
    assert math.sqrt(state.variance) == pytest.approx(math.sqrt(0.2 / 1.8) * chart.error(50))
    assert moved(state, chart, 0, 0) == state
    assert not state.is_beyond(chart)


def test_the_moving_mean_finds_a_slow_drift() -> None:
    """Five points less a day than usual are beyond after some days, though no day is."""
    chart = p_chart([(160, 200)] * 20, is_adjusted=False)
    state, days = started(chart), 0
    while not state.is_beyond(chart):
        state, days = moved(state, chart, 150, 200), days + 1
        assert not chart.is_beyond(150, 200)
    assert days < 10


def test_a_score_is_the_log_likelihood_ratio() -> None:
    """Three unhappy of five, by hand; good news never goes below nought."""
    found = stepped(START, CUSUM, 3, 5)
    assert found.value == pytest.approx(3 * math.log(25 / 15) + 2 * math.log(75 / 85))
    assert (found.votes, found.unhappy) == (5, 3)
    assert stepped(found, CUSUM, 0, 500) == START
    with pytest.raises(ValueError, match="no votes"):
        stepped(START, CUSUM, 3, 2)


@given(st.lists(st.booleans(), max_size=200), st.integers(0, 200))
def test_it_runs_on_over_nights_and_restarts(votes: list[bool], cut: int) -> None:
    """Carrying the state on is the same as never having stopped; an alarm starts anew."""
    periods = [(int(vote), 1) for vote in votes]
    whole = scores(CUSUM, periods)
    first = scores(CUSUM, periods[:cut])
    assert first + scores(CUSUM, periods[cut:], first[-1] if first else START) == whole
    for before, after in pairwise(whole):
        assert after.value >= 0
        if before.is_alarm:
            assert after.votes <= 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_periods_never_score_higher_than_their_votes(periods: list[tuple[int, int]]) -> None:
    """So the rate stated for single votes holds for periods too."""
    far = Cusum(0.15, 0.25, 1e9)
    one, many = START, START
    for unhappy, other in periods:
        many = stepped(many, far, unhappy, unhappy + other)
        for vote in (0,) * other + (1,) * unhappy:  # the order that scores highest at the end
            one = stepped(one, far, vote)
        assert many.value <= one.value + 1e-9


def test_false_alarms_are_as_rare_as_stated() -> None:
    """Once in so many votes on average, by chain and by simulation; and true ones are quick."""
    chance = np.random.default_rng(6)
    votes = (chance.random(400_000) < CUSUM.usual).tolist()
    alarms = sum(each.is_alarm for each in scores(CUSUM, ((int(vote), 1) for vote in votes)))
    assert len(votes) / alarms == pytest.approx(votes_to_alarm(CUSUM), rel=0.15)
    assert votes_to_alarm(CUSUM, 0.25) < votes_to_alarm(CUSUM) / 8


def test_better_can_be_watched_for_too() -> None:
    """Then every satisfied vote counts for it, and a fall of the unhappy is found."""
    better = Cusum(usual=0.25, changed=0.15, limit=4.0)
    assert better.unhappy < 0 < better.other
    assert votes_to_alarm(better, 0.15) < 200
    assert votes_to_alarm(better) > 1000


def test_the_chain_is_exact_where_it_can_be_reckoned() -> None:
    """An alarm at the first unhappy vote takes 1 / p votes."""
    first = Cusum(0.2, 0.4, math.log(2) * 0.999)
    assert votes_to_alarm(first) == pytest.approx(5)


@pytest.mark.parametrize(("usual", "changed", "limit"), [(0, 0.2, 4), (0.2, 0.2, 4), (0.2, 0.3, 0)])
def test_what_can_not_be_watched_for_is_refused(usual: float, changed: float, limit: float) -> None:
    """Shares between 0 and 1 that differ, and a limit."""
    with pytest.raises(ValueError, match=r"shares|limit"):
        Cusum(usual, changed, limit)


def test_the_nile_changes_where_people_marked_it(shared: Path) -> None:
    """As a share of the greatest flow, and as wet or dry years: at index 28, and only there."""
    nile = json.loads((shared / "data" / "stats" / "change_point_nile.json").read_text("utf-8"))
    flows = [int(flow) for flow in nile["series"][0]["raw"]]
    found = split_of([(flow, 2 * max(flows)) for flow in flows])
    assert found is not None
    assert found.at == 28
    assert found.p == 0.001
    wet = [(int(flow > sorted(flows)[50]), 1) for flow in flows]
    assert [each.at for each in change_points(wet)] == [28]


def test_several_changes_are_found() -> None:
    """Three levels of thirty days each, to a day or two."""
    chance = np.random.default_rng(7)
    days = [(int(chance.binomial(40, share)), 40) for share in (0.85, 0.65, 0.8) for _ in range(30)]
    found = change_points([*days[:10], (0, 0), *days[10:]])
    assert [each.at for each in found] == pytest.approx([31, 61], abs=2)
    assert found[0].before == pytest.approx(0.85, abs=0.03)
    assert found[0].after == found[1].before == pytest.approx(0.65, abs=0.03)


def test_where_nothing_changes_one_in_twenty_is_found_at_that_rate() -> None:
    """The false rate is the stated one, although the days vary more than by chance."""
    chance = np.random.default_rng(8)
    false = 0
    for _ in range(300):
        votes = chance.integers(5, 60, size=30)
        counts = chance.binomial(votes, chance.beta(16, 4, size=30))
        false += bool(change_points(list(zip(counts.tolist(), votes.tolist(), strict=True)), 0.05))
    assert 5 <= false <= 26


def test_too_short_a_series_has_no_change() -> None:
    """Three periods can't tell of one."""
    assert split_of([(1, 9), (9, 9), (9, 9), (0, 0)]) is None
    assert change_points([]) == []
