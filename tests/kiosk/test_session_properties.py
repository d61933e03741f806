"""What holds of a session whatever people do: random presses, surveys, means, late reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Final, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from hardware.panel import TACTILE_KEYS, Closure, Input
from kiosk.drafts import AnswerDraft, AnyDraft, CorrectionDraft, RatingDraft
from kiosk.means import Means
from kiosk.session import Effect, Patience, Record, Session, Show
from tests.kiosk.builders import (
    ALL_BUTTONS,
    ONE,
    THREE,
    TWO_RATINGS,
    UNWARNED,
    WITH_CHOICE,
    WITH_CONDITIONS,
    WITH_REASON,
    rated,
    recorded,
    run_on,
    session,
    uuid,
)

END_MS: Final = 10**7
FACES = [f"face-{n}" for n in range(1, 5)]
BUTTONS = st.sampled_from(
    [f"face-{n}" for n in range(6)]
    + ["option-1", "option-2", "skip", "previous", "next", "select", "select", "help"]
    + ["language-bg", "language-en", "language-xx", "extend", "nonsense"]
)
INPUTS: st.SearchStrategy[Input] = st.sampled_from(["button", "touch"])
MEANS = st.builds(
    Means,
    st.sampled_from([FACES, ALL_BUTTONS, [*FACES, *TACTILE_KEYS], ["face-0", "face-1"]]).map(
        frozenset
    ),
    is_touched=st.booleans(),
    is_heard=st.booleans(),
)
SESSIONS = st.builds(
    partial(partial, session),
    st.sampled_from(
        [ONE, WITH_REASON, WITH_CHOICE, TWO_RATINGS, THREE, WITH_CONDITIONS, rated("nps-11")]
    ),
    means=MEANS,
    patience=st.sampled_from([Patience(), UNWARNED]),
    languages=st.sampled_from([("bg",), ("bg", "en")]),
)
"""Makers of sessions, since some properties compare two of a kind."""
PAUSES = st.one_of(
    st.sampled_from([0, 1, 30, 49, 50, 299, 300, 2_999, 3_000, 19_999, 20_000, 40_000]),
    st.integers(0, 500),
    st.integers(0, 25_000),
)
PRESSES = st.lists(st.tuples(BUTTONS, PAUSES, INPUTS), max_size=25)
Maker: TypeAlias = Callable[[], Session]
Presses: TypeAlias = list[tuple[str, int, Input]]


def _closures(presses: Presses) -> Iterator[Closure]:
    """The presses, each a pause after the one before."""
    at_ms = 1_000
    for number, (button, pause_ms, kind) in enumerate(presses, 1):
        at_ms += pause_ms
        yield Closure(button, at_ms, uuid(number), kind)


def _effects(subject: Session, presses: Presses) -> list[Effect]:
    """Everything that follows from the presses, without a tick between them."""
    effects = [effect for each in _closures(presses) for effect in subject.press(each)]
    return effects + run_on(subject, END_MS)


def _drafts(make: Maker, presses: Presses) -> list[AnyDraft]:
    return [record.draft for record in recorded(_effects(make(), presses))]


@given(SESSIONS, PRESSES)
def test_thanks_come_right_after_the_record_of_that_press(make: Maker, presses: Presses) -> None:
    """Never a thanks without a record, never for another press."""
    effects = _effects(make(), presses)
    for before, effect in pairwise([None, *effects]):
        if isinstance(effect, Show) and effect.signal == "thanks":
            assert isinstance(before, Record)
            assert before.draft.id == effect.press_id


@given(SESSIONS, PRESSES)
def test_each_closure_leads_to_at_most_one_event(make: Maker, presses: Presses) -> None:
    """No id is used twice, those of time-outs included."""
    ids = Counter(draft.id for draft in _drafts(make, presses))
    assert not ids or max(ids.values()) == 1


@given(SESSIONS, PRESSES)
def test_events_are_in_order_of_time(make: Maker, presses: Presses) -> None:
    """So their numbers are, too."""
    times = [draft.uptime_ms for draft in _drafts(make, presses)]
    assert times == sorted(times)


@given(SESSIONS, PRESSES)
def test_one_answer_a_question_and_visit(make: Maker, presses: Presses) -> None:
    """A visitor says a thing once; what changes it is a correction."""
    said = Counter(
        (draft.visit, draft.question)
        for draft in _drafts(make, presses)
        if isinstance(draft, RatingDraft | AnswerDraft)
    )
    assert not said or max(said.values()) == 1


@given(SESSIONS, PRESSES)
def test_corrections_are_of_other_values_and_at_most_two(make: Maker, presses: Presses) -> None:
    """Each names a rating of its own visit, and changes the value it has by then."""
    values: dict[str, tuple[str, int]] = {}
    corrections: Counter[str] = Counter()
    for draft in _drafts(make, presses):
        if isinstance(draft, RatingDraft):
            values[draft.id] = draft.visit, draft.value
        elif isinstance(draft, CorrectionDraft):
            visit, value = values[draft.rating]
            assert visit == draft.visit
            assert value != draft.value
            values[draft.rating] = visit, draft.value
            corrections[draft.rating] += 1
    assert not corrections or max(corrections.values()) <= 2


@given(SESSIONS, PRESSES)
def test_a_visit_begins_with_the_first_question(make: Maker, presses: Presses) -> None:
    """Whatever comes first in a visit is its first rating."""
    seen: set[str] = set()
    for draft in _drafts(make, presses):
        if draft.visit not in seen:
            seen.add(draft.visit)
            assert isinstance(draft, RatingDraft)
            assert draft.question == "overall"


@given(SESSIONS, PRESSES)
def test_it_does_not_matter_when_we_are_told(make: Maker, presses: Presses) -> None:
    """With a tick at every deadline or none at all, the records are the same."""
    punctual, late = make(), make()
    told_in_time: list[Effect] = []
    for each in _closures(presses):
        told_in_time += run_on(punctual, each.at_ms)
        told_in_time += punctual.press(each)
    told_in_time += run_on(punctual, END_MS)
    assert recorded(told_in_time) == recorded(_effects(late, presses))


@given(SESSIONS, PRESSES)
def test_every_light_has_an_end(make: Maker, presses: Presses) -> None:
    """Every press that was answered by a light is thanked for, void, or asked on after."""
    answers: dict[str, list[str]] = {}
    for effect in _effects(make(), presses):
        if isinstance(effect, Show) and effect.press_id is not None:
            answers.setdefault(effect.press_id, []).append(effect.signal)
    ends = ("thanks", "void", "ask", "idle")
    assert all(
        signals == ["void"] or signals in (["pressed", end] for end in ends)
        for signals in answers.values()
    )


@given(SESSIONS, PRESSES)
def test_every_record_is_thanked_for_unless_nobody_pressed(make: Maker, presses: Presses) -> None:
    """Only a time-out is recorded without thanks."""
    for effect, after in pairwise([*_effects(make(), presses), None]):
        if isinstance(effect, Record):
            is_timeout = isinstance(effect.draft, AnswerDraft) and effect.draft.outcome == "timeout"
            assert is_timeout or after == Show("thanks", effect.draft.id)


@given(SESSIONS, PRESSES)
def test_the_scene_holds_together(make: Maker, presses: Presses) -> None:
    """Focus among the choices, corrections on offer are faces, a warning only while asking."""
    subject = make()
    for each in _closures(presses):
        run_on(subject, each.at_ms)
        subject.press(each)
        choices = subject.choices
        assert subject.focus in ("", *choices)
        assert len(set(choices)) == len(choices)
        assert ("skip" in choices) == (subject.state == "follow-up" or subject.progress[0] > 1)
        assert not (subject.state == "idle" and subject.corrects)
        assert not subject.warns_until_ms or subject.state in ("asking", "follow-up")
        assert subject.progress[0] >= 1
        assert subject.is_pressed <= (not subject.is_idle)


@given(SESSIONS, PRESSES)
def test_in_the_end_nobody_is_here(make: Maker, presses: Presses) -> None:
    """Whatever was pressed, the kiosk comes to rest in the hall's own language."""
    subject = make()
    _effects(subject, presses)
    assert (subject.state, subject.language, subject.focus) == ("idle", "bg", "")
    assert subject.is_idle
    assert subject.next_deadline_ms is None


@given(SESSIONS, PRESSES)
def test_a_face_on_offer_corrects_or_begins_a_visit(make: Maker, presses: Presses) -> None:
    """What ``corrects`` offers on the screen is never nothing, and never an answer."""
    subject = make()
    at_ms = 1_000
    for each in _closures(presses):
        subject.press(each)
        at_ms = each.at_ms
    run_on(subject, at_ms + 300)
    if not subject.corrects:
        return
    touched = Closure(subject.corrects[0], at_ms + 300, uuid(999), "touch")
    (first, *_) = [
        record.draft
        for record in recorded([*subject.press(touched), *run_on(subject, END_MS)])
        if record.draft.id == touched.id
    ]
    assert isinstance(first, CorrectionDraft | RatingDraft)
