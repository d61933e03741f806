"""What verbs refuse is said in the reader's words: each is led through its verb."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from broker.fleet.device_places import move_device, retire_device
from broker.fleet.errors import FleetError
from broker.fleet.offers import offer
from broker.fleet.orders import EXPIRES_IN_S, ask, outcome
from broker.fleet.place_changes import set_setting
from broker.fleet.places import add_location, move, retire
from broker.fleet.placing import register_device
from broker.fleet.replacement import replace
from broker.fleet.rollback import roll_back
from broker.intake.intake import Intake
from broker.store.errors import StoreError
from broker.wire.configuration import (
    Configuration,
    Deed,
    OpeningHours,
    PlannedSurvey,
    Presentation,
    WeeklyHours,
)
from broker.wire.presentable import faults_of
from broker.wire.standard_survey import STANDARD_SURVEY
from portal.fleet.refusals import told, told_fault, told_order
from portal.web.language import Language
from portal.web.portal import Portal
from tests.fixtures.portals import SITE
from tests.intake.making import delivery, rating
from tests.portal.fleet.conftest import hear

BULGARIAN = Language("bg", ZoneInfo("Europe/Sofia"))


def vote(town: Portal) -> None:
    """Let somebody vote at desk 2, an hour ago."""
    at = town.clock() - timedelta(hours=1)
    event = rating(1, touchpoint="desk-2", answered_at=at)
    Intake(town.feedback).admit([delivery(event, device="kiosk-2", received_at=town.clock())])


def retired_with_votes(town: Portal) -> None:
    """A day before the last vote."""
    vote(town)
    now = town.clock()
    replace(town.feedback, "kiosk-2", "spare", now)
    retire_device(town.feedback, "spare", now=now)
    day = (now - timedelta(days=5)).date()
    retire(town.feedback, "touchpoint", "desk-2", now=now, on=day)


def from_the_drawer(town: Portal) -> None:
    """A code for a device that stands nowhere."""
    now = town.clock()
    move_device(town.feedback, "kiosk-1", None, now=now)
    register_device(town.feedback, "kiosk-1", "desk-1", now)


VERBS: list[tuple[str, Callable[[Portal], object], str]] = [
    ("votes", retired_with_votes, "Тук има гласове от"),
    (
        "device",
        lambda town: retire(town.feedback, "touchpoint", "desk-1", now=town.clock()),
        "Там стои устройство: kiosk-1. Първо го преместете.",
    ),
    (
        "inside",
        lambda town: retire(town.feedback, "location", "hall-1", now=town.clock()),
        "Нещо би останало в hall-1",
    ),
    (
        "itself",
        lambda town: move(town.feedback, "location", "centre", "hall-1", now=town.clock()),
        "Едно място не може да се намира само в себе си.",
    ),
    (
        "taken",
        lambda town: add_location(
            town.feedback, "hall-1", site=SITE, now=town.clock(), name="Друга"
        ),
        "Този код вече е зает",
    ),
    (
        "elsewhere",
        lambda town: replace(town.feedback, "kiosk-1", "kiosk-2", town.clock()),
        "Това устройство стои на desk-2. Първо го приберете в шкафа.",
    ),
    (
        "in-drawer",
        from_the_drawer,
        "То е в шкафа",
    ),
    (
        "never-ran",
        lambda town: offer(town.feedback, "kiosk-3", "desk-1", town.clock()),
        "Още не може да се издаде код",
    ),
    (
        "first",
        lambda town: roll_back(town.feedback, "kiosk-1", town.clock()),
        "Това устройство не е имало друга конфигурация преди.",
    ),
    (
        "gone",
        lambda town: move(town.feedback, "touchpoint", "desk-9", None, now=town.clock()),
        "Вече го няма",
    ),
    (
        "unpublished",
        lambda town: set_setting(
            town.feedback, "site", SITE, "survey", {"code": "fair"}, None, town.clock()
        ),
        "устройствата не биха могли да го покажат",
    ),
]


@pytest.mark.parametrize(("verb", "said"), [pytest.param(*v[1:], id=v[0]) for v in VERBS])
def test_a_refusal_is_in_the_readers_language(
    town: Portal, verb: Callable[[Portal], object], said: str
) -> None:
    """In Bulgarian, with what it is about put in."""
    with pytest.raises((FleetError, StoreError)) as refused:
        verb(town)
    found = told(refused.value, BULGARIAN)
    assert found.is_ours
    assert said in found.text
    assert "{" not in found.text


def test_a_retired_thing_is_told_of(town: Portal) -> None:
    """A device, a place, a name that is used up."""
    now = town.clock()
    replace(town.feedback, "kiosk-1", "spare", now)
    retire_device(town.feedback, "kiosk-1", now=now)
    for verb in (
        lambda: retire_device(town.feedback, "kiosk-1", now=now),
        lambda: replace(town.feedback, "kiosk-2", "kiosk-1", now),
        lambda: register_device(town.feedback, "kiosk-1", "desk-1", now),
    ):
        with pytest.raises(FleetError) as refused:
            verb()
        found = told(refused.value, BULGARIAN)
        assert found.is_ours
        assert "извън употреба" in found.text.casefold()


def test_what_nobody_foresaw_is_shown_as_it_is() -> None:
    """In English, and marked as that."""
    found = told(FleetError("the moon is down"), BULGARIAN)
    assert (found.text, found.is_ours) == ("the moon is down", False)


def test_an_order_that_was_not_done_says_why(town: Portal) -> None:
    """Not connected; never sent; sent without an answer. What the device says stays as it is."""
    now = town.clock()
    off = outcome(town.feedback, ask(town.feedback, "kiosk-1", "ping", {}, now), now)
    assert told_order(off.detail, BULGARIAN).text == "Устройството не е свързано."
    hear(town, "kiosk-2")
    order = ask(town.feedback, "kiosk-2", "ping", {}, now)
    late = now + timedelta(seconds=EXPIRES_IN_S + 1)
    unsent = outcome(town.feedback, order, late)
    assert told_order(unsent.detail, BULGARIAN).text.startswith("Не е изпратено")
    with town.feedback.transaction() as connection:
        connection.exec_driver_sql("UPDATE device_order SET sent_at = asked_at")
    silent = outcome(town.feedback, order, late)
    assert told_order(silent.detail, BULGARIAN).text.startswith("Изпратено е, но отговор")
    assert told_order("face-3 is stuck", BULGARIAN).is_ours is False


def _broken(**given: object) -> Configuration:
    fields = {"v": 1, "revision": 1, "touchpoint": "desk-1", **given}
    return Configuration(**fields)  # type: ignore[arg-type]


def _says(bulgarian: str) -> Presentation:
    return Presentation(name={"bg": bulgarian, "en": "Municipality"})


FAULTS: list[tuple[str, Configuration, str]] = [
    ("missing", _broken(languages=("bg", "en", "tr")), "липсва текст на език tr"),
    ("long", _broken(presentation=_says("а " * 60)), "знака е твърде дълъг"),
    ("word", _broken(presentation=_says("а" * 60)), "дума от 60 букви е твърде дълга"),
    ("empty", _broken(presentation=_says("")), "текст е празен"),
    ("line", _broken(presentation=_says("а\nб")), "текст, който трябва да е на един ред"),
    ("gap", _broken(presentation=_says("а         б")), "няколко интервала"),
    ("marks", _broken(presentation=_says("а\u202eб")), "необичайни знаци"),
    ("twice", _broken(languages=("bg", "en", "bg")), "един език е посочен два пъти"),
    ("never", _broken(opening=OpeningHours(weekly=())), "няма нито един работен час"),
    (
        "overlap",
        _broken(
            opening=OpeningHours(
                weekly=(
                    WeeklyHours(days=(1,), opens_at="08:00", closes_at="12:00"),
                    WeeklyHours(days=(1,), opens_at="11:00", closes_at="13:00"),
                )
            )
        ),
        "часовете за ден 1 от седмицата се застъпват",
    ),
    (
        "backwards",
        _broken(
            planned=(
                PlannedSurvey(
                    survey=STANDARD_SURVEY,
                    first_on=date(2026, 2, 2),
                    last_on=date(2026, 2, 1),
                ),
            )
        ),
        "период свършва, преди да започне",
    ),
    (
        "address",
        _broken(presentation=Presentation(write_url="https://localhost/x")),
        "адресът за повече мнения",
    ),
    (
        "deed",
        _broken(
            presentation=Presentation(
                deeds=(Deed(said={"bg": "а", "en": "a"}, did={"bg": "б", "en": "b " * 100}),)
            )
        ),
        "текст от",
    ),
]


@pytest.mark.parametrize(
    ("configuration", "said"), [pytest.param(*each[1:], id=each[0]) for each in FAULTS]
)
def test_a_fault_of_a_configuration_is_in_the_readers_language(
    configuration: Configuration, said: str
) -> None:
    """Each kind that people can bring about; its touchpoint stands in front."""
    faults = faults_of(configuration)
    told_all = [told_fault(f"desk-1: {fault}", BULGARIAN) for fault in faults]
    assert any(said in each and each.startswith("desk-1: ") for each in told_all), faults
