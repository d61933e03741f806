"""For which place votes count: units, enough people, and moves."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.closed.standing import read_standings
from broker.fleet.places import add_location
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_touchpoint
from tests.analytics.feedback import NOW, SITE, Feedback

FROM, TO = date(2023, 6, 1), date(2023, 7, 9)
TOWN = Place("site", SITE)
HALL, DESK, OTHER = (
    Place("location", "hall"),
    Place("touchpoint", "desk"),
    Place("touchpoint", "other"),
)


@pytest.fixture
def town(feedback: Feedback) -> Feedback:
    """A hall of the unit *centre* with two desks, where nobody said how many serve."""
    add_location(feedback.database, "hall", site=SITE, now=NOW, name="Зала", from_on=FROM)
    for place in (DESK, OTHER):
        add_touchpoint(feedback.database, place.code, site=SITE, name=place.code, is_test=False)
        with feedback.database.transaction() as connection:
            put_placement(connection, place, FROM, "hall")
    say(feedback, HALL, "unit", '"centre"')
    return feedback


def say(feedback: Feedback, place: Place, key: str, value: str, on: date = FROM) -> None:
    """Let a setting hold from a day on."""
    with feedback.database.transaction() as connection:
        put_setting(connection, place, key, value, from_on=on, now=NOW)


def named(feedback: Feedback) -> list[Place]:
    """The places with figures of their own at the end."""
    with feedback.database.reading() as connection:
        return [each.place for each in read_standings(connection, FROM, TO)[-1].named]


def test_nothing_below_the_unit_without_counts(town: Feedback) -> None:
    """Nobody entered how many serve: the unit has figures, its desks have none."""
    assert named(town) == [TOWN, HALL]


def test_three_people_are_enough(town: Feedback) -> None:
    """And so many must be left for the rest, too."""
    say(town, DESK, "staff", "3")
    assert named(town) == [TOWN, HALL]  # the other desk would follow by subtraction
    say(town, OTHER, "staff", "2")
    assert named(town) == [TOWN, HALL]
    say(town, OTHER, "staff", "3")
    assert named(town) == [TOWN, HALL, DESK, OTHER]


def test_without_units_there_is_the_whole_only(town: Feedback) -> None:
    """A place of which no unit is known is below all of them."""
    say(town, HALL, "unit", "null")
    assert named(town) == [TOWN]


def test_a_place_in_test_mode_counts_nowhere(town: Feedback) -> None:
    """Its votes are in no figure but its own, which the live page shows."""
    add_touchpoint(town.database, "trial", site=SITE, name="Проба", is_test=True)
    with town.database.reading() as connection:
        (days,) = read_standings(connection, FROM, TO)
    assert "trial" not in days.standings
    assert {place.code for place in (DESK, OTHER)} == set(days.standings)


def test_votes_stay_where_they_were_given(town: Feedback) -> None:
    """A desk that moves takes its old votes nowhere; fewer people from a day on merge from it."""
    add_location(town.database, "annex", site=SITE, now=NOW, name="Пристройка", from_on=FROM)
    say(town, Place("location", "annex"), "unit", '"revenue"')
    with town.database.transaction() as connection:
        put_placement(connection, DESK, date(2023, 6, 20), "annex")
    with town.database.reading() as connection:
        before, after = read_standings(connection, FROM, TO)
    assert (before.to_on, after.from_on) == (date(2023, 6, 19), date(2023, 6, 20))
    assert before.standings["desk"].place == HALL
    assert before.standings["desk"].unit == "centre"
    assert after.standings["desk"].place == Place("location", "annex")
    assert after.standings["desk"].unit == "revenue"


def test_people_who_leave_take_the_name_with_them(town: Feedback) -> None:
    """Day by day: with three a desk has figures, with two it is shown with its hall."""
    for place in (DESK, OTHER):
        say(town, place, "staff", "3")
    say(town, DESK, "staff", "2", on=date(2023, 7, 1))
    with town.database.reading() as connection:
        before, after = read_standings(connection, FROM, TO)
    assert before.standings["desk"].place == DESK
    assert after.standings["desk"].place == HALL
    # Its colleagues at the other desk would follow by subtraction.
    assert after.standings["other"].place == HALL


def test_a_desk_does_not_become_a_unit_by_entering_it_again(town: Feedback) -> None:
    """The hall's own unit at each desk makes none of them a level of its own."""
    for place in (DESK, OTHER):
        say(town, place, "unit", '"centre"')
        say(town, place, "staff", "1")
    assert named(town) == [TOWN, HALL]


def test_a_unit_at_two_halls_is_no_level_at_either(town: Feedback) -> None:
    """Each hall is below it, and needs three people; with them it has figures."""
    add_location(town.database, "annex", site=SITE, now=NOW, name="Пристройка", from_on=FROM)
    annex = Place("location", "annex")
    with town.database.transaction() as connection:
        put_placement(connection, OTHER, FROM, "annex")
    say(town, annex, "unit", '"centre"')
    assert named(town) == [TOWN]
    for hall in (HALL, annex):
        say(town, hall, "staff", "3")
    assert set(named(town)) == {TOWN, HALL, annex}
