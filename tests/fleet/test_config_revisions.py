"""Configurations as they are made, numbered, shown and compared."""

from __future__ import annotations

import threading
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import delete, update

from broker.fleet.configurations import diff, history, refresh, show, touchpoint_of
from broker.fleet.device_places import move_device, retire_device
from broker.fleet.errors import FleetError
from broker.fleet.place_changes import clear_setting
from broker.fleet.revisions import LEAP, contents_of, hold_registry
from broker.store.database import Database
from broker.store.fleet_tables import DeviceConfiguration
from broker.store.place_settings import put_setting
from broker.store.places import Place
from broker.store.registry import add_device, add_touchpoint
from broker.store.tables import table_of
from broker.wire.codec import read
from broker.wire.configuration import Configuration
from broker.wire.standard_survey import STANDARD_SURVEY
from tests.fleet.config_town import (
    ASKED,
    NOW,
    SITE,
    build,
    say,
    set_at,
    set_at_root,
    survey,
)


def made(database: Database) -> dict[str, int]:
    """Device → the revision that a refresh makes now."""
    return refresh(database, NOW).made


def latest(database: Database, device: str = "kiosk-1") -> Configuration:
    """The newest configuration of a device, as it is published."""
    newest = history(database, device, NOW)[0]
    with database.reading() as connection:
        return read(contents_of(connection, [newest.revision])[newest.revision], Configuration)


def test_each_device_gets_its_own_once(database: Database) -> None:
    """Numbered over the whole installation; while nothing changes, nothing is made."""
    build(database)
    assert made(database) == {"kiosk-1": 1, "kiosk-2": 2}
    assert made(database) == {}
    found = latest(database, "kiosk-2")
    assert (found.revision, found.touchpoint, found.survey.code) == (2, "desk-2", "reception")


def test_only_those_concerned_get_a_new_one(database: Database) -> None:
    """A change at one touchpoint is none of the others'."""
    build(database)
    made(database)
    set_at(database, "desk-2", "presentation.is_slow", value=True)
    assert made(database) == {"kiosk-2": 3}
    set_at_root(database, "presentation.reads_aloud", value=True)
    assert made(database) == {"kiosk-1": 4, "kiosk-2": 5}


def test_what_is_entered_for_later_comes_on_its_day(database: Database) -> None:
    """Not before."""
    build(database)
    made(database)
    set_at_root(database, "presentation.is_slow", value=True, in_days=3)
    assert refresh(database, NOW + timedelta(days=2)).made == {}
    assert refresh(database, NOW + timedelta(days=3)).made == {"kiosk-1": 3, "kiosk-2": 4}


def test_a_device_that_moves_gets_that_of_its_new_place(database: Database) -> None:
    """In the drawer it asks nobody, and back at a place it is woken."""
    build(database, is_asked=False)
    set_at(database, "desk-1", "survey", ASKED)
    assert made(database) == {"kiosk-1": 1, "kiosk-2": 2}
    assert latest(database).survey == survey()
    move_device(database, "kiosk-1", None, now=NOW)
    assert made(database) == {"kiosk-1": 3}
    assert (latest(database).is_resting, made(database)) == (True, {})
    move_device(database, "kiosk-1", "desk-2", now=NOW)
    assert made(database) == {"kiosk-1": 4}
    assert not latest(database).is_resting
    assert (latest(database).touchpoint, latest(database).survey) == ("desk-2", STANDARD_SURVEY)


def test_after_a_survey_that_is_taken_back_the_standard_one_is_asked(database: Database) -> None:
    """By all whom it concerns."""
    build(database)
    made(database)
    clear_setting(database, "site", SITE, "survey", None, NOW)
    assert made(database) == {"kiosk-1": 3, "kiosk-2": 4}
    assert latest(database).survey == STANDARD_SURVEY


def put_a_fault(database: Database) -> None:
    """Past the verbs, ``desk-1`` is to show what nobody translated."""
    place, from_on = Place("touchpoint", "desk-1"), NOW.date() - timedelta(days=1)
    with database.transaction() as connection:
        put_setting(connection, place, "languages", '["bg", "tr"]', from_on=from_on, now=NOW)


def test_a_device_that_never_had_a_good_one_gets_none(database: Database) -> None:
    """Until what is set for its place is mended."""
    build(database)
    put_a_fault(database)
    assert made(database) == {"kiosk-2": 1}
    assert show(database, "kiosk-1", NOW).says.startswith("none could be made")
    set_at(database, "desk-1", "languages", ["bg"])
    assert made(database) == {"kiosk-1": 2}


def test_nobody_gets_one_that_has_faults(database: Database) -> None:
    """However it came into the database; others get theirs, and ``show`` says why."""
    build(database)
    made(database)
    put_a_fault(database)
    set_at(database, "desk-2", "presentation.is_slow", value=True)
    refreshed = refresh(database, NOW)
    assert refreshed.made == {"kiosk-2": 3}
    assert refreshed.plan is not None
    (fault,) = refreshed.plan.faults
    assert fault.startswith("desk-1: survey.questions[0].texts.tr: is missing")
    shown = show(database, "kiosk-1", NOW)
    assert shown.faults[0].startswith("survey.questions[0].texts.tr: is missing")
    assert latest(database).languages == ("bg", "en")


def test_after_a_backup_numbers_go_on_above_what_kiosks_have(database: Database) -> None:
    """A kiosk with a higher one than ours gets what is wanted under a number above that."""
    build(database)
    made(database)
    say(database, "kiosk-1", 40)
    assert show(database, "kiosk-1", NOW).is_due
    assert made(database) == {"kiosk-1": 41}
    assert history(database, "kiosk-1", NOW)[0].note == "above what it has: a backup was restored"
    assert made(database) == {}
    set_at(database, "desk-2", "presentation.is_slow", value=True)
    assert made(database) == {"kiosk-2": 42}


def test_a_device_that_lies_uses_up_no_numbers(database: Database) -> None:
    """A number beyond reason is not believed, nor that of a stranger."""
    build(database)
    made(database)
    say(database, "kiosk-1", LEAP + 10)
    say(database, "stranger", 500)
    assert made(database) == {}
    set_at(database, "desk-2", "presentation.is_slow", value=True)
    assert made(database) == {"kiosk-2": 3}


def test_what_this_program_cannot_read_is_made_anew(database: Database) -> None:
    """As after an update to an older release."""
    build(database)
    made(database)
    table = table_of(DeviceConfiguration)
    with database.transaction() as connection:
        connection.execute(update(table).where(table.c.device == "kiosk-1").values(content="{}"))
    assert made(database) == {"kiosk-1": 3}


def test_two_programs_at_once_make_it_once(database: Database) -> None:
    """Whoever comes second finds it made."""
    build(database)
    results: list[dict[str, int]] = []
    threads = [threading.Thread(target=lambda: results.append(made(database))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(number for result in results for number in result.values())
    assert numbers == [1, 2]


def test_the_registry_stands_still_while_configurations_are_written(database: Database) -> None:
    """The number that was read is the one that holds."""
    build(database)
    with database.transaction() as connection:
        held = hold_registry(connection)
    add_touchpoint(database, "desk-3", site=SITE)
    with database.transaction() as connection:
        assert hold_registry(connection) == held + 1


def test_show_tells_how_it_stands(database: Database) -> None:
    """From nothing to in use, by way of a refusal."""
    build(database)
    shown = show(database, "kiosk-1", NOW)
    assert (shown.in_use, shown.heard_at, shown.latest) == (None, None, None)
    assert shown.is_due
    made(database)
    assert show(database, "kiosk-1", NOW).says == "made; to be published"
    table = table_of(DeviceConfiguration)
    with database.transaction() as connection:
        connection.execute(update(table).values(published_at=NOW))
    assert show(database, "kiosk-1", NOW).says == "published; not in use yet"
    say(database, "kiosk-1", 0, refusal="languages: one of them is there twice")
    shown = show(database, "kiosk-1", NOW)
    assert shown.says == "refused; the last good one stays in use"
    assert (shown.in_use, shown.refusal) == (0, "languages: one of them is there twice")
    say(database, "kiosk-1", 1)
    shown = show(database, "kiosk-1", NOW)
    assert (shown.says, shown.in_use) == ("in use", 1)
    move_device(database, "kiosk-1", None, now=NOW)
    assert show(database, "kiosk-1", NOW).says.startswith("the fleet's process will make a new one")
    made(database)
    assert show(database, "kiosk-1", NOW).says == "made; to be published"
    say(database, "kiosk-1", 3)
    assert show(database, "kiosk-1", NOW).says == "in a drawer: it asks nobody"
    retire_device(database, "kiosk-1", now=NOW)
    assert show(database, "kiosk-1", NOW).says == "retired: it asks nobody"


def test_diff_tells_what_is_different(database: Database) -> None:
    """Between two revisions, or from what is in use to what should be."""
    build(database)
    made(database)
    with pytest.raises(FleetError, match="was not heard yet"):
        diff(database, "kiosk-1", NOW)
    say(database, "kiosk-1", 1)
    assert diff(database, "kiosk-1", NOW) == []
    set_at_root(database, "languages", ["bg"])
    (found,) = diff(database, "kiosk-1", NOW)
    assert str(found) == "languages: bg; en → bg"
    made(database)
    (back,) = diff(database, "kiosk-1", NOW, 3, 1)
    assert (back.old, back.new) == ("bg", "bg; en")
    assert all(each.old is None for each in diff(database, "kiosk-1", NOW, 0))
    with pytest.raises(FleetError, match="never got revision 2"):
        diff(database, "kiosk-1", NOW, 2)


def test_unknown_devices_are_told(database: Database) -> None:
    """By every verb."""
    build(database)
    for ask in (show, history, diff, touchpoint_of):
        with pytest.raises(FleetError, match="there is no device 'kiosk-9'"):
            ask(database, "kiosk-9", NOW)


def test_what_is_set_for_a_device_is_set_where_it_stands(database: Database) -> None:
    """One in a drawer stands nowhere."""
    build(database)
    assert touchpoint_of(database, "kiosk-1", NOW) == "desk-1"
    move_device(database, "kiosk-1", None, now=NOW)
    with pytest.raises(FleetError, match="is in a drawer"):
        touchpoint_of(database, "kiosk-1", NOW)


def test_a_new_device_at_a_known_place_is_served_at_once(database: Database) -> None:
    """Two may stand at one touchpoint."""
    build(database)
    made(database)
    add_device(database, "kiosk-3", touchpoint="desk-1")
    assert made(database) == {"kiosk-3": 3}
    same = msgspec.structs.replace(latest(database), revision=3)
    assert latest(database, "kiosk-3") == same


def test_without_history_nothing_is_lost(database: Database) -> None:
    """Rows that somebody deleted are made again, under numbers above what kiosks use."""
    build(database)
    made(database)
    say(database, "kiosk-1", 1)
    with database.transaction() as connection:
        connection.execute(delete(table_of(DeviceConfiguration)))
    assert made(database) == {"kiosk-1": 2, "kiosk-2": 3}
