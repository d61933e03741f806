"""Days of 23 and 25 hours, the turn of the year, a move, a new survey, two scales, test mode."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import pytest

from analytics.period import Period
from analytics.questions.asked import Choice, read_scope
from analytics.questions.figures import compared, key_figures
from analytics.questions.hours import hour_grids
from analytics.questions.recent import recent
from analytics.questions.trend import trends
from broker.store.database import Database
from broker.store.places import Place
from tests.questions.naive import SOFIA
from tests.questions.town import ANNEX, HALL, MOVED_ON, SITE, Said, say

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
SUNDAY: Final = 6 * 24


def local(day: date, hour: int, *, fold: int = 0) -> datetime:
    """An hour of a local day; ``fold`` 1 is the second time that it comes."""
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=SOFIA, fold=fold)


def test_a_day_of_25_hours(town: Database) -> None:
    """The hour that comes twice counts for both; the day before ends at midnight."""
    twice = [local(AUTUMN, 3, fold=fold) for fold in (0, 1)]
    late = [local(AUTUMN - timedelta(days=1), 23), local(AUTUMN, 23)]
    say(town, [Said(at) for at in (*twice, *late)])
    days = Period(AUTUMN, AUTUMN)
    with town.reading() as connection:
        choice = Choice(read_scope(connection, days, [SITE]))
        ((trend,), (grid,)) = trends(connection, choice, days), hour_grids(connection, choice, days)
    assert trend.votes == [3]
    assert (grid.votes[SUNDAY + 3], grid.votes[SUNDAY + 23], sum(grid.votes)) == (2, 1, 3)


def test_a_day_of_23_hours(town: Database) -> None:
    """The hour that doesn't come has no votes, those beside it have theirs."""
    say(town, [Said(local(SPRING, hour)) for hour in (0, 2, 4, 23)])
    days = Period(SPRING, SPRING)
    with town.reading() as connection:
        choice = Choice(read_scope(connection, days, [SITE]))
        ((trend,), (grid,)) = trends(connection, choice, days), hour_grids(connection, choice, days)
    assert trend.votes == [4]
    assert [hour - SUNDAY for hour, n in enumerate(grid.votes) if n] == [0, 2, 4, 23]


def test_a_week_across_the_new_year(town: Database) -> None:
    """Monday to Sunday, and the week before it."""
    monday = date(2026, 12, 28)
    say(town, [Said(local(monday + timedelta(days=n), 12)) for n in range(-3, 7)])
    week = Period(monday, monday + timedelta(days=6))
    with town.reading() as connection:
        choice = Choice(read_scope(connection, Period(week.before.from_on, week.to_on), [SITE]))
        (trend,) = trends(connection, choice, week)
        (both,) = compared(connection, choice, week)
    assert trend.votes == [1] * 7
    assert (both.now.n, both.before.n) == (7, 3)


def test_a_place_that_moved(town: Database) -> None:
    """Each day counts where the desk stood then; the whole town doesn't notice."""
    first = MOVED_ON - timedelta(days=40)
    said = [Said(local(first + timedelta(days=n), 12), desk="desk-2") for n in range(80)]
    say(town, said)
    days = Period(first, first + timedelta(days=79))
    with town.reading() as connection:
        choice = Choice(read_scope(connection, days, [HALL, ANNEX, SITE]))
        figures = key_figures(connection, choice, days)
        grids = hour_grids(connection, choice, days)
        hall, annex, whole = trends(connection, choice, days)
    assert [(each.place, each.n) for each in figures] == [(HALL, 40), (ANNEX, 40), (SITE, 80)]
    assert [sum(grid.votes) for grid in grids] == [40, 40, 80]
    assert (hall.votes, annex.votes) == ([1] * 40 + [0] * 40, [0] * 40 + [1] * 40)
    assert whole.votes == [1] * 80


def test_a_survey_that_changed_half_way(town: Database) -> None:
    """Without a survey both count, on each scale for itself; with one it alone."""
    first = date(2026, 5, 1)
    said = [Said(local(first + timedelta(days=n), 12)) for n in range(10)]
    after = [
        Said(local(first + timedelta(days=n), 12), survey="new", scale="nps-11", value=10)
        for n in range(10, 16)
    ]
    say(town, [*said, *after])
    days = Period(first, first + timedelta(days=15))
    with town.reading() as connection:
        scope = read_scope(connection, days, [SITE])
        both = key_figures(connection, Choice(scope), days)
        new = trends(connection, Choice(scope, survey="new"), days)
    assert [(each.scale, each.n, each.satisfied) for each in both] == [
        ("faces-4", 10, 10),
        ("nps-11", 6, 6),
    ]
    assert [(each.scale, sum(each.votes)) for each in new] == [("nps-11", 6)]


@pytest.mark.parametrize(("is_test_included", "found"), [(False, [1, 2]), (True, [3, 2])])
def test_test_mode_counts_only_where_it_is_asked_for(
    town: Database, *, is_test_included: bool, found: list[int]
) -> None:
    """In figures of other places only on demand; in its own always."""
    at = local(date(2026, 5, 4), 12)
    say(town, [Said(at), Said(at, desk="trial"), Said(at, desk="trial")])
    days = Period(at.date(), at.date())
    places = [SITE, Place("touchpoint", "trial")]
    with town.reading() as connection:
        scope = read_scope(connection, days, places, is_test_included=is_test_included)
        assert [each.n for each in key_figures(connection, Choice(scope), days)] == found
        now = recent(connection, Choice(scope), at + timedelta(minutes=1))
    assert [sum(each.counts.values()) for each in now] == found


def test_whoever_may_not_see_a_desk_has_no_vote_of_it(town: Database) -> None:
    """Not in the desk's own figure, not in one of what it stands in."""
    at = local(date(2026, 5, 4), 12)
    say(town, [Said(at), Said(at, desk="desk-2"), Said(at, desk="desk-2")])
    days = Period(at.date(), at.date())
    places = [SITE, Place("touchpoint", "desk-2")]
    with town.reading() as connection:
        scope = read_scope(connection, days, places, visible=frozenset({"desk-1"}))
        for choice in (Choice(scope), Choice(scope.only([SITE]))):
            figures = key_figures(connection, choice, days)
            assert [(each.place, each.n) for each in figures] == [(SITE, 1)]
            (grid,) = hour_grids(connection, choice, days)
            assert sum(grid.votes) == 1


def test_a_scale_that_is_none_is_refused(town: Database) -> None:
    """What came by an address ends in no statement."""
    with town.reading() as connection:
        scope = read_scope(connection, Period(SPRING, SPRING), [SITE])
    with pytest.raises(ValueError, match="there is no scale"):
        Choice(scope, scale="faces-4' OR '1'='1")
