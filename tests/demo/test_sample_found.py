"""The measures find what was planted in sample years, and shout of nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from analytics.measures.change import change
from analytics.measures.change_points import change_points
from analytics.measures.cusum import Cusum, scores
from analytics.measures.funnel import funnel
from analytics.measures.p_chart import p_chart
from analytics.measures.ranking import ranking
from otziv.sample_years.planting import Planted
from otziv.sample_years.towns import LARGE
from tests.demo.tallies import Tallies, added, local, year_of

SHIFTED: Final = frozenset({"incident", "worsening", "helped"})


_YEARS: Final = [
    pytest.param((112, 1), id="sixteen-weeks"),
    pytest.param((365, 1), id="a-year", marks=pytest.mark.slow),
    pytest.param((365, 2), id="another-year", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=_YEARS)
def large(request: pytest.FixtureRequest) -> Tallies:
    """The large town, for some days by some seed."""
    days, seed = request.param
    return Tallies.of(year_of(LARGE, days, seed=seed))


def _days(large: Tallies, planted: Planted) -> int:
    """On how many days with votes it was."""
    return sum(planted.is_on(on) for on in large.unhappy(planted.touchpoint))


def _quiet(large: Tallies) -> list[str]:
    """Desks at which nothing that was planted changes the mood."""
    loud = {each.touchpoint for each in large.year.planted if each.kind in SHIFTED}
    return [desk.code for desk in LARGE.desks if desk.code not in loud]


def _before_and_in(large: Tallies, planted: Planted) -> tuple[tuple[int, int], tuple[int, int]]:
    days = large.unhappy(planted.touchpoint)
    before = added([day for on, day in days.items() if on < planted.from_on])
    return before, added([day for on, day in days.items() if planted.is_on(on)])


def test_the_bad_days_lie_beyond_the_control_limits(large: Tallies) -> None:
    """All days of the incident, and of the others at most one in fifty."""
    planted = large.planted("incident")
    days = large.unhappy(planted.touchpoint)
    chart = p_chart([day for on, day in days.items() if not planted.is_on(on)])
    beyond = {on for on, day in days.items() if chart.is_beyond(*day)}
    assert {on for on in days if planted.is_on(on)} <= beyond
    assert len(beyond) - _days(large, planted) <= 1 + len(days) / 50


def test_a_cusum_tells_of_it_on_the_first_day(large: Tallies) -> None:
    """And had not told before."""
    for kind in ("incident", "worsening"):
        planted = large.planted(kind)
        days = large.unhappy(planted.touchpoint)
        unhappy, n = _before_and_in(large, planted)[0]
        cusum = Cusum(unhappy / n, unhappy / n + 0.15, limit=8)
        states = scores(cusum, list(days.values()))
        alarms = [on for on, state in zip(days, states, strict=True) if state.is_alarm]
        assert alarms
        assert 0 <= (alarms[0] - planted.from_on).days <= 3, kind


def test_its_reason_is_the_commonest(large: Tallies) -> None:
    """More than half of those who say why name it."""
    for kind in ("incident", "worsening"):
        planted = large.planted(kind)
        reasons = Counter(
            vote.reason
            for vote in large.votes[planted.touchpoint]
            if vote.reason and planted.is_on(local(vote.at_ms).date())
        )
        (first, times) = reasons.most_common(1)[0]
        assert first == planted.reason
        assert times > reasons.total() / 2


def test_a_measure_that_helped_is_told_from_one_that_did_not(large: Tallies) -> None:
    """Both differ by what was planted; only the interval of the one that did not holds zero."""
    found = {}
    for kind in ("helped", "not-helped"):
        planted = large.planted(kind)
        days = large.unhappy(planted.touchpoint)
        usual = p_chart([day for on, day in days.items() if on < planted.from_on])
        found[kind] = change(*_before_and_in(large, planted), spread=usual.spread)
        assert found[kind].difference == pytest.approx(planted.size, abs=0.025)
    assert found["helped"].high < 0
    assert found["not-helped"].low < 0 < found["not-helped"].high


def test_the_day_on_which_things_changed_is_found(large: Tallies) -> None:
    """To some days, and no other change at those places."""
    for kind in ("helped", "worsening"):
        planted = large.planted(kind)
        days = large.unhappy(planted.touchpoint)
        (split,) = change_points(list(days.values()))
        assert abs((list(days)[split.at] - planted.from_on).days) <= 5
        assert split.after - split.before == pytest.approx(planted.size, abs=0.05)


def test_nothing_shouts_at_quiet_places(large: Tallies) -> None:
    """Of some hundred days at most one in a hundred is beyond, and no level changes."""
    quiet = _quiet(large)
    beyond = looked_at = 0
    for code in quiet:
        days = list(large.unhappy(code).values())
        chart = p_chart(days)
        assert not change_points(days), code
        looked_at += len(days)
        beyond += sum(chart.is_beyond(*day) for day in days if not chart.is_rough(day[1]))
    assert looked_at > 500
    assert beyond <= looked_at / 100


def test_the_worst_and_the_best_place_stand_at_the_ends(large: Tallies) -> None:
    """The ranking has the desks in the order in which they were made, and the funnel
    takes in that such places differ.
    """
    before = {desk.code: large.unhappy(desk.code) for desk in LARGE.desks}
    helped = large.planted("helped").from_on
    sums = {
        code: added([day for on, day in days.items() if on < helped])
        for code, days in before.items()
    }
    places = [(n - unhappy, n) for unhappy, n in sums.values()]
    ranked = ranking(places, worst=2)
    codes = list(sums)
    worst = max(LARGE.desks, key=lambda desk: desk.unhappy).code
    best = min(LARGE.desks, key=lambda desk: desk.unhappy).code
    assert codes[ranked.places[0].number] == worst
    assert ranked.places[0].among_worst > 0.95
    assert best in {codes[each.number] for each in ranked.places[-3:]}
    limits = funnel(places)
    assert limits.overdispersion > 10  # they differ, as offices of different work do
    assert not any("far" in limits.standing(*place) for place in places)
