"""Figures of the book: key figures, courses, comparisons, reasons, effects."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics import figures
from analytics.charts.writing import Writing
from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.closed.standing import Standing
from analytics.figures.compared import comparisons
from analytics.figures.course import courses, step_for
from analytics.figures.effect import effect, effect_of
from analytics.figures.key import key_figures, main_figures
from analytics.figures.reasons import reasons
from analytics.figures.words import effect_text
from analytics.improvement.actions import Action, Ground
from analytics.period import Period
from broker.store.places import Place
from tests.figures.books import ANNEX, DESK, HALL, LAST, LENGTH, TOWN, Daily, book
from tests.figures.test_findings import daily

MONTH = Period(LAST - timedelta(27), LAST)
ALL = Period(LAST - timedelta(LENGTH - 1), LAST)


def same(*votes: int) -> Daily:
    """The same votes every day."""
    return lambda _: votes


def test_key_figures_say_the_same_as_the_votes() -> None:
    """Counts, shares, index, and the change against the period before."""
    made = book({DESK: same(0, 1, 1, 3, 5)})
    (found,) = key_figures(made, Asked(MONTH).at(DESK))
    assert found.votes.n == 280
    assert found.satisfied.share == pytest.approx(0.8)
    assert found.dissatisfied.share == pytest.approx(0.2)
    assert found.index.value == pytest.approx(100 * (0 + 1 / 3 + 2 + 5) / 10)
    assert found.change is not None
    assert found.change.difference == 0
    assert found.net_promoter is None


def test_the_first_period_has_nothing_before_it() -> None:
    """No change is told where there is no earlier period."""
    found = main_figures(book({DESK: same(0, 1, 0, 0, 9)}), Asked(ALL).at(DESK))
    assert found is not None
    assert found.change is None


def test_scales_are_never_added_up() -> None:
    """Two scales in one choice are two figures, and NPS has its own."""
    nps = book({ANNEX: same(1, *[0] * 9, 9)}, scale="nps-11")
    faces = book({DESK: same(0, 1, 0, 0, 3)})
    both = type(nps)(nps.standings, {**nps.ratings, **faces.ratings}, {}, nps.options, nps.surveys)
    found = key_figures(both, Asked(MONTH).at(TOWN))
    assert [each.scale for each in found] == ["nps-11", "faces-4"]
    assert found[0].net_promoter is not None
    assert found[0].net_promoter.score == pytest.approx(80)
    assert [each.scale for each in courses(both, Asked(MONTH).at(TOWN))] == ["nps-11", "faces-4"]


def test_a_period_is_shown_in_steps_that_can_be_read() -> None:
    """Days for a month, weeks for a year, months beyond."""
    assert step_for(MONTH) == "day"
    assert step_for(ALL) == "week"
    assert step_for(Period(LAST - timedelta(800), LAST)) == "month"


def test_a_course_shows_where_it_left_its_limits() -> None:
    """One bad week lies beyond them; a lasting change is dated."""
    one_week = book({DESK: lambda day: (0, 30, 0, 0, 30) if 100 <= day < 107 else (0, 6, 0, 0, 54)})
    (found,) = courses(one_week, Asked(ALL).at(DESK))
    assert [point.is_beyond for point in found.points].count(True) in {1, 2}
    lasting = book({DESK: daily("course", 60, 0.1, 120, 0.3)})
    (found,) = courses(lasting, Asked(ALL).at(DESK))
    (level,) = found.levels
    assert abs((level.on - (ALL.from_on + timedelta(120))).days) <= 7
    assert level.before > level.after


def test_weeks_cross_the_new_year() -> None:
    """The last week of December is one week, whatever the year."""
    (found,) = courses(book({DESK: same(0, 1, 0, 0, 9)}), Asked(ALL).at(DESK))
    weeks = [point.period for point in found.points]
    (across,) = [week for week in weeks if week.from_on.year != week.to_on.year]
    assert across.length == 7


def test_places_are_compared_the_worst_first() -> None:
    """With the odds of their rank, their standing, and a change that allows for many places."""
    made = book({DESK: same(0, 4, 0, 0, 6), ANNEX: same(0, 1, 0, 0, 9)})
    places = [each for each in made.places if each.place in {DESK, ANNEX}]
    (found,) = comparisons(made, Asked(MONTH), places)
    assert [each.named.place for each in found.places] == [DESK, ANNEX]
    assert found.worst == 1
    worst = found.places[0]
    assert worst.ranked is not None
    assert worst.ranked.among_worst > 0.95
    assert worst.rate == 1.0


def test_two_places_are_no_ranking_and_three_are() -> None:
    """One of two is always the worst."""
    third = Place("touchpoint", "third")
    made = book({each: same(0, 1, 0, 0, 9) for each in (DESK, ANNEX, third)})
    places = [each for each in made.places if each.place in {DESK, ANNEX, third}]
    (two,), (three,) = (comparisons(made, Asked(MONTH), places[:n]) for n in (2, 3))
    assert (two.is_ranking, three.is_ranking) == (False, True)


def test_one_place_is_not_ranked() -> None:
    """Against nobody there is no rank."""
    made = book({DESK: same(0, 1, 0, 0, 9)})
    (found,) = comparisons(made, Asked(MONTH), [each for each in made.places if each.place == DESK])
    assert found.funnel is None
    assert found.places[0].ranked is None
    assert comparisons(made, Asked(MONTH), []) == []


def test_reasons_have_shares_and_changes() -> None:
    """Of those who answered; what rose is told beside what was before."""

    def said(day: int) -> tuple[int, ...]:
        return (6, 2, 1, 4, 1, 1) if day >= LENGTH - 28 else (6, 2, 1, 1, 4, 1)

    (found,) = reasons(book({}, {DESK: said}), Asked(MONTH).at(DESK))
    assert (found.question, found.answered) == ("reason", 168)
    assert found.asked.share == pytest.approx(6 / 9)
    first = found.options[0]
    assert first.code == "waiting-time"
    assert first.share.share == pytest.approx(4 / 6)
    assert first.change is not None
    assert first.change.difference == pytest.approx(0.5)
    assert first.rate < 0.001
    assert reasons(book({}), Asked(MONTH)) == []


def test_an_effect_is_told_after_28_days() -> None:
    """Better, worse, none, or too early; nothing is guessed from one side alone."""
    on = LAST - timedelta(59)
    at = LENGTH - 60
    outcomes = {
        "better": daily("e1", 40, 0.3, at, 0.1),
        "worse": daily("e2", 40, 0.1, at, 0.3),
        "no-difference": daily("e3", 40, 0.1),
        "too-early": lambda day: (0, int(day % 3 == 0), 0, 0, int(day % 3 != 0)),
    }
    for outcome, votes in outcomes.items():
        found = effect(book({DESK: votes}), Asked(MONTH).at(DESK), on)
        assert found.outcome == outcome
    made = book({DESK: outcomes["better"], HALL: same(0, 1, 0, 0, 9)})
    assert effect(made, Asked(MONTH).at(DESK), LAST - timedelta(9)).outcome == "too-early"
    nothing = effect(made, Asked(MONTH).at(ANNEX), on)
    assert (nothing.before, nothing.after, nothing.change) == (None, None, None)
    assert nothing.outcome == "too-early"


def test_a_new_scale_is_no_matter_of_time() -> None:
    """Where people rated on another scale before, waiting brings no comparison: that is said."""
    old = book({DESK: lambda day: (0, 1, 0, 0, 9) if day < LENGTH - 60 else ()})
    new = book({DESK: lambda day: () if day < LENGTH - 60 else (2, 8)}, scale="yes-no")
    made = Book(old.standings, {**old.ratings, **new.ratings}, {}, {}, old.surveys)
    found = effect(made, Asked(MONTH).at(DESK), LAST - timedelta(59))
    assert (found.outcome, found.has_new_scale, found.change) == ("too-early", True, None)
    writing = Writing("bg", (Path(figures.__file__).with_name("messages"),))
    assert "скалата" in effect_text(found, writing)
    assert "рано" not in effect_text(found, writing)
    nothing = effect(new, Asked(MONTH).at(DESK), LAST - timedelta(59))
    assert not nothing.has_new_scale
    assert "рано" in effect_text(nothing, writing)


def test_an_action_is_told_at_its_place_or_all_over_its_unit() -> None:
    """At a place without a name of its own with the one above; nowhere is no figure."""
    on = LAST - timedelta(59)
    made = book({DESK: daily("a1", 40, 0.3, LENGTH - 60, 0.1), ANNEX: daily("a2", 40, 0.1)})
    action = Action(
        id="1",
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        title="Второ гише",
        ground=Ground("suggestion", "", "Опашки"),
        unit="hall",
        owner="m",
        due_on=on,
        place=DESK,
        took_effect_on=on,
    )

    def outcome(**changed: Any) -> str | None:  # noqa: ANN401  # of any field
        found = effect_of(made, replace(action, **changed))
        return None if found is None else found.outcome

    assert outcome() == "better"
    assert outcome(place=None) == "better"
    assert outcome(place=None, unit="annex") == "no-difference"
    assert outcome(place=Place("touchpoint", "gone")) is None
    assert outcome(took_effect_on=None) is None


def test_an_action_without_a_place_is_told_of_its_site() -> None:
    """Another site in the store has no part in it; the words say what the effect is of."""
    on = LAST - timedelta(59)
    own, other = daily("s1", 40, 0.3, LENGTH - 60, 0.1), daily("s2", 400, 0.1, LENGTH - 60, 0.3)
    village = Standing((Place("location", "far"), Place("site", "village")), "far")
    here, far = book({DESK: own}), book({DESK: other}).ratings
    moved = {key._replace(standing=village): days for key, days in far.items()}
    made = Book(here.standings, {**here.ratings, **moved}, {}, {}, here.surveys)
    action = Action(
        id="1",
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        title="Харта",
        ground=Ground("suggestion", "", "Опашки"),
        unit="",
        owner="m",
        due_on=on,
        measure="dissatisfied",
        took_effect_on=on,
    )
    everywhere, found = effect_of(made, action), effect_of(made, action, TOWN)
    assert everywhere is not None
    assert found is not None
    assert (everywhere.outcome, found.outcome) == ("worse", "better")
    said = effect_text(found, Writing("bg", (Path(figures.__file__).with_name("messages"),)))
    assert "делът на доволните е" in said
