"""What stands on the screen while visitors come and go, in simulated time."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from broker.wire.configuration import (
    Configuration,
    Deed,
    OpeningHours,
    PlannedSurvey,
    Presentation,
    Result,
    SpecialDay,
    WeeklyHours,
)
from broker.wire.surveys import Survey
from hardware.buttons import Press
from hardware.panel import FOUR_FACES
from kiosk.built_in import BUILT_IN_SURVEY, built_in_configuration
from kiosk.scene import Complaint, Leave, TestYourself, Unlock
from tests.kiosk.builders import uuid
from tests.kiosk.full_disk import no_room
from tests.kiosk.reception import PIN, Hall

OFFICE = OpeningHours(
    weekly=(WeeklyHours(days=(1, 2, 3, 4, 5), opens_at="08:30", closes_at="17:00"),),
    special_days=(
        SpecialDay(
            on=datetime(2026, 12, 24, tzinfo=UTC).date(),
            texts={"bg": "Бъдни вечер", "en": "Christmas Eve"},
        ),
    ),
)
SHOWN = Presentation(
    name={"bg": "Община Троян", "en": "Municipality of Troyan"},
    deeds=(
        Deed(
            said={"bg": "Чака се дълго.", "en": "The wait is long."},
            did={"bg": "Отворихме второ гише.", "en": "We opened a second desk."},
        ),
    ),
    result=Result(
        unit={"bg": "ЦАО Троян", "en": "Troyan centre"},
        month=date(2026, 10, 1),
        satisfied_percent=91.4,
        ratings=412,
    ),
    write_url="https://otziv.troyan.example/t/desk-1",
)


def _built_in(revision: int = 1) -> Configuration:
    return replace(built_in_configuration("desk-1"), revision=revision)


def _set_clock(hall: Hall, at: datetime) -> None:
    """Let the wall clock say ``at``."""
    hall.clock.wall = at.timestamp() * 1000


@pytest.fixture
def hall(tmp_path: Path, stack: ExitStack) -> Hall:
    """A hall with four buttons and a touchscreen."""
    return Hall(tmp_path, stack, FOUR_FACES, has_screen=True)


def test_while_nobody_is_here_the_first_question_can_be_answered_at_once(hall: Hall) -> None:
    """Two seconds suffice: nothing has to be opened first."""
    scene = hall.scene
    assert (scene.state, scene.language) == ("idle", "bg")
    assert scene.title == "Как Ви обслужихме днес?"
    assert [choice.button for choice in scene.choices] == list(FOUR_FACES)
    assert [choice.text for choice in scene.choices] == ["Много зле", "Зле", "Добре", "Много добре"]
    assert [tongue.name for tongue in scene.tongues] == ["Български", "English"]


def test_a_rating_with_a_reason_by_touch(hall: Hall) -> None:
    """The screen says pressed, then thanks and asks why; the events say that it was touched."""
    hall.touch("face-1", uuid(1))
    assert hall.scenes[-2].is_pressed
    assert hall.state() == "follow-up"
    assert len([choice for choice in hall.scene.choices if choice.kind == "option"]) == 6
    assert hall.scene.choices[-1].kind == "skip"
    hall.touch("option-2", uuid(2))
    assert hall.state() == "thanks"
    assert [(event["id"], event["input"]) for event in hall.events] == [
        (uuid(1), "touch"),
        (uuid(2), "touch"),
    ]


def test_the_scene_of_a_press_is_the_same_whatever_the_value(hall: Hall) -> None:
    """The clerk two metres away must not learn what was pressed."""
    hall.touch("face-3", uuid(1))
    three = [replace(scene, number=0, thanked=0) for scene in hall.scenes]
    hall.run(10)
    del hall.scenes[:-1]
    hall.touch("face-4", uuid(2))
    assert [replace(scene, number=0, thanked=0) for scene in hall.scenes] == three


def test_a_mistake_can_be_corrected_while_the_screen_thanks(hall: Hall) -> None:
    """All faces are offered for three seconds, and gone then."""
    hall.touch("face-1", uuid(1), seconds=0.5)
    assert [choice.button for choice in hall.scene.corrects] == list(FOUR_FACES)
    hall.touch("face-4", uuid(2), seconds=0.5)
    assert hall.state() == "correction"
    hall.run(3)
    assert [event["kind"] for event in hall.events] == ["rating", "correction"]
    assert hall.state() == "idle"


def test_the_language_changes_all_texts_and_resets_with_the_visitor(hall: Hall) -> None:
    """Who leaves does not leave the next one with a strange language."""
    hall.touch("language-en", uuid(1))
    assert hall.scene.title == "How did we serve you today?"
    assert hall.scene.choices[0].text == "Very bad"
    hall.touch("face-4", uuid(2), seconds=1)
    assert hall.scene.title == "Thank you!"
    assert hall.events[0]["language"] == "en"
    hall.run(10)
    assert hall.scene.language == "bg"


def test_a_question_warns_before_it_ends_and_waits_when_asked_to(hall: Hall) -> None:
    """At least twenty seconds to extend, with one press (WCAG 2.2.1)."""
    hall.touch("face-1", uuid(1))
    hall.run(21)
    assert hall.scene.warning == "Още ли сте тук?"
    assert hall.scene.warns_until_ms >= hall.clock.uptime + 18_000
    hall.touch("extend", uuid(2))
    assert (hall.state(), hall.scene.warning) == ("follow-up", "")
    hall.run(45)
    assert hall.state() == "idle"
    assert hall.events[-1]["outcome"] == "timeout"


def test_slow_readers_have_three_times_as_long(hall: Hall) -> None:
    """By the configuration."""
    slow = replace(_built_in(), presentation=Presentation(is_slow=True))
    hall.configuration.offer(write(slow))
    hall.run(1)
    hall.touch("face-1", uuid(1))
    hall.run(50)
    assert (hall.state(), hall.scene.warning) == ("follow-up", "")


def test_what_the_municipality_shows_while_nobody_is_here(hall: Hall) -> None:
    """Its name, what it did, last month's result with its number, and the way to write more."""
    hall.configuration.offer(write(replace(_built_in(), presentation=SHOWN)))
    hall.run(1)
    scene = hall.scene
    assert scene.name == "Община Троян"
    deed, result = scene.idle_texts
    assert (deed.text, deed.reply) == ("Чака се дълго.", "Отворихме второ гише.")
    assert result.lead == "ЦАО Троян, октомври 2026 г."
    assert result.text == "91 % от 412 оценки са добри"
    assert scene.write_url == SHOWN.write_url
    hall.touch("face-1", uuid(1))
    assert hall.scene.idle_texts == ()
    assert hall.scene.write_url == ""


def test_out_of_hours_nothing_is_taken(hall: Hall) -> None:
    """The screen is dark and says when it opens; lamps are dark; a press is nobody's rating."""
    hall.configuration.offer(write(replace(_built_in(), opening=OFFICE)))
    _set_clock(hall, datetime(2026, 11, 21, 10, 0, tzinfo=UTC))  # a Saturday
    hall.run(60)
    assert (hall.state(), hall.scene.is_dim) == ("out-of-hours", True)
    assert "понеделник, 23.11., 08:30" in hall.scene.text
    assert "Monday" in hall.scene.text
    assert hall.last_signal() == ("closed", None)
    hall.play(Press(button="face-4", id=uuid(1)))
    assert hall.kept == []
    _set_clock(hall, datetime(2026, 11, 23, 6, 30, 1, tzinfo=UTC))
    hall.run(60)
    assert hall.state() == "idle"
    hall.play(Press(button="face-4", id=uuid(2)))
    assert hall.kept == [uuid(2)]


def test_a_holiday_has_its_reason(hall: Hall) -> None:
    """A special day says why."""
    hall.configuration.offer(write(replace(_built_in(), opening=OFFICE)))
    _set_clock(hall, datetime(2026, 12, 24, 10, 0, tzinfo=UTC))
    hall.run(60)
    assert "Бъдни вечер" in hall.scene.title


def test_a_visit_under_way_at_closing_is_not_cut_off(hall: Hall) -> None:
    """Closing waits for the visitor."""
    hall.configuration.offer(write(replace(_built_in(), opening=OFFICE)))
    _set_clock(hall, datetime(2026, 11, 20, 15, 29, 55, tzinfo=UTC))  # 17:29:55, with the grace
    hall.run(1)
    hall.touch("face-1", uuid(1), seconds=10)
    assert hall.state() == "follow-up"
    hall.touch("option-1", uuid(2), seconds=10)
    assert hall.state() == "out-of-hours"
    assert hall.kept == [uuid(1), uuid(2)]


def test_a_planned_survey_is_asked_on_its_day(hall: Hall) -> None:
    """Its version is stamped on the rating."""
    other = Survey(code="market-day", version=9, questions=BUILT_IN_SURVEY.questions[:1])
    planned = PlannedSurvey(survey=other, days=(6,))
    hall.configuration.offer(write(replace(_built_in(), planned=(planned,))))
    _set_clock(hall, datetime(2026, 11, 21, 10, 0, tzinfo=UTC))
    hall.run(60)
    hall.touch("face-4", uuid(1))
    event = hall.events[0]
    assert (event["survey"], event["survey_version"]) == ("market-day", 9)


def test_out_of_order_is_said_and_nobody_is_thanked(hall: Hall) -> None:
    """And gone by itself when the outbox works again."""
    with no_room():
        hall.touch("face-4", uuid(1))
        assert hall.state() == "out-of-order"
        assert hall.scene.title == "Временно не работи"
    hall.run(6)
    assert hall.state() == "idle"
    assert not any(scene.state == "thanks" for scene in hall.scenes)


def test_before_the_first_configuration_it_says_only_that(tmp_path: Path, stack: ExitStack) -> None:
    """No question, no lamp, no press; all begins with the first valid configuration."""
    hall = Hall(tmp_path, stack, FOUR_FACES, touchpoint=None, has_screen=True)
    assert hall.state() == "not-set-up"
    assert (hall.scene.choices, hall.scene.tongues) == ((), ())
    hall.play(Press(button="face-4", id=uuid(1)))
    assert hall.kept == []
    assert hall.signals == []
    hall.configuration.offer(write(_built_in()))
    hall.run(1)
    assert hall.state() == "idle"
    hall.play(Press(button="face-4", id=uuid(2)))
    assert hall.kept == [uuid(2)]


def test_maintenance_wants_a_pin_and_stops_visitors_only_when_open(hall: Hall) -> None:
    """A child that holds the corner costs no vote; inside, presses are trials."""
    hall.front.take(Unlock())
    hall.run(1)
    assert hall.scene.asks_pin
    hall.play(Press(button="face-4", id=uuid(1)))
    assert hall.kept == [uuid(1)]
    hall.front.take(Unlock(pin="0000"))
    hall.run(1)
    assert hall.scene.text == "Грешен ПИН код"
    hall.front.take(Unlock(pin=PIN))
    hall.run(1)
    assert [fact.text for fact in hall.scene.facts] == ["desk-1"]
    hall.play(Press(button="face-3", id=uuid(2)))
    assert hall.kept == [uuid(1)]
    assert hall.scene.facts[0].text == "лице 3"
    hall.front.take(Leave())
    hall.run(1)
    assert hall.state() == "idle"


def test_the_self_test_reports_on_the_screen(hall: Hall) -> None:
    """Only for those who are inside."""
    hall.front.take(TestYourself())
    hall.run(1)
    assert hall.state() == "idle"
    hall.front.take(Unlock())
    hall.front.take(Unlock(pin=PIN))
    hall.front.take(TestYourself())
    for _ in range(100):
        hall.run(1)
        if any(fact.name == "Часовник" for fact in hall.scene.facts):
            break
    assert "good" in [fact.mark for fact in hall.scene.facts]


def test_headphones_make_it_private_and_let_faces_walk(tmp_path: Path, stack: ExitStack) -> None:
    """With sound alone, four faces answer what they can't give directly."""
    hall = Hall(tmp_path, stack, FOUR_FACES)
    hall.panel.set_plug("headphones", is_in=True)
    hall.play(Press(button="face-1", id=uuid(1)))
    assert hall.state() == "follow-up"
    assert hall.scene.is_private
    hall.play(Press(button="face-2", id=uuid(2)))
    assert hall.scene.focus == "option-1"
    hall.play(Press(button="face-4", id=uuid(3)))
    assert hall.events[-1]["options"] == ["waiting-time"]
    hall.panel.set_plug("headphones", is_in=False)
    hall.run(5)
    assert not hall.scene.is_private


def test_complaints_of_the_screen_reach_the_heartbeat(hall: Hall) -> None:
    """A screen that lacks a font is a fault of the kiosk."""
    hall.front.take(Complaint(fault="lacks-glyphs-ka", is_present=True))
    assert hall.health.faults == {"screen:lacks-glyphs-ka"}
    hall.front.take(Complaint(fault="lacks-glyphs-ka", is_present=False))
    assert hall.health.faults == frozenset()


def test_a_language_without_letters_is_not_offered(hall: Hall) -> None:
    """As long as a screen complains of it; with the screen its complaint goes."""
    hall.run(1)
    assert [tongue.tag for tongue in hall.scene.tongues] == ["bg", "en"]
    hall.front.take(Complaint(fault="lacks-glyphs-en", is_present=True))
    hall.run(1)
    assert [tongue.tag for tongue in hall.scene.tongues] == []
    assert hall.health.faults == {"screen:lacks-glyphs-en"}
    hall.front.take(Complaint(fault="lacks-glyphs-en", is_present=False))
    hall.run(1)
    assert [tongue.tag for tongue in hall.scene.tongues] == ["bg", "en"]
    hall.front.take(Complaint(fault="lacks-glyphs-en", is_present=True))
    hall.has_screen = False
    hall.run(1)
    assert [tongue.tag for tongue in hall.scene.tongues] == ["bg", "en"]
    assert hall.health.faults == frozenset()


def test_a_complaint_of_a_language_that_nobody_wants_is_forgotten(hall: Hall) -> None:
    """It is in no configuration any more."""
    hall.front.take(Complaint(fault="lacks-glyphs-ka", is_present=True))
    hall.run(1)
    assert hall.health.faults == frozenset()


def test_a_screen_that_goes_leaves_the_buttons_as_they_are(hall: Hall) -> None:
    """What only the screen could ask is not asked any more."""
    hall.has_screen = False
    hall.run(1)
    hall.play(Press(button="face-1", id=uuid(1)))
    assert hall.state() == "thanks"
    assert hall.kept == [uuid(1)]
