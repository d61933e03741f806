"""Of two people who change the same thing, the one who saw less is told so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from broker.fleet.device_places import move_device
from broker.fleet.errors import ChangedError, FleetError
from broker.fleet.place_changes import (
    Entered,
    clear_setting,
    kept_value,
    set_setting,
    show_settings,
)
from broker.fleet.places import find_place, move, rename
from broker.fleet.previews import preview_setting
from broker.fleet.seen import Seen
from broker.fleet.wanted import Wisher, list_standings
from broker.store.database import Database
from broker.store.place_settings import Effective
from broker.store.registered import revision
from tests.places.town import HOURS, NOW, TODAY

KEY = "opening.grace_min"


def holds(town: Database, key: str = KEY, code: str = "hall-1") -> Effective:
    """What holds there today."""
    return show_settings(town, None, code, None, NOW).settings[key]


def test_what_was_seen_may_be_changed(town: Database) -> None:
    """A name, a place, a setting, where a device stands."""
    rename(town, "location", "hall-1", "Зала", seen=Seen("hall-1"))
    move(town, "location", "hall-1", None, now=NOW, seen=Seen("centre"))
    set_setting(town, None, "hall-1", KEY, 5, None, NOW, seen=Seen(holds(town)))
    clear_setting(town, None, "hall-1", KEY, None, NOW, seen=Seen(holds(town)))
    move_device(town, "kiosk-1", None, now=NOW, seen=Seen("desk-1"))
    move_device(town, "kiosk-1", "desk-2", now=NOW, seen=Seen(None))
    assert holds(town).kind == "default"


@pytest.mark.parametrize(
    "change",
    [
        lambda town: rename(town, "location", "hall-1", "Друга", seen=Seen("Зала")),
        lambda town: move(town, "location", "hall-1", None, now=NOW, seen=Seen("hall-2")),
        lambda town: set_setting(
            town, None, "hall-1", KEY, 5, None, NOW, seen=Seen(Effective(7, "default", "", None))
        ),
        lambda town: clear_setting(
            town, None, "hall-1", KEY, None, NOW, seen=Seen(Effective(30, "site", "x", TODAY))
        ),
        lambda town: move_device(town, "kiosk-1", None, now=NOW, seen=Seen("desk-2")),
    ],
    ids=["name", "place", "value", "source", "device"],
)
def test_what_was_not_seen_is_told(town: Database, change: Callable[[Database], object]) -> None:
    """And nothing is changed, not even the registry's revision."""
    with town.reading() as connection:
        before = revision(connection)
    with pytest.raises(ChangedError) as refused:
        change(town)
    assert "look at it again" in str(refused.value)
    with town.reading() as connection:
        assert revision(connection) == before
        assert find_place(connection, "hall-1", "location").name == "hall-1"


def test_of_two_in_a_race_one_is_refused(town: Database) -> None:
    """Both saw the same, both save at once: one value stands, and the other person is told."""
    seen, start = Seen(holds(town)), threading.Barrier(2)
    fates: list[str] = []

    def save(minutes: int) -> None:
        start.wait()
        try:
            set_setting(town, None, "hall-1", KEY, minutes, None, NOW, seen=seen)
            fates.append("saved")
        except ChangedError:
            fates.append("told")

    people = [threading.Thread(target=save, args=(minutes,)) for minutes in (5, 6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(fates) == ["saved", "told"]
    assert holds(town).value in {5, 6}


def test_a_preview_tells_what_would_be(town: Database) -> None:
    """The devices below, and what each would get; those elsewhere are left out."""
    kept = kept_value("opening.weekly", HOURS)
    entered = Entered("location", "hall-1", "opening.weekly", kept, None)
    preview = preview_setting(town, entered, NOW)
    (effect,) = preview.effects
    assert (effect.device, effect.touchpoint, preview.unaffected) == ("kiosk-1", "desk-1", 0)
    assert any(each.key == "opening.weekly" for each in effect.differences)
    assert holds(town, "opening.weekly").kind == "default"
    set_setting(town, "location", "hall-1", "opening.weekly", HOURS, None, NOW)
    with town.reading() as connection:
        standing = next(each for each in list_standings(connection, NOW) if each.name == "kiosk-1")
        wanted = Wisher(connection).wish(standing, None)
    assert wanted.configuration is not None
    assert wanted.configuration.opening is not None


def test_a_preview_counts_who_keeps_what_he_has(town: Database) -> None:
    """A setting that no kiosk gets changes nothing for any."""
    preview = preview_setting(town, Entered("location", "centre", "unit", '"revenue"', None), NOW)
    assert (preview.effects, preview.unaffected) == ((), 2)


def test_a_preview_refuses_what_would_be_refused(town: Database) -> None:
    """The same rules; and what was there before is there after."""
    entered = Entered("location", "hall-1", "survey", '{"code":"fair","version":null}', None)
    with pytest.raises(FleetError, match="kiosks could not show it"):
        preview_setting(town, entered, NOW)
    later = Entered("location", "nowhere", KEY, "5", TODAY + timedelta(days=3))
    with pytest.raises(FleetError, match="there is no"):
        preview_setting(town, later, NOW)
    assert holds(town, "survey").kind == "default"
