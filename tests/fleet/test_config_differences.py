"""Differences in words that a person reads."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from broker.fleet.differences import differences, values_of
from broker.wire.configuration import (
    Configuration,
    Hours,
    OpeningHours,
    Presentation,
    SpecialDay,
    WeeklyHours,
)
from broker.wire.messages import VERSION
from broker.wire.surveys import Question
from tests.fleet.config_town import survey

PLAIN = Configuration(v=VERSION, revision=3, touchpoint="desk-1", survey=survey())


def told(old: Configuration | None, new: Configuration | None) -> list[str]:
    """The differences as they are printed."""
    return [str(each) for each in differences(old, new)]


def test_the_number_is_no_difference() -> None:
    """Nor is what stays the same."""
    assert told(PLAIN, replace(PLAIN, revision=9)) == []


def test_a_changed_text_has_its_path() -> None:
    """By the codes in it, not by numbers."""
    new = replace(PLAIN, survey=survey(bg="Доволни ли сте днес?", en="Are you satisfied?"))
    assert told(PLAIN, new) == [
        "survey.questions.overall.texts.bg: Доволни ли сте? → Доволни ли сте днес?"
    ]


def test_a_question_put_in_front_changes_no_other() -> None:
    """The order is told once."""
    (overall,) = PLAIN.survey.questions
    first = Question(code="staff", texts={"bg": "А"}, scale="yes-no")
    new = replace(PLAIN, survey=replace(PLAIN.survey, questions=(first, overall)))
    assert told(PLAIN, new) == [
        "survey.questions: overall → staff, overall",
        "survey.questions.staff.code: added staff",
        "survey.questions.staff.texts.bg: added А",
        "survey.questions.staff.scale: added yes-no",
    ]


def test_hours_and_days_read_as_people_say_them() -> None:
    """Weekdays by name, special days by date, yes and no."""
    weekly = WeeklyHours(days=(1, 2), opens_at="08:00", closes_at="17:00")
    half = Hours(opens_at="09:00", closes_at="12:00")
    days = (SpecialDay(on=date(2026, 12, 24), hours=(half,)), SpecialDay(on=date(2026, 12, 25)))
    opening = OpeningHours(weekly=(weekly,), special_days=days)
    new = replace(PLAIN, opening=opening, presentation=Presentation(is_slow=True))
    assert told(PLAIN, new) == [
        "opening.weekly: added Mon, Tue 08:00–17:00",
        "opening.special_days: added 2026-12-24, 2026-12-25",
        "opening.special_days.2026-12-24.on: added 2026-12-24",
        "opening.special_days.2026-12-24.hours: added 09:00–12:00",
        "opening.special_days.2026-12-25.on: added 2026-12-25",
        "presentation.is_slow: added yes",
    ]
    assert told(new, PLAIN)[-1] == "presentation.is_slow: taken out, was yes"


def test_against_nothing_all_is_new() -> None:
    """As for a kiosk with the survey that is built into it."""
    assert len(told(None, PLAIN)) == len(values_of(PLAIN))
    assert told(None, None) == []
