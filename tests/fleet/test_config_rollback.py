"""Holding a device to an earlier configuration, and letting go of it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from broker.fleet.configurations import history, refresh, show
from broker.fleet.device_places import move_device
from broker.fleet.errors import FleetError
from broker.fleet.rollback import follow, roll_back
from broker.store.database import Database
from broker.store.fleet_tables import DeviceConfiguration
from broker.store.registered import revision
from broker.store.tables import table_of
from tests.fleet.config_town import NOW, build, set_at_root


def changed_twice(database: Database) -> Database:
    """``kiosk-1`` has the revisions 1 (both languages), 3 (Bulgarian) and 5 (slow, too)."""
    build(database)
    refresh(database, NOW)
    set_at_root(database, "languages", ["bg"])
    refresh(database, NOW)
    set_at_root(database, "presentation.is_slow", value=True)
    refresh(database, NOW)
    return database


def numbers(database: Database) -> list[int]:
    """The revisions of ``kiosk-1``, the newest first."""
    return [each.revision for each in history(database, "kiosk-1", NOW)]


def test_rollback_gives_what_was_before_under_a_new_number(database: Database) -> None:
    """Kiosks take only higher numbers; other devices keep what they have."""
    changed_twice(database)
    turned = roll_back(database, "kiosk-1", NOW)
    assert (turned.to, turned.made) == (3, 7)
    assert [str(each) for each in turned.changed] == ["presentation.is_slow: taken out, was yes"]
    assert numbers(database) == [7, 5, 3, 1]
    assert refresh(database, NOW).made == {}
    assert show(database, "kiosk-1", NOW).pinned == 3


def test_rollback_again_goes_further_back(database: Database) -> None:
    """Until there is nothing before."""
    changed_twice(database)
    roll_back(database, "kiosk-1", NOW)
    assert roll_back(database, "kiosk-1", NOW).to == 1
    with pytest.raises(FleetError, match="had no other configuration before"):
        roll_back(database, "kiosk-1", NOW)
    assert show(database, "kiosk-1", NOW).pinned == 1


def test_a_held_device_stays_until_it_follows(database: Database) -> None:
    """Changes at its place reach it only then."""
    changed_twice(database)
    roll_back(database, "kiosk-1", NOW, to=1)
    set_at_root(database, "presentation.reads_aloud", value=True)
    assert refresh(database, NOW).made.keys() == {"kiosk-2"}
    turned = follow(database, "kiosk-1", NOW)
    assert turned.made == numbers(database)[0]
    assert {each.key for each in turned.changed} == {
        "languages",
        "presentation.is_slow",
        "presentation.reads_aloud",
    }
    assert show(database, "kiosk-1", NOW).pinned is None
    assert follow(database, "kiosk-1", NOW).made is None


def test_a_held_device_that_moves_is_of_its_new_place(database: Database) -> None:
    """It asks what it is held to, and its ratings are those of where it stands."""
    changed_twice(database)
    roll_back(database, "kiosk-1", NOW, to=1)
    move_device(database, "kiosk-1", "desk-2", now=NOW)
    assert refresh(database, NOW).made.keys() == {"kiosk-1"}
    newest = history(database, "kiosk-1", NOW)[0]
    content = newest.read()
    assert newest.note == "held to 1"
    assert content is not None
    assert (content.touchpoint, content.languages) == ("desk-2", ("bg", "en"))


def test_only_what_it_had_and_can_use(database: Database) -> None:
    """Another device's, or what can't be read any more, is refused, and nothing changes."""
    changed_twice(database)
    with pytest.raises(FleetError, match="never got revision 2"):
        roll_back(database, "kiosk-1", NOW, to=2)
    table = table_of(DeviceConfiguration)
    with database.transaction() as connection:
        connection.execute(update(table).where(table.c.revision == 1).values(content="{}"))
    with pytest.raises(FleetError, match="revision 1 can't be used at desk-1 any more"):
        roll_back(database, "kiosk-1", NOW, to=1)
    assert show(database, "kiosk-1", NOW).pinned is None
    move_device(database, "kiosk-1", None, now=NOW)
    with pytest.raises(FleetError, match="is in a drawer"):
        roll_back(database, "kiosk-1", NOW)


def test_whoever_publishes_sees_it(database: Database) -> None:
    """Both raise the registry's revision, at which the fleet's process looks."""
    changed_twice(database)
    seen = []
    for turn in (roll_back, follow):
        turn(database, "kiosk-1", NOW)
        with database.reading() as connection:
            seen.append(revision(connection))
    assert seen[1] == seen[0] + 1


def rested(database: Database) -> Database:
    """``kiosk-1`` has 1, 3 (Bulgarian), 5 (at rest) and 6 (awake, as 3)."""
    build(database)
    refresh(database, NOW)
    set_at_root(database, "languages", ["bg"])
    refresh(database, NOW)
    for touchpoint in (None, "desk-1"):
        move_device(database, "kiosk-1", touchpoint, now=NOW)
        refresh(database, NOW)
    assert numbers(database) == [6, 5, 3, 1]
    return database


def test_rollback_passes_over_what_differs_only_in_where_it_stood(database: Database) -> None:
    """Neither a time in the drawer nor another touchpoint is a change that can be taken back."""
    rested(database)
    turned = roll_back(database, "kiosk-1", NOW)
    assert (turned.to, turned.made) == (1, 7)
    follow(database, "kiosk-1", NOW)
    move_device(database, "kiosk-1", "desk-2", now=NOW)
    refresh(database, NOW)
    assert roll_back(database, "kiosk-1", NOW).to == 7


def test_with_nothing_else_before_rollback_is_refused(database: Database) -> None:
    """And the device is held to nothing."""
    build(database)
    refresh(database, NOW)
    for touchpoint in (None, "desk-2"):
        move_device(database, "kiosk-1", touchpoint, now=NOW)
        refresh(database, NOW)
    with pytest.raises(FleetError, match="had no other configuration before"):
        roll_back(database, "kiosk-1", NOW)
    assert show(database, "kiosk-1", NOW).pinned is None


def test_a_configuration_at_rest_can_not_be_held_to(database: Database) -> None:
    """It asks nobody: who wants that puts the device into the drawer."""
    rested(database)
    with pytest.raises(FleetError, match=r"revision 5 can't be used at desk-1.*asks nobody"):
        roll_back(database, "kiosk-1", NOW, to=5)
    assert show(database, "kiosk-1", NOW).pinned is None
