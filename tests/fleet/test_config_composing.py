"""From settings to configurations, and what would be wrong with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, update

from broker.fleet.composing import Composed, Composer, faults_under
from broker.fleet.errors import FleetError
from broker.fleet.surveys import publish
from broker.store.database import Database
from broker.store.place_settings import effective, put_setting
from broker.store.place_tables import PlaceSetting, SurveyVersion
from broker.store.places import Place
from broker.store.public_holidays import public_holidays
from broker.store.registry import add_touchpoint
from broker.store.tables import table_of
from broker.wire.codec import write
from broker.wire.configuration import Configuration, SpecialDay
from broker.wire.standard_survey import STANDARD_SURVEY
from tests.fleet.config_town import (
    ASKED,
    BAD_LANGUAGES,
    HOURS,
    NOW,
    SITE,
    TODAY,
    build,
    set_at,
    set_at_root,
    survey,
)

CHRISTMAS = date(2026, 12, 25)


def composed(database: Database, touchpoint: str = "desk-1", on: date = TODAY) -> Composed:
    """What is composed for a touchpoint."""
    with database.reading() as connection:
        return Composer(connection).compose(touchpoint, on)


def good(database: Database, touchpoint: str = "desk-1", on: date = TODAY) -> Configuration:
    """The same, without faults."""
    found = composed(database, touchpoint, on)
    assert found.faults == ()
    assert found.configuration is not None
    return found.configuration


def put(database: Database, key: str, value: object, on: date) -> None:
    """Set something at the site past the verbs, from any day on."""
    text = msgspec.json.encode(value).decode()
    with database.transaction() as connection:
        put_setting(connection, Place("site", SITE), key, text, from_on=on, now=NOW)


def special_days(configuration: Configuration) -> dict[date, SpecialDay]:
    """Its special days."""
    assert configuration.opening is not None
    return {day.on: day for day in configuration.opening.special_days}


def test_without_a_survey_the_standard_one_is_asked(database: Database) -> None:
    """It stays off the wire, so that a kiosk asks it on its own faces; all else is there."""
    build(database, is_asked=False)
    set_at_root(database, "opening.weekly", HOURS)
    found = good(database)
    assert (found.touchpoint, found.survey) == ("desk-1", STANDARD_SURVEY)
    assert found.opening is not None
    assert "survey" not in msgspec.json.decode(write(found))


def test_the_standard_survey_is_judged_too(database: Database) -> None:
    """It speaks Bulgarian and English; for another language a survey is set first."""
    build(database, is_asked=False)
    with pytest.raises(FleetError, match=r"desk-1: survey\.questions\[0\]\.texts\.tr: is missing"):
        set_at_root(database, "languages", BAD_LANGUAGES)


def test_what_is_set_is_what_the_kiosk_gets(database: Database) -> None:
    """The newest survey or the one that is named, and all that has a place in the message."""
    build(database)
    publish(database, survey(2), NOW)
    publish(database, survey(code="fair"), NOW)
    fair = {"survey": {"code": "fair"}, "days": [6], "last_on": "2027-01-31"}
    for key, value in (
        ("planned", [fair]),
        ("languages", ["en", "bg"]),
        ("presentation.name", {"bg": "Троян", "en": "Troyan"}),
        ("presentation.is_slow", True),
        ("opening.weekly", HOURS),
        ("opening.grace_min", 10),
    ):
        set_at_root(database, key, value)
    set_at(database, "desk-2", "survey", {"code": "reception", "version": 1})
    found = good(database)
    assert (found.revision, found.touchpoint, found.timezone) == (1, "desk-1", "Europe/Sofia")
    assert found.survey == survey(2)
    assert found.languages == ("en", "bg")
    (planned,) = found.planned
    assert (planned.survey.code, planned.days, planned.last_on) == ("fair", (6,), date(2027, 1, 31))
    assert found.presentation.name == {"bg": "Троян", "en": "Troyan"}
    assert found.presentation.is_slow
    assert found.opening is not None
    assert (found.opening.weekly[0].opens_at, found.opening.grace_min) == ("08:00", 10)
    assert good(database, "desk-2").survey == survey(1)


def test_alike_touchpoints_differ_in_their_code_only(database: Database) -> None:
    """What is composed once for both is of each."""
    build(database)
    with database.reading() as connection:
        composer = Composer(connection)
        one, other = (composer.compose(f"desk-{number}", TODAY) for number in (1, 2))
    assert one.configuration is not None
    assert other.configuration == msgspec.structs.replace(one.configuration, touchpoint="desk-2")


def test_composing_reads_what_holds(database: Database) -> None:
    """Read for all places at once, it is what the store tells of each."""
    build(database)
    set_at(database, "desk-1", "presentation.is_slow", True)
    with database.reading() as connection:
        day = Composer(connection).on(TODAY)
        for desk in ("desk-1", "desk-2"):
            assert day.of(Place("touchpoint", desk)) == effective(connection, desk, TODAY)


def test_public_holidays_are_closed_where_hours_are_set(database: Database) -> None:
    """With their names; what a person says of such a day wins; elsewhere they mean nothing."""
    build(database)
    on = date(2026, 12, 1)
    put(database, "opening.special_days", [], on)
    assert good(database, on=on).opening is None
    put(database, "opening.weekly", HOURS, on)
    day = special_days(good(database, on=on))[CHRISTMAS]
    assert day.hours == ()
    assert set(day.texts) == {"bg", "en"}
    worked = {"on": CHRISTMAS.isoformat(), "hours": [{"opens_at": "09:00", "closes_at": "12:00"}]}
    put(database, "opening.special_days", [worked], on)
    assert special_days(good(database, on=on))[CHRISTMAS].hours[0].opens_at == "09:00"
    put(database, "holidays", None, on)
    assert special_days(good(database, on=on)).keys() == {CHRISTMAS}


def test_a_hall_without_hours_is_closed_on_its_special_days(database: Database) -> None:
    """It is open at all other times."""
    build(database)
    on = date(2026, 12, 1)
    put(database, "opening.special_days", [{"on": "2026-12-12"}], on)
    opening = good(database, on=on).opening
    assert opening is not None
    assert (opening.weekly[0].opens_at, opening.weekly[0].closes_at) == ("00:00", "24:00")
    assert len(opening.weekly[0].days) == 7
    assert special_days(good(database, on=on)).keys() == {date(2026, 12, 12)}


def test_holidays_have_names_in_all_languages_or_none(database: Database) -> None:
    """A language that the calendar does not speak makes no fault."""
    build(database)
    publish(database, survey(2, bg="Доволни?", en="Satisfied?", tr="Memnun musunuz?"), NOW)
    set_at_root(database, "languages", BAD_LANGUAGES)
    on = date(2026, 12, 1)
    put(database, "opening.weekly", HOURS, on)
    assert special_days(good(database, on=on))[CHRISTMAS].texts == {}


def test_a_day_that_passes_changes_nothing(database: Database) -> None:
    """Through two years: what is composed changes once a month at most, and looks 60 days ahead."""
    build(database)
    first = date(2027, 1, 1)
    put(database, "survey", ASKED, first)
    put(database, "opening.weekly", HOURS, first)
    last, changes = b"", 0
    with database.reading() as connection:
        composer = Composer(connection)
        for number in range(0, 730, 3):
            on = first + timedelta(days=number)
            found = composer.compose("desk-1", on)
            assert found.faults == ()
            assert found.configuration is not None
            ahead = public_holidays("BG", on, on + timedelta(days=60))
            assert ahead.keys() <= special_days(found.configuration).keys()
            payload = write(found.configuration)
            changes += payload != last
            last = payload
    assert changes <= 24


def test_what_was_never_published_is_told(database: Database) -> None:
    """With what there is."""
    build(database)
    put(database, "survey", {"code": "lost"}, TODAY)
    (fault,) = composed(database).faults
    assert fault == "no survey 'lost' was published (there are: reception); publish it first"
    put(database, "survey", {"code": "reception", "version": 7}, TODAY)
    assert composed(database).faults == ("survey 'reception' has no version 7; it has 1",)


def test_what_cannot_be_read_is_told(database: Database) -> None:
    """What came past the verbs, or from another program, stops nothing but its own."""
    build(database)
    put(database, "opening.weekly", [{"days": [9]}], TODAY)
    (fault,) = composed(database).faults
    assert fault.startswith("opening.weekly: ")
    put(database, "opening.weekly", None, TODAY)
    with database.transaction() as connection:
        table = table_of(SurveyVersion)
        connection.execute(update(table).values(content="{}"))
    (fault,) = composed(database).faults
    assert fault.startswith("survey 'reception', version 1, can't be read")


def test_a_bad_change_reaches_none(database: Database) -> None:
    """It is refused with the touchpoints' codes and what is wrong, and nothing is written."""
    build(database)
    before = composed(database)
    with pytest.raises(FleetError, match=r"desk-1: survey\.questions\[0\]\.texts\.tr: is missing"):
        set_at_root(database, "languages", BAD_LANGUAGES)
    assert composed(database) == before
    with database.reading() as connection:
        assert faults_under(connection, "site", SITE, TODAY) == []


def test_a_change_is_judged_with_what_is_entered_for_later(database: Database) -> None:
    """Two changes that are good alone and bad together never come together."""
    build(database)
    publish(database, survey(2, bg="Доволни?", en="Satisfied?", tr="Memnun musunuz?"), NOW)
    set_at_root(database, "languages", BAD_LANGUAGES, in_days=10)
    with pytest.raises(FleetError, match=r"desk-1: .*texts\.tr: is missing.*\(from "):
        set_at_root(database, "survey", {"code": "reception", "version": 1})


def test_touchpoints_without_a_device_keep_nobody(database: Database) -> None:
    """No kiosk would show it, so it is no reason to refuse anything."""
    build(database)
    add_touchpoint(database, "desk-3", site=SITE)
    set_at(database, "desk-3", "languages", BAD_LANGUAGES)
    set_at_root(database, "presentation.is_slow", True)


def test_what_no_message_can_carry_is_refused(database: Database) -> None:
    """192 KiB is what a sender may send."""
    build(database)
    words = "ж" * 120
    for number in range(8):
        options = [{"code": f"o{i}", "texts": _many(f"{i} {words[:36]}")} for i in range(12)]
        questions: list[dict[str, Any]] = [
            {"code": "overall", "texts": _many(words), "scale": "faces-4"},
            *({"code": f"q{i}", "texts": _many(words), "options": options} for i in range(11)),
        ]
        content = {"code": f"s{number}", "version": 1, "questions": questions}
        with database.transaction() as connection:
            row = {"code": f"s{number}", "version": 1, "published_at": NOW}
            connection.execute(
                insert(table_of(SurveyVersion)).values(
                    content=msgspec.json.encode(content).decode(), **row
                )
            )
    planned = [{"survey": {"code": f"s{number}"}} for number in range(8)]
    with pytest.raises(FleetError, match="a sender makes at most 196608"):
        set_at_root(database, "planned", planned)


def _many(text: str) -> dict[str, str]:
    return {language: f"{text}"[:118] + language[0] for language in ("bg", "en")}


def test_settings_of_people_are_no_business_of_kiosks(database: Database) -> None:
    """How many serve somewhere is nobody's to be sent."""
    build(database)
    before = good(database)
    set_at(database, "desk-1", "staff", 3)
    set_at_root(database, "unit", "revenue")
    assert good(database) == before
    with database.reading() as connection:
        assert connection.execute(table_of(PlaceSetting).select()).all()
