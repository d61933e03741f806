"""The tree of places, and moves in it from day to day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broker.fleet.device_places import move_device
from broker.fleet.errors import FleetError
from broker.fleet.places import (
    add_location,
    move,
    rename,
    retire,
    set_test_mode,
    show_places,
)
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.places import Place, path_of, read_tree, touchpoints_under
from broker.store.registered import revision
from broker.store.registry import (
    add_device,
    add_site,
    add_touchpoint,
    list_devices,
    list_touchpoints,
)
from tests.places.town import LONG_AGO, NOW, SITE, SOFIA, TODAY

DAY = timedelta(days=1)


def path(database: Database, touchpoint: str, on: date) -> list[str]:
    """The codes of ``path_of``."""
    with database.reading() as connection:
        return [code for _, code in path_of(connection, touchpoint, on)]


def under(database: Database, kind: str, code: str, on: date = TODAY) -> list[str]:
    """``touchpoints_under``, in a transaction of its own."""
    with database.reading() as connection:
        return touchpoints_under(connection, kind, code, on)


def test_a_touchpoint_knows_its_way_up_to_the_site(town: Database) -> None:
    """The path goes from the touchpoint over all its locations to the site, with kinds."""
    with town.reading() as connection:
        assert path_of(connection, "desk-1", TODAY) == [
            ("touchpoint", "desk-1"),
            ("location", "hall-1"),
            ("location", "centre"),
            ("site", SITE),
        ]
    assert under(town, "site", SITE) == ["desk-1", "desk-2"]
    assert under(town, "location", "hall-2") == ["desk-2"]
    assert under(town, "touchpoint", "desk-2") == ["desk-2"]


def test_a_move_keeps_the_place_of_the_days_before(town: Database) -> None:
    """Figures of yesterday and of last year stay where they were."""
    move(town, "touchpoint", "desk-1", "hall-2", now=NOW, from_on=TODAY + DAY)
    assert path(town, "desk-1", TODAY) == ["desk-1", "hall-1", "centre", SITE]
    assert path(town, "desk-1", TODAY + DAY) == ["desk-1", "hall-2", "centre", SITE]
    assert path(town, "desk-1", TODAY - DAY) == ["desk-1", SITE]
    assert under(town, "location", "hall-2", TODAY + DAY) == ["desk-1", "desk-2"]
    assert under(town, "location", "hall-2", TODAY) == ["desk-2"]


def test_a_location_moves_with_all_that_stands_in_it(town: Database) -> None:
    """A hall that moves out of its building takes its desks along, from that day on."""
    moved = move(town, "location", "hall-1", None, now=NOW, from_on=TODAY + DAY)
    assert (moved.was, moved.location) == ("centre", None)
    assert path(town, "desk-1", TODAY + DAY) == ["desk-1", "hall-1", SITE]
    assert path(town, "desk-1", TODAY) == ["desk-1", "hall-1", "centre", SITE]


def test_today_is_the_sites_day(town: Database) -> None:
    """What is entered at half past midnight in Sofia holds from that day on, not from UTC's."""
    midnight = NOW.astimezone(SOFIA).replace(hour=0, minute=30) + 2 * DAY
    moved = move(town, "touchpoint", "desk-1", "hall-2", now=midnight)
    assert moved.from_on == TODAY + 2 * DAY


def test_nothing_stands_under_itself(town: Database) -> None:
    """Neither at once nor in a roundabout way, and the error shows the way."""
    with pytest.raises(FleetError, match="centre can't stand under itself: centre in hall-1"):
        move(town, "location", "centre", "hall-1", now=NOW)
    with pytest.raises(FleetError, match="hall-1 can't stand under itself"):
        move(town, "location", "hall-1", "hall-1", now=NOW)
    assert path(town, "desk-1", TODAY) == ["desk-1", "hall-1", "centre", SITE]


def test_two_moves_of_different_days_make_no_circle(town: Database) -> None:
    """A move is judged on later days too, for which others are entered already."""
    move(town, "location", "hall-1", "hall-2", now=NOW, from_on=TODAY + 9 * DAY)
    with pytest.raises(FleetError, match=rf"under itself.*on {TODAY + 9 * DAY}"):
        move(town, "location", "hall-2", "hall-1", now=NOW, from_on=TODAY)


def test_a_location_in_which_something_stands_is_not_retired(town: Database) -> None:
    """It says what to move first; what comes in later counts, too; then it goes."""
    with pytest.raises(FleetError, match="touchpoint desk-1 would stand in location hall-1"):
        retire(town, "location", "hall-1", now=NOW)
    move(town, "touchpoint", "desk-1", "hall-2", now=NOW)
    move(town, "touchpoint", "desk-1", "hall-1", now=NOW, from_on=TODAY + 5 * DAY)
    with pytest.raises(FleetError, match=rf"desk-1.*on {TODAY + 5 * DAY}"):
        retire(town, "location", "hall-1", now=NOW)
    move(town, "touchpoint", "desk-1", "hall-2", now=NOW, from_on=TODAY + 5 * DAY)
    assert retire(town, "location", "hall-1", now=NOW) == TODAY
    with town.reading() as connection:
        assert Place("location", "hall-1") not in read_tree(connection, TODAY).entries
        assert Place("location", "hall-1") in read_tree(connection, TODAY - DAY).entries
    with pytest.raises(FleetError, match="retired"):
        move(town, "touchpoint", "desk-1", "hall-1", now=NOW)
    with pytest.raises(FleetError, match="is retired from"):
        retire(town, "location", "hall-1", now=NOW)


def test_a_touchpoint_is_retired_when_its_device_is_gone(town: Database) -> None:
    """Its past figures keep their place, and its code stays taken."""
    with pytest.raises(FleetError, match="kiosk-1 stands at touchpoint desk-1"):
        retire(town, "touchpoint", "desk-1", now=NOW)
    move_device(town, "kiosk-1", None, now=NOW)
    retire(town, "touchpoint", "desk-1", now=NOW, on=TODAY + DAY)
    assert under(town, "site", SITE, TODAY) == ["desk-1", "desk-2"]
    assert under(town, "site", SITE, TODAY + DAY) == ["desk-2"]
    with pytest.raises(RegistryError, match="'desk-1' is retired"):
        add_device(town, "kiosk-9", touchpoint="desk-1")


def test_a_place_stays_in_its_site(town: Database) -> None:
    """Days are counted in the site's time zone, so nothing moves to another."""
    add_site(town, "lovech")
    add_location(town, "elsewhere", site="lovech", now=NOW)
    with pytest.raises(FleetError, match="elsewhere is of lovech"):
        move(town, "touchpoint", "desk-1", "elsewhere", now=NOW)
    with pytest.raises(RegistryError, match="has no location 'elsewhere'"):
        add_touchpoint(town, "desk-9", site=SITE, location="elsewhere")
    with pytest.raises(FleetError, match="a site stands in nothing"):
        move(town, "site", SITE, "centre", now=NOW)


def test_nothing_stands_in_what_is_not_there_yet(town: Database) -> None:
    """A hall of next month holds no desk today."""
    add_location(town, "annex", site=SITE, now=NOW, from_on=TODAY + 30 * DAY)
    with pytest.raises(FleetError, match="of a later day"):
        move(town, "touchpoint", "desk-1", "annex", now=NOW)
    move(town, "touchpoint", "desk-1", "annex", now=NOW, from_on=TODAY + 30 * DAY)
    assert path(town, "desk-1", TODAY + 30 * DAY) == ["desk-1", "annex", SITE]


def test_a_location_is_added_once(town: Database) -> None:
    """The same again is no error; something else of that code is, and so is a bad code."""
    assert add_location(town, "centre", site=SITE, now=NOW) is False
    assert add_location(town, "hall-1", site=SITE, now=NOW, location="centre") is False
    with pytest.raises(FleetError, match="'Център' in site troyan"):
        add_location(town, "centre", site=SITE, now=NOW, name="Друг")
    with pytest.raises(FleetError, match="hall-1 is there already"):
        add_location(town, "hall-1", site=SITE, now=NOW, location="hall-2")
    with pytest.raises(FleetError, match="small Latin letters"):
        add_location(town, "Зала", site=SITE, now=NOW)
    with pytest.raises(FleetError, match="no site 'lovech'"):
        add_location(town, "hall-3", site="lovech", now=NOW)


def test_names_change_and_codes_stay(town: Database) -> None:
    """Site, location and touchpoint get other names; what is no name is refused."""
    for kind, code in (("site", SITE), ("location", "hall-1"), ("touchpoint", "desk-1")):
        rename(town, kind, code, " Ново име ")
        with town.reading() as connection:
            assert read_tree(connection, TODAY).entries[Place(kind, code)].name == "Ново име"
    for name in ("", "  ", "a\nb", "a" * 201):
        with pytest.raises(FleetError, match="is no name"):
            rename(town, "touchpoint", "desk-1", name)
    with pytest.raises(FleetError, match="no touchpoint 'hall-1'"):
        rename(town, "touchpoint", "hall-1", "x")


def test_test_mode_is_switched(town: Database) -> None:
    """And it tells whether that changed anything."""
    assert set_test_mode(town, "desk-1", is_test=True) is True
    assert set_test_mode(town, "desk-1", is_test=True) is False
    assert [each.is_test for each in list_touchpoints(town)] == [True, False]


def test_every_change_raises_the_revision(town: Database) -> None:
    """Whoever holds places in memory sees by it that they must be read anew."""
    changes: list[Callable[[], object]] = [
        lambda: rename(town, "location", "hall-1", "x"),
        lambda: move(town, "touchpoint", "desk-1", "hall-2", now=NOW),
        lambda: set_test_mode(town, "desk-1", is_test=True),
        lambda: retire(town, "location", "hall-1", now=NOW),
    ]
    for change in changes:
        with town.reading() as connection:
            before = revision(connection)
        change()
        with town.reading() as connection:
            assert revision(connection) > before


def test_a_new_touchpoint_is_placed_with_it(town: Database) -> None:
    """It stands in the location that was named, the same again agrees, another does not."""
    add_touchpoint(town, "desk-3", site=SITE, location="hall-2")
    assert path(town, "desk-3", TODAY) == ["desk-3", "hall-2", "centre", SITE]
    assert add_touchpoint(town, "desk-3", site=SITE, location="hall-2") is False
    assert add_touchpoint(town, "desk-3", site=SITE) is False
    with pytest.raises(RegistryError, match="with location 'hall-2'"):
        add_touchpoint(town, "desk-3", site=SITE, location="hall-1")


def test_the_grounds_show_devices_where_they_stood(town: Database) -> None:
    """Today's devices today, and an unknown touchpoint is an error."""
    assert show_places(town, TODAY).devices == {"desk-1": ["kiosk-1"], "desk-2": ["kiosk-2"]}
    assert show_places(town, LONG_AGO).devices == {}
    assert [each.touchpoint for each in list_devices(town)] == ["desk-1", "desk-2"]
    with town.reading() as connection, pytest.raises(RegistryError, match="no touchpoint none"):
        path_of(connection, "none", TODAY)


_MOVES = st.lists(
    st.tuples(
        st.sampled_from(["centre", "hall-1", "hall-2", "desk-1", "desk-2"]),
        st.sampled_from([None, "centre", "hall-1", "hall-2"]),
        st.integers(0, 6),
    ),
    max_size=12,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_MOVES)
def test_whatever_moves_the_tree_stays_one(
    town: Database, moves: list[tuple[str, str | None, int]]
) -> None:
    """After any moves for any days, taken or refused, every path ends at the site on every day."""
    for code, into, day in moves:
        kind = "touchpoint" if code.startswith("desk") else "location"
        try:
            move(town, kind, code, into, now=NOW, from_on=TODAY + day * DAY)
        except FleetError:
            continue  # refused: it would have stood under itself
    for day in range(8):
        on = TODAY + day * DAY
        with town.reading() as connection:
            tree = read_tree(connection, on)
            assert all(tree.path(place)[-1] == ("site", SITE) for place in tree.entries)
            assert path_of(connection, "desk-1", on) == tree.path(Place("touchpoint", "desk-1"))
        assert under(town, "site", SITE, on) == ["desk-1", "desk-2"]
