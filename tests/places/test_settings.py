"""Settings of places: inherited, dated, checked, and shown with where they come from."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from broker.fleet.device_places import move_device
from broker.fleet.errors import FleetError
from broker.fleet.place_changes import clear_setting, set_setting, show_settings
from broker.fleet.places import add_location, move, retire
from broker.fleet.surveys import publish
from broker.store.database import Database
from broker.store.place_settings import (
    Effective,
    effective,
    put_setting,
    staff_between,
    staff_on,
)
from broker.store.places import Place
from broker.store.setting_keys import SETTINGS, SettingError, check_value, read_value
from tests.places.town import HOURS, LONG_AGO, NOW, SITE, TODAY, survey

DAY = timedelta(days=1)


def holds(database: Database, touchpoint: str, key: str, on: date = TODAY) -> Effective:
    """What holds at a touchpoint."""
    with database.reading() as connection:
        return effective(connection, touchpoint, on)[key]


def test_nothing_set_is_the_default(town: Database) -> None:
    """Every key is there, and says that nobody set it."""
    with town.reading() as connection:
        found = effective(connection, "desk-1", TODAY)
    assert found.keys() == SETTINGS.keys()
    assert found["languages"] == Effective(["bg", "en"], "default", "", None)
    assert found["holidays"].value == "BG"
    assert found["survey"].value is None


def test_the_nearest_place_wins_and_is_named(town: Database) -> None:
    """Site, location, touchpoint: each beats the one above, and says since when."""
    set_setting(town, "site", SITE, "opening.grace_min", 10, LONG_AGO, NOW)
    assert holds(town, "desk-1", "opening.grace_min") == Effective(10, "site", SITE, LONG_AGO)
    set_setting(town, None, "hall-1", "opening.grace_min", 20, None, NOW)
    assert holds(town, "desk-1", "opening.grace_min") == Effective(20, "location", "hall-1", TODAY)
    set_setting(town, "touchpoint", "desk-1", "opening.grace_min", 0, None, NOW)
    assert holds(town, "desk-1", "opening.grace_min") == Effective(0, "touchpoint", "desk-1", TODAY)
    assert holds(town, "desk-2", "opening.grace_min").value == 10


def test_what_is_taken_back_is_inherited_again(town: Database) -> None:
    """And the day before still has it."""
    set_setting(town, None, SITE, "unit", "centre", LONG_AGO, NOW)
    set_setting(town, None, "desk-1", "unit", "revenue", TODAY - 3 * DAY, NOW)
    change = clear_setting(town, None, "desk-1", "unit", None, NOW)
    assert (change.was.value, change.became.value) == ("revenue", "centre")
    assert holds(town, "desk-1", "unit").value == "centre"
    assert holds(town, "desk-1", "unit", TODAY - DAY).value == "revenue"


def test_null_is_a_value_of_its_own(town: Database) -> None:
    """No public holidays in one hall is something else than asking the place above."""
    set_setting(town, None, "hall-1", "holidays", None, None, NOW)
    assert holds(town, "desk-1", "holidays") == Effective(None, "location", "hall-1", TODAY)


def test_a_change_of_a_future_day_waits_for_it(town: Database) -> None:
    """Today's value goes on until then, and today's changes are told that it ends."""
    new_year = TODAY + 40 * DAY
    set_setting(town, None, SITE, "opening.weekly", HOURS, new_year, NOW)
    assert holds(town, "desk-1", "opening.weekly").value is None
    assert holds(town, "desk-1", "opening.weekly", new_year).value == HOURS
    change = set_setting(town, None, SITE, "opening.weekly", None, None, NOW)
    assert (change.from_on, change.until_on) == (TODAY, new_year)
    assert change.touchpoints == ("desk-1", "desk-2")


def test_a_moved_touchpoint_inherits_from_its_new_place(town: Database) -> None:
    """From the day of the move on; before, from the old one."""
    set_setting(town, None, "hall-2", "unit", "taxes", LONG_AGO, NOW)
    move(town, "touchpoint", "desk-1", "hall-2", now=NOW, from_on=TODAY + DAY)
    assert holds(town, "desk-1", "unit").value is None
    assert holds(town, "desk-1", "unit", TODAY + DAY) == Effective(
        "taxes", "location", "hall-2", LONG_AGO
    )


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("opening.weekly", "08:00-17:00", "Expected `array | null`, got `str`"),
        ("opening.weekly", [{"days": [1], "opens_at": "8", "closes_at": "17:00"}], "opens_at"),
        ("opening.weekly", [{"days": [1], "opens_at": "17:00", "closes_at": "08:00"}], "never"),
        ("opening.special_days", [{"on": "2026-12-24", "text": {}}], "no field 'text'"),
        ("opening.grace_min", 241, "<= 240"),
        ("survey", {"code": "reception", "versoin": 2}, "no field 'versoin'"),
        ("survey", "reception", "object"),
        ("languages", [], "length >= 1"),
        ("languages", ["български"], "regex"),
        ("holidays", "DE", "Invalid enum value 'DE'"),
        ("presentation.write_url", "http://x.bg", "regex"),
        ("presentation.is_slow", "yes", "Expected `bool`"),
        ("staff", -1, ">= 0"),
        ("staff", 2.5, "Expected `int | null`"),
        ("unit", "Приходи", "regex"),
        ("colour", "red", "there is no setting 'colour'; the settings are unit, survey"),
    ],
)
def test_a_bad_value_is_told_with_a_good_one(key: str, value: object, wrong: str) -> None:
    """What was wrong and where, and an example, or the settings that there are."""
    with pytest.raises(SettingError) as error:
        check_value(key, value)
    assert wrong in str(error.value)
    assert key not in SETTINGS or f"for example {SETTINGS[key].example}" in str(error.value)


def test_every_example_and_every_default_is_good() -> None:
    """What errors advise works, and what is kept reads back as it was given."""
    for key, known in SETTINGS.items():
        example = json.loads(known.example)
        kept = read_value(check_value(key, example))
        assert check_value(key, kept) == check_value(key, example)
        assert read_value(check_value(key, known.default)) == known.default


def test_a_bad_value_writes_nothing(town: Database) -> None:
    """Nor does one for a place that there is not, or that is retired by then."""
    with pytest.raises(FleetError, match="grace_min: Expected `int`"):
        set_setting(town, None, SITE, "opening.grace_min", "soon", None, NOW)
    with pytest.raises(FleetError, match="no place 'hall-9'"):
        set_setting(town, None, "hall-9", "unit", "revenue", None, NOW)
    with pytest.raises(FleetError, match="there is no setting 'colour'"):
        clear_setting(town, None, SITE, "colour", None, NOW)
    move(town, "touchpoint", "desk-1", "hall-2", now=NOW)
    retire(town, "location", "hall-1", now=NOW, on=TODAY + DAY)
    with pytest.raises(FleetError, match="hall-1 is retired from"):
        set_setting(town, None, "hall-1", "unit", "revenue", TODAY + DAY, NOW)
    assert holds(town, "desk-1", "opening.grace_min").kind == "default"


def test_what_a_kiosk_could_not_show_is_refused(town: Database) -> None:
    """Nothing is written, on whatever day the kiosk would get it."""
    publish(town, survey(), NOW)
    set_setting(town, None, SITE, "survey", {"code": "reception"}, None, NOW)
    with pytest.raises(FleetError, match=r"nothing was changed.*desk-1: .*tr"):
        set_setting(town, None, "hall-1", "languages", ["bg", "tr"], None, NOW)
    with pytest.raises(FleetError, match="desk-2"):
        set_setting(town, None, SITE, "languages", ["bg", "tr"], TODAY + 9 * DAY, NOW)
    with pytest.raises(FleetError, match="no survey 'taxes' was published"):
        set_setting(town, None, "hall-2", "survey", {"code": "taxes"}, None, NOW)
    assert holds(town, "desk-1", "languages", TODAY + 99 * DAY).kind == "default"


def test_a_fault_from_before_keeps_nobody_from_mending_another(town: Database) -> None:
    """A change is refused for the faults that it makes, not for those that are there."""
    with town.transaction() as connection:
        hall = Place("location", "hall-1")
        put_setting(connection, hall, "languages", '["tr"]', from_on=LONG_AGO, now=NOW)
    publish(town, survey(), NOW)
    with pytest.raises(FleetError, match="desk-1: opening"):
        set_setting(town, None, SITE, "opening.weekly", [], None, NOW)
    set_setting(town, None, SITE, "opening.weekly", HOURS, None, NOW)
    assert holds(town, "desk-1", "opening.weekly").value == HOURS


def test_a_move_into_what_can_not_be_shown_is_refused(town: Database) -> None:
    """The touchpoint stays, and so does a device that would be carried there."""
    publish(town, survey(texts={"bg": "Доволни ли сте?"}), NOW)
    set_setting(town, None, "desk-1", "languages", ["bg"], None, NOW)
    set_setting(town, None, "desk-1", "survey", {"code": "reception"}, None, NOW)
    move_device(town, "kiosk-1", None, now=NOW)
    set_setting(town, None, "desk-1", "languages", ["bg", "en"], None, NOW)
    with pytest.raises(FleetError, match=r"desk-1: .*en"):
        move_device(town, "kiosk-1", "desk-1", now=NOW)


def test_staff_is_a_count_at_exactly_one_place(town: Database) -> None:
    """It is not inherited, and known only from its first day on."""
    set_setting(town, None, "hall-1", "staff", 4, TODAY - 10 * DAY, NOW)
    with town.reading() as connection:
        assert staff_on(connection, "location", "hall-1", TODAY) == 4
        assert staff_on(connection, "location", "hall-1", TODAY - 11 * DAY) is None
        assert staff_on(connection, "touchpoint", "desk-1", TODAY) is None
    assert holds(town, "desk-1", "staff").value is None


def test_staff_between_is_the_smallest_of_the_period(town: Database) -> None:
    """Of each day of it; where one is not known, nothing is."""
    for days, count in ((30, 5), (20, 2), (10, 6)):
        set_setting(town, None, "hall-1", "staff", count, TODAY - days * DAY, NOW)
    clear_setting(town, None, "hall-1", "staff", TODAY, NOW)

    def between(first: int, last: int) -> int | None:
        with town.reading() as connection:
            days = (TODAY - first * DAY, TODAY - last * DAY)
            return staff_between(connection, "location", "hall-1", *days)

    assert between(30, 21) == 5
    assert between(25, 15) == 2
    assert between(20, 1) == 2
    assert between(10, 1) == 6
    assert between(31, 25) is None
    assert between(5, 0) is None


def test_one_code_of_several_kinds_needs_the_kind(town: Database) -> None:
    """The error names them, and how to say which."""
    add_location(town, "desk-1", site=SITE, now=NOW)
    with pytest.raises(FleetError, match=r"--kind location\|touchpoint"):
        show_settings(town, None, "desk-1", None, NOW)
    with pytest.raises(FleetError, match="'floor' is no kind of place"):
        show_settings(town, "floor", "desk-1", None, NOW)
    shown = show_settings(town, "touchpoint", "desk-1", None, NOW)
    assert [each.code for each in shown.path] == ["desk-1", "hall-1", "centre", SITE]
