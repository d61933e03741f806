"""What holds of a session whatever people do: random presses, random surveys, late reports."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from broker.wire.surveys import Survey
from kiosk.drafts import AnswerDraft, AnyDraft, CorrectionDraft, RatingDraft
from kiosk.session import Effect, Record, Session, Show
from tests.kiosk.builders import (
    ONE,
    THREE,
    TWO_RATINGS,
    WITH_CHOICE,
    WITH_REASON,
    closure,
    recorded,
    run_on,
    session,
)

SURVEYS = st.sampled_from([ONE, WITH_REASON, WITH_CHOICE, TWO_RATINGS, THREE])
BUTTONS = st.sampled_from([f"face-{n}" for n in range(1, 6)] + ["option-1", "option-2", "skip"])
PAUSES = st.one_of(
    st.sampled_from([0, 1, 30, 49, 50, 299, 300, 2_999, 3_000, 19_999, 20_000]),
    st.integers(0, 25_000),
)
PRESSES = st.lists(st.tuples(BUTTONS, PAUSES), max_size=25)


def _effects(subject: Session, presses: list[tuple[str, int]]) -> list[Effect]:
    """Everything that follows from the presses, each a pause after the one before."""
    at_ms = 1_000
    effects: list[Effect] = []
    for number, (button, pause_ms) in enumerate(presses, 1):
        at_ms += pause_ms
        effects += subject.press(closure(button, at_ms, number))
    return effects + run_on(subject, at_ms + 100_000)


def _drafts(survey: Survey, presses: list[tuple[str, int]]) -> list[AnyDraft]:
    return [record.draft for record in recorded(_effects(session(survey), presses))]


@given(SURVEYS, PRESSES)
def test_thanks_come_right_after_the_record_of_that_press(
    survey: Survey, presses: list[tuple[str, int]]
) -> None:
    """Never a thanks without a record, never for another press."""
    effects = _effects(session(survey), presses)
    for before, effect in pairwise([None, *effects]):
        if isinstance(effect, Show) and effect.signal == "thanks":
            assert isinstance(before, Record)
            assert before.draft.id == effect.press_id


@given(SURVEYS, PRESSES)
def test_each_closure_leads_to_at_most_one_event(
    survey: Survey, presses: list[tuple[str, int]]
) -> None:
    """No id is used twice, those of time-outs included."""
    ids = Counter(draft.id for draft in _drafts(survey, presses))
    assert not ids or max(ids.values()) == 1


@given(SURVEYS, PRESSES)
def test_events_are_in_order_of_time(survey: Survey, presses: list[tuple[str, int]]) -> None:
    """So their numbers are, too."""
    times = [draft.uptime_ms for draft in _drafts(survey, presses)]
    assert times == sorted(times)


@given(SURVEYS, PRESSES)
def test_one_answer_a_question_and_visit(survey: Survey, presses: list[tuple[str, int]]) -> None:
    """A visitor says a thing once; what changes it is a correction."""
    said = Counter(
        (draft.visit, draft.question)
        for draft in _drafts(survey, presses)
        if isinstance(draft, RatingDraft | AnswerDraft)
    )
    assert not said or max(said.values()) == 1


@given(SURVEYS, PRESSES)
def test_corrections_are_of_other_values_and_at_most_two(
    survey: Survey, presses: list[tuple[str, int]]
) -> None:
    """Each names a rating of its own visit, and changes the value it has by then."""
    values: dict[str, tuple[str, int]] = {}
    corrections: Counter[str] = Counter()
    for draft in _drafts(survey, presses):
        if isinstance(draft, RatingDraft):
            values[draft.id] = draft.visit, draft.value
        elif isinstance(draft, CorrectionDraft):
            visit, value = values[draft.rating]
            assert visit == draft.visit
            assert value != draft.value
            values[draft.rating] = visit, draft.value
            corrections[draft.rating] += 1
    assert not corrections or max(corrections.values()) <= 2


@given(SURVEYS, PRESSES)
def test_a_visit_begins_with_the_first_question(
    survey: Survey, presses: list[tuple[str, int]]
) -> None:
    """Whatever comes first in a visit is its first rating."""
    seen: set[str] = set()
    for draft in _drafts(survey, presses):
        if draft.visit not in seen:
            seen.add(draft.visit)
            assert isinstance(draft, RatingDraft)
            assert draft.question == survey.questions[0].code


@given(SURVEYS, PRESSES)
def test_it_does_not_matter_when_we_are_told(
    survey: Survey, presses: list[tuple[str, int]]
) -> None:
    """With a tick at every deadline or none at all, the records are the same."""
    punctual, late = session(survey), session(survey)
    at_ms = 1_000
    told_in_time: list[Effect] = []
    told_late: list[Effect] = []
    for number, (button, pause_ms) in enumerate(presses, 1):
        told_in_time += run_on(punctual, at_ms + pause_ms)
        at_ms += pause_ms
        told_in_time += punctual.press(closure(button, at_ms, number))
        told_late += late.press(closure(button, at_ms, number))
    told_in_time += run_on(punctual, at_ms + 100_000)
    told_late += run_on(late, at_ms + 100_000)
    assert recorded(told_in_time) == recorded(told_late)


@given(SURVEYS, PRESSES)
def test_every_light_is_taken_back_or_thanked_for(
    survey: Survey, presses: list[tuple[str, int]]
) -> None:
    """No press that was answered by a light is left without an end."""
    answers: dict[str, list[str]] = {}
    for effect in _effects(session(survey), presses):
        if isinstance(effect, Show) and effect.press_id is not None:
            answers.setdefault(effect.press_id, []).append(effect.signal)
    assert all(
        signals in (["pressed", "thanks"], ["pressed", "void"], ["void"])
        for signals in answers.values()
    )
