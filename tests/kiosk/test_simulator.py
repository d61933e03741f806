"""Simulated visitors: at the rate asked for, doing all that people do, the same for a seed."""

from __future__ import annotations

from itertools import islice, pairwise, takewhile

import pytest

from broker.wire.surveys import Survey
from hardware.panel import FOUR_FACES, Closure
from kiosk.drafts import AnswerDraft, CorrectionDraft, RatingDraft
from kiosk.simulator.crowd import Intent, OfficeDay, Steady, crowd
from kiosk.simulator.people import Habits, buttons_of
from tests.kiosk.builders import (
    ONE,
    THREE,
    TWO_RATINGS,
    WITH_CHOICE,
    WITH_CONDITIONS,
    WITH_REASON,
    YES_NO_LAST,
    rated,
    recorded,
    run_on,
    session,
    uuid,
)

DAY_S = 86_400
SURVEYS = [ONE, WITH_REASON, WITH_CHOICE, TWO_RATINGS, THREE, WITH_CONDITIONS, rated("nps-11")]


def _some(survey: Survey, rate: float, *, seed: int = 1, count: int = 4_000) -> list[Intent]:
    return list(islice(crowd(survey, Steady(rate), seed=seed), count))


def test_the_same_seed_gives_the_same_presses() -> None:
    """A run can be repeated; another seed is another day."""
    assert _some(THREE, 0.5) == _some(THREE, 0.5)
    assert _some(THREE, 0.5) != _some(THREE, 0.5, seed=2)


@pytest.mark.parametrize("rate", [0.01, 0.5, 1.7, 4.2, 20.0])
@pytest.mark.parametrize("survey", SURVEYS, ids=lambda survey: f"survey {survey.version}")
def test_the_rate_is_kept(survey: Survey, rate: float) -> None:
    """Presses a second over the long run, also where visitors must hurry for it."""
    presses = _some(survey, rate)
    assert len(presses) / presses[-1].at_s == pytest.approx(rate, rel=0.15)


@pytest.mark.parametrize("survey", SURVEYS, ids=lambda survey: f"survey {survey.version}")
def test_presses_are_in_order_and_of_buttons_that_there_are(survey: Survey) -> None:
    """So they can be played one by one at a panel with these buttons."""
    presses = _some(survey, 1.0)
    assert all(one.at_s <= other.at_s for one, other in pairwise(presses))
    assert {press.button for press in presses} <= set(buttons_of(survey))


def test_an_office_day_has_hours_and_rushes() -> None:
    """Nobody comes at night, and more come at half past ten than at one."""
    day = OfficeDay(4_000)
    presses = list(takewhile(lambda press: press.at_s < DAY_S, crowd(ONE, day, seed=3)))
    hours = [press.at_s / 3600 for press in presses]
    assert min(hours) >= 8.5
    assert max(hours) < 17.1
    assert len(presses) == pytest.approx(4_000, rel=0.15)
    rush = sum(10 <= hour < 11 for hour in hours)
    noon = sum(12.25 <= hour < 13.25 for hour in hours)
    assert rush > 1.5 * noon


def test_people_do_all_that_people_do() -> None:
    """Ratings of all values, corrections, void presses, answers, skips and walking away."""
    subject = session(THREE)
    effects = []
    for number, intent in enumerate(_some(THREE, 0.2)):
        effects += subject.press(Closure(intent.button, int(intent.at_s * 1000), uuid(number)))
    effects += run_on(subject, 10**9)
    drafts = [record.draft for record in recorded(effects)]
    values = {draft.value for draft in drafts if isinstance(draft, RatingDraft)}
    outcomes = {
        (draft.question, draft.outcome) for draft in drafts if isinstance(draft, AnswerDraft)
    }
    assert values == {1, 2, 3, 4}
    assert any(isinstance(draft, CorrectionDraft) for draft in drafts)
    assert outcomes >= {
        (question, outcome)
        for question in ("reason", "came-for")
        for outcome in ("answered", "skipped", "timeout")
    }
    assert any(getattr(effect, "signal", None) == "void" for effect in effects)


def test_habits_can_be_switched_off() -> None:
    """Only single, undoubted ratings: for counts that must come out exactly."""
    calm = Habits(corrected=0, struck_twice=0, two_at_once=0, child=0)
    presses = list(islice(crowd(ONE, Steady(0.2), seed=1, habits=calm), 500))
    assert {press.button.partition("-")[0] for press in presses} == {"face"}
    assert all(other.at_s - one.at_s >= 0.3 for one, other in pairwise(presses))


@pytest.mark.parametrize("survey", [WITH_CONDITIONS, YES_NO_LAST, rated("nps-11")])
def test_visitors_answer_what_the_session_asks(survey: Survey) -> None:
    """Those who do nothing else are asked the same by both, so each press becomes an event."""
    calm = Habits(corrected=0, struck_twice=0, two_at_once=0, child=0, answered=0.8, skipped=0.2)
    presses = list(islice(crowd(survey, Steady(0.05), seed=2, habits=calm), 1_000))
    subject = session(survey)
    effects = []
    for number, intent in enumerate(presses):
        effects += subject.press(Closure(intent.button, int(intent.at_s * 1000), uuid(number)))
    effects += run_on(subject, 10**9)
    outcomes = [getattr(record.draft, "outcome", "rated") for record in recorded(effects)]
    assert len(outcomes) - outcomes.count("timeout") == len(presses)


def test_visitors_use_the_buttons_that_there_are() -> None:
    """At a panel of faces nobody gives a reason; where there is one option, it is that one."""
    few = (*FOUR_FACES, "option-1")
    for buttons in (FOUR_FACES, few):
        presses = islice(crowd(THREE, Steady(0.5), seed=1, buttons=buttons), 2_000)
        assert {press.button for press in presses} == set(buttons)


def test_a_panel_without_the_faces_asked_for_has_no_visitors() -> None:
    """The error names the faces."""
    with pytest.raises(ValueError, match="face-3, face-4"):
        next(crowd(ONE, Steady(0.5), seed=1, buttons=("face-1", "face-2")))
