"""What counts as a press: the table of the design, boundary by boundary."""

from __future__ import annotations

import pytest

from hardware.panel import Signal
from kiosk.drafts import AnswerDraft, CorrectionDraft, RatingDraft
from kiosk.session import Record, Session, Show
from tests.kiosk.builders import (
    ONE,
    THREE,
    TWO_RATINGS,
    WITH_CHOICE,
    WITH_REASON,
    closure,
    play,
    recorded,
    run_on,
    session,
    told,
    uuid,
)

BOUNDARIES = {
    "a single press": ([("face-3", 0)], ["rating 3"]),
    "two buttons 5 ms apart": ([("face-1", 0), ("face-2", 5)], []),
    "two buttons 49 ms apart": ([("face-1", 0), ("face-2", 49)], []),
    "two buttons 50 ms apart": ([("face-1", 0), ("face-2", 50)], ["rating 1", "correction 2"]),
    "two buttons at one time": ([("face-1", 0), ("face-4", 0)], []),
    "a third button within 50 ms of a void one": (
        [("face-1", 0), ("face-2", 40), ("face-3", 80)],
        [],
    ),
    "a button 50 ms after a void one": (
        [("face-1", 0), ("face-2", 40), ("face-3", 90)],
        ["rating 3"],
    ),
    "the same button 350 ms after it was void": (
        [("face-1", 0), ("face-2", 40), ("face-1", 350)],
        ["rating 1"],
    ),
    "void does not reach back to what counted": (
        [("face-1", 0), ("face-1", 60), ("face-2", 100)],
        ["rating 1"],
    ),
    "the same 200 ms apart": ([("face-3", 0), ("face-3", 200)], ["rating 3"]),
    "the same 299 ms apart": ([("face-3", 0), ("face-3", 299)], ["rating 3"]),
    "the same 300 ms apart": ([("face-3", 0), ("face-3", 300)], ["rating 3", "rating 3"]),
    "the same within the 50 ms": ([("face-3", 0), ("face-3", 35)], ["rating 3"]),
    "hammering: each within 300 ms of the one before": (
        [("face-3", at_ms) for at_ms in range(0, 5_000, 250)],
        ["rating 3"],
    ),
    "thirty in ten seconds": (
        [("face-3", at_ms) for at_ms in range(0, 9_990, 333)],
        ["rating 3"] * 30,
    ),
    "another 299 ms later": ([("face-3", 0), ("face-2", 299)], ["rating 3", "correction 2"]),
    "another 2,999 ms later": ([("face-3", 0), ("face-2", 2_999)], ["rating 3", "correction 2"]),
    "another 3,000 ms later": ([("face-3", 0), ("face-2", 3_000)], ["rating 3", "rating 2"]),
    "the same 3,000 ms later": ([("face-3", 0), ("face-3", 3_000)], ["rating 3", "rating 3"]),
    "3 s count from the last correction": (
        [("face-3", 0), ("face-2", 2_900), ("face-1", 5_800)],
        ["rating 3", "correction 2", "correction 1"],
    ),
    "3 s after the last correction": (
        [("face-3", 0), ("face-2", 2_000), ("face-1", 5_000)],
        ["rating 3", "correction 2", "rating 1"],
    ),
    "back to the first value": (
        [("face-3", 0), ("face-2", 1_000), ("face-3", 2_000)],
        ["rating 3", "correction 2", "correction 3"],
    ),
    "the corrected value again": (
        [("face-3", 0), ("face-2", 1_000), ("face-2", 2_000)],
        ["rating 3", "correction 2", "rating 2"],
    ),
    "at most two corrections": (
        [("face-1", 0), ("face-2", 1_000), ("face-3", 2_000), ("face-4", 3_000)],
        ["rating 1", "correction 2", "correction 3", "rating 4"],
    ),
    "a value that the scale does not have": ([("face-5", 0), ("face-0", 1_000)], []),
    "buttons that mean nothing now": ([("option-1", 0), ("skip", 1_000), ("nonsense", 2_000)], []),
    "a button that means nothing still makes void": ([("face-1", 0), ("skip", 30)], []),
}


@pytest.mark.parametrize("case", BOUNDARIES)
def test_what_counts_as_a_press(case: str) -> None:
    """Each row of the table, just before and just at its limit."""
    pressed, expected = BOUNDARIES[case]
    assert play(session(ONE), *pressed) == expected


@pytest.mark.parametrize("case", BOUNDARIES)
def test_late_reports_change_nothing(case: str) -> None:
    """It is the closures' times that count, not when we hear of them: no tick in between."""
    pressed, expected = BOUNDARIES[case]
    subject = session(ONE)
    effects = [e for button, at_ms in pressed for e in subject.press(closure(button, at_ms))]
    effects += subject.tick(10**9)
    assert told([e for e in effects if isinstance(e, Record)]) == expected


def test_the_light_answers_at_once_and_thanks_follow_the_record() -> None:
    """``pressed`` comes with the closure, the record and its thanks when 50 ms are over."""
    subject = session(ONE)
    assert told(subject.press(closure("face-2", 1_000))) == ["pressed"]
    assert subject.next_deadline_ms == 1_050
    assert subject.tick(1_049) == []
    effects = subject.tick(1_050)
    assert told(effects) == ["rating 2", "thanks"]
    assert effects[1] == Show("thanks", uuid(1_000))


def test_void_takes_the_light_back() -> None:
    """A light already lit goes out, and nothing is pending any more."""
    subject = session(ONE)
    subject.press(closure("face-1", 1_000))
    assert subject.press(closure("face-2", 1_030)) == [
        Show("void", uuid(1_000)),
        Show("void", uuid(1_030)),
    ]
    assert subject.is_idle


def test_a_closure_reported_late_is_void_but_not_the_one_that_counted() -> None:
    """What was thanked for stays; the second button does not count."""
    subject = session(ONE)
    subject.press(closure("face-1", 1_000))
    assert told(subject.tick(1_050)) == ["rating 1", "thanks"]
    assert told(subject.press(closure("face-2", 1_045))) == ["void"]


def test_a_double_strike_has_no_light_of_its_own() -> None:
    """It is the same press, which was answered already."""
    subject = session(ONE)
    subject.press(closure("face-1", 1_000))
    subject.tick(1_050)
    assert subject.press(closure("face-1", 1_200)) == []


def test_a_rating_carries_what_the_wire_asks_for() -> None:
    """Its id is the closure's, its time the closure's, its survey the configured one."""
    subject = session(WITH_REASON)
    subject.press(closure("face-4", 5_000))
    (record,) = recorded(subject.tick(5_050))
    assert record.draft == RatingDraft(
        id=uuid(5_000),
        visit=f"{1:032x}",
        touchpoint="desk-1",
        survey="reception",
        survey_version=2,
        language="bg",
        uptime_ms=5_000,
        question="overall",
        scale="faces-4",
        value=4,
    )


def _drafts(subject: Session, *pressed: tuple[str, int]) -> list[object]:
    effects = [e for button, at_ms in pressed for e in subject.press(closure(button, at_ms))]
    return [record.draft for record in recorded(effects + run_on(subject, 100_000))]


def test_a_correction_names_its_rating_and_visit() -> None:
    """Both are kept, so that the first and the last value can be told."""
    rating, correction = _drafts(session(ONE), ("face-4", 0), ("face-3", 1_000))
    assert isinstance(rating, RatingDraft)
    assert isinstance(correction, CorrectionDraft)
    assert (correction.rating, correction.visit) == (rating.id, rating.visit)


def test_a_follow_up_names_its_rating_and_visit() -> None:
    """A reason belongs to the rating that it explains."""
    rating, answer = _drafts(session(WITH_REASON), ("face-1", 0), ("option-2", 2_000))
    assert isinstance(rating, RatingDraft)
    assert isinstance(answer, AnswerDraft)
    assert (answer.rating, answer.visit) == (rating.id, rating.visit)
    assert answer.options == ("attitude",)


def test_a_new_visit_has_a_new_id() -> None:
    """No id joins two visitors."""
    drafts = _drafts(session(ONE), ("face-4", 0), ("face-4", 600), ("face-4", 9_000))
    assert len({draft.visit for draft in drafts if isinstance(draft, RatingDraft)}) == 3


FLOWS = {
    "no follow-up for a good value": (WITH_REASON, [("face-4", 0)], ["rating 4"]),
    "answered": (
        WITH_REASON,
        [("face-1", 0), ("option-3", 4_000)],
        ["rating 1", "reason answered clarity"],
    ),
    "skipped": (WITH_REASON, [("face-2", 0), ("skip", 4_000)], ["rating 2", "reason skipped"]),
    "abandoned": (WITH_REASON, [("face-2", 0)], ["rating 2", "reason timeout"]),
    "an option that there is not": (
        WITH_REASON,
        [("face-2", 0), ("option-4", 1_000)],
        ["rating 2", "reason timeout"],
    ),
    "answered just in time": (
        WITH_REASON,
        [("face-2", 0), ("option-1", 19_999)],
        ["rating 2", "reason answered waiting-time"],
    ),
    "answered too late": (
        WITH_REASON,
        [("face-2", 0), ("option-1", 20_000)],
        ["rating 2", "reason timeout"],
    ),
    "corrected in the follow-up, which stays": (
        WITH_REASON,
        [("face-1", 0), ("face-2", 2_000), ("option-1", 4_000)],
        ["rating 1", "correction 2", "reason answered waiting-time"],
    ),
    "corrected to a value without follow-up": (
        WITH_REASON,
        [("face-1", 0), ("face-4", 2_000)],
        ["rating 1", "correction 4"],
    ),
    "corrected to a value with follow-up": (
        WITH_REASON,
        [("face-4", 0), ("face-1", 2_000), ("option-1", 4_000)],
        ["rating 4", "correction 1", "reason answered waiting-time"],
    ),
    "corrected after the follow-up, which is not asked again": (
        WITH_REASON,
        [("face-1", 0), ("option-1", 1_000), ("face-2", 2_000)],
        ["rating 1", "reason answered waiting-time", "correction 2"],
    ),
    "a new visitor during the follow-up": (
        WITH_REASON,
        [("face-1", 0), ("face-3", 3_000)],
        ["rating 1", "reason timeout", "rating 3"],
    ),
    "the same face again during the follow-up": (
        WITH_REASON,
        [("face-1", 0), ("face-1", 600), ("skip", 2_000)],
        ["rating 1", "reason timeout", "rating 1", "reason skipped"],
    ),
    "a choice follows, with the follow-up before it": (
        WITH_CHOICE,
        [("face-1", 0), ("option-2", 3_000), ("option-1", 6_000)],
        ["rating 1", "reason answered attitude", "came-for answered taxes"],
    ),
    "a correction brings the follow-up before the choice": (
        WITH_CHOICE,
        [("face-4", 0), ("face-1", 1_000), ("option-1", 3_000), ("option-2", 6_000)],
        ["rating 4", "correction 1", "reason answered waiting-time", "came-for answered papers"],
    ),
    "a double strike does not answer the next question": (
        WITH_CHOICE,
        [("face-1", 0), ("option-2", 3_000), ("option-2", 3_200)],
        ["rating 1", "reason answered attitude", "came-for timeout"],
    ),
    "skipping one question goes on to the next": (
        WITH_CHOICE,
        [("face-1", 0), ("skip", 3_000), ("skip", 4_000)],
        ["rating 1", "reason skipped", "came-for skipped"],
    ),
    "another face answers the second rating, however soon": (
        TWO_RATINGS,
        [("face-4", 0), ("face-2", 100)],
        ["rating 4", "rating 2"],
    ),
    "the same face answers the second rating from 300 ms on": (
        TWO_RATINGS,
        [("face-4", 0), ("face-4", 299), ("face-4", 599)],
        ["rating 4", "rating 4"],
    ),
    "the second rating is corrected": (
        TWO_RATINGS,
        [("face-4", 0), ("face-2", 5_000), ("face-1", 7_999)],
        ["rating 4", "rating 2", "correction 1"],
    ),
    "a new visit after the second rating begins at the first": (
        TWO_RATINGS,
        [("face-4", 0), ("face-2", 5_000), ("face-1", 8_000)],
        ["rating 4", "rating 2", "rating 1", "place timeout"],
    ),
    "the same again after the second rating is a new visit": (
        TWO_RATINGS,
        [("face-4", 0), ("face-2", 5_000), ("face-2", 5_300)],
        ["rating 4", "rating 2", "rating 2", "place timeout"],
    ),
    "three questions and a reason": (
        THREE,
        [("face-2", 0), ("option-1", 3_000), ("option-2", 6_000), ("face-3", 9_000)],
        ["rating 2", "reason answered waiting-time", "came-for answered papers", "rating 3"],
    ),
    "void in a follow-up": (
        WITH_REASON,
        [("face-1", 0), ("option-1", 4_000), ("option-2", 4_020), ("option-2", 5_000)],
        ["rating 1", "reason answered attitude"],
    ),
}


@pytest.mark.parametrize("case", FLOWS)
def test_questions_and_follow_ups(case: str) -> None:
    """Several questions, answered, skipped, abandoned and corrected."""
    survey, pressed, expected = FLOWS[case]
    assert play(session(survey), *pressed) == expected


def test_a_question_that_follows_is_asked_for() -> None:
    """``step`` tells what; the lamps tell nothing that not everyone is asked."""
    subject = session(WITH_CHOICE)
    subject.press(closure("face-1", 0))
    assert told(subject.tick(50)) == ["rating 1", "thanks"]
    assert (subject.step.code, subject.step.rating) == ("reason", uuid(0))


def test_after_the_thanks_the_panel_goes_dark() -> None:
    """Three seconds after the last press it is idle, and the survey may be exchanged."""
    subject = session(ONE)
    subject.press(closure("face-1", 0))
    subject.tick(50)
    assert (subject.is_idle, subject.next_deadline_ms) == (False, 3_000)
    assert told(subject.tick(3_000)) == ["idle"]
    assert subject.is_idle


def test_a_time_out_has_its_own_id_and_time() -> None:
    """Nobody pressed, so the session mints the id, and the time is when it ran out."""
    subject = session(WITH_REASON)
    subject.press(closure("face-1", 0))
    subject.tick(50)
    effects = subject.tick(25_000)
    assert told(effects) == ["idle", "reason timeout"]
    (record,) = recorded(effects)
    assert (record.draft.id, record.draft.uptime_ms) == (uuid(0xF000), 20_000)


@pytest.mark.parametrize("after", [[], [("face-2", 1_000)], [("option-1", 500)]])
def test_a_failed_commit_ends_the_visit_without_thanks(after: list[tuple[str, int]]) -> None:
    """What could not be kept never was: the next press begins a new visit."""
    subject = session(WITH_REASON)
    subject.press(closure("face-1", 0))
    subject.tick(50)
    shown: list[Signal] = [e.signal for e in subject.fail() if isinstance(e, Show)]
    assert shown == ["out-of-order"]
    assert subject.is_idle
    expected = ["rating 2"] if after == [("face-2", 1_000)] else []
    assert play(subject, *after, until_ms=2_000) == expected
