"""What a screen and a voice are told: states, choices, corrections on offer, languages."""

from __future__ import annotations

import pytest

from kiosk.means import Means
from kiosk.session import Session
from tests.kiosk.builders import (
    ONE,
    TWO_RATINGS,
    WITH_CHOICE,
    WITH_REASON,
    YES_NO_LAST,
    closure,
    configured,
    rated,
    recorded,
    run_on,
    session,
)

FACES = tuple(f"face-{value}" for value in range(1, 5))
TOUCHED = Means(frozenset(), is_touched=True)
BOTH = ("bg", "en")


def _press(subject: Session, *pressed: tuple[str, int]) -> Session:
    for button, at_ms in pressed:
        subject.press(closure(button, at_ms))
        subject.tick(at_ms + 50)
    return subject


def test_states_follow_the_visitor() -> None:
    """From idle over the follow-up and a question to thanks, and back."""
    subject = session(WITH_CHOICE)
    seen = [subject.state]
    for at_ms, button in enumerate(("face-1", "option-1", "option-2")):
        _press(subject, (button, at_ms * 4_000))
        seen.append(subject.state)
    run_on(subject, 100_000)
    assert [*seen, subject.state] == ["idle", "follow-up", "asking", "thanks", "idle"]


def test_thanks_after_a_correction_say_so() -> None:
    """``correction`` is thanks for the other value; the next visitor's thanks are plain again."""
    subject = _press(session(ONE), ("face-4", 0), ("face-3", 1_000))
    assert subject.state == "correction"
    assert _press(subject, ("face-3", 1_500)).state == "thanks"


def test_a_press_is_felt_before_it_is_safe() -> None:
    """``is_pressed`` lights the frame of the screen for the 50 ms."""
    subject = session(ONE)
    subject.press(closure("face-4", 0))
    assert subject.is_pressed
    subject.tick(50)
    assert not subject.is_pressed


CHOICES = {
    "faces, worst first": (session(ONE), FACES),
    "eleven numbers": (session(rated("nps-11")), tuple(f"face-{n}" for n in range(11))),
    "no before yes": (session(rated("yes-no")), ("face-0", "face-1")),
    "reasons can be skipped": (
        _press(session(WITH_REASON), ("face-1", 0)),
        ("option-1", "option-2", "option-3", "skip"),
    ),
    "so can later ratings": (
        _press(session(YES_NO_LAST), ("face-3", 0)),
        ("face-0", "face-1", "skip"),
    ),
    "languages only where they are heard": (session(ONE, languages=BOTH), FACES),
    "the other languages": (
        session(ONE, means=Means(frozenset(FACES), is_heard=True), languages=("bg", "en", "tr")),
        (*FACES, "language-en", "language-tr"),
    ),
}


@pytest.mark.parametrize("case", CHOICES)
def test_choices_are_the_buttons_of_what_is_asked(case: str) -> None:
    """In order; ``skip`` for every question but the first, other languages in audio mode."""
    subject, expected = CHOICES[case]
    assert subject.choices == expected


def test_a_face_is_offered_to_correct_until_it_no_longer_would() -> None:
    """All faces of the scale, so that nobody sees which was pressed; then the scene changes."""
    subject = _press(session(WITH_REASON), ("face-1", 0))
    assert (subject.corrects, subject.corrected_scale) == (FACES, "faces-4")
    assert subject.next_deadline_ms == 3_000
    subject.tick(3_000)
    assert (subject.corrects, subject.corrected_scale) == ((), "")
    assert subject.state == "follow-up"
    assert subject.next_deadline_ms == 20_000


def test_after_two_corrections_none_is_offered() -> None:
    """The next face begins a new visit."""
    subject = _press(session(ONE), ("face-1", 0), ("face-2", 500))
    assert subject.corrects == FACES
    assert _press(subject, ("face-1", 1_000)).corrects == ()


def test_corrections_are_offered_where_a_face_would_be_one() -> None:
    """Not while faces answer a question, nor on a panel without them; always on a screen."""
    assert _press(session(TWO_RATINGS), ("face-1", 0)).corrects == ()
    assert _press(session(ONE, FACES[:2]), ("face-1", 0)).corrects == FACES[:2]
    assert _press(session(ONE, means=TOUCHED), ("face-1", 0)).corrects == FACES


def test_everything_is_asked_where_there_is_a_screen() -> None:
    """Its buttons are drawn, so none has to be among the panel's."""
    subject = _press(session(WITH_CHOICE, means=TOUCHED), ("face-1", 0), ("option-1", 4_000))
    assert subject.step.code == "came-for"


def test_the_survey_may_be_another_than_the_configured_one() -> None:
    """A schedule chooses the day's."""
    means = Means(frozenset(FACES))
    planned = Session(configured(ONE), survey=TWO_RATINGS, means=means, new_id=str, new_visit=str)
    (record,) = recorded([*planned.press(closure("face-2", 0)), *planned.tick(50)])
    assert record.draft.survey_version == TWO_RATINGS.version
    assert planned.step.code == "place"
