"""Questions that are asked only of those who answered earlier ones so."""

from __future__ import annotations

import pytest

from broker.wire.surveys import Condition, Question, Survey
from tests.kiosk.builders import PLAIN, WITH_CONDITIONS, closure, options, play, session

ONLY_GOOD = Survey(
    code="reception",
    version=1,
    questions=(
        PLAIN,
        Question(
            code="praise",
            texts={"bg": "Какво беше добро?"},
            options=options("kind", "quick"),
            only_if=(Condition(question="overall", values=(3, 4)),),
        ),
    ),
)
"""Its second question is a choice, during which a face still corrects the first."""

PATHS = {
    "no condition holds": (
        WITH_CONDITIONS,
        [("face-4", 0), ("option-2", 4_000)],
        ["rating 4", "came-for answered papers"],
    ),
    "one of two conditions holds": (
        WITH_CONDITIONS,
        [("face-1", 0), ("option-1", 4_000), ("option-1", 8_000)],
        ["rating 1", "reason answered waiting-time", "came-for answered taxes"],
    ),
    "both hold": (
        WITH_CONDITIONS,
        [("face-1", 0), ("option-1", 4_000), ("option-2", 8_000), ("face-0", 12_000)],
        ["rating 1", "reason answered waiting-time", "came-for answered papers", "rating 0"],
    ),
    "a follow-up is a condition, too": (
        WITH_CONDITIONS,
        [("face-1", 0), ("option-2", 4_000), ("option-1", 8_000), ("option-1", 12_000)],
        [
            "rating 1",
            "reason answered attitude",
            "came-for answered taxes",
            "clerk answered kind",
        ],
    ),
    "what was skipped fulfils nothing": (
        WITH_CONDITIONS,
        [("face-1", 0), ("skip", 4_000), ("skip", 8_000)],
        ["rating 1", "reason skipped", "came-for skipped"],
    ),
    "what ended by itself ends the visit": (
        WITH_CONDITIONS,
        [("face-1", 0), ("option-2", 4_000)],
        ["rating 1", "reason answered attitude", "came-for timeout"],
    ),
    "the corrected value counts": (
        WITH_CONDITIONS,
        [("face-4", 0), ("face-2", 900), ("skip", 4_000), ("option-2", 8_000), ("skip", 9_000)],
        ["rating 4", "correction 2", "reason skipped", "came-for answered papers", "wait skipped"],
    ),
    "a correction calls a question off": (ONLY_GOOD, [("face-4", 0), ("face-1", 2_000)], None),
    "a correction calls a question up": (
        ONLY_GOOD,
        [("face-1", 0), ("face-4", 2_000), ("option-2", 4_000)],
        ["rating 1", "correction 4", "praise answered quick"],
    ),
}


@pytest.mark.parametrize("case", PATHS)
def test_conditions(case: str) -> None:
    """All of a question's conditions must hold; else it leaves no event."""
    survey, pressed, expected = PATHS[case]
    assert play(session(survey), *pressed) == (expected or ["rating 4", "correction 1"])


def test_what_cannot_be_asked_fulfils_nothing() -> None:
    """On a panel of faces nobody says "attitude", so what depends on it is not asked."""
    faces = [f"face-{value}" for value in range(5)]
    subject = session(WITH_CONDITIONS, faces)
    assert play(subject, ("face-1", 0)) == ["rating 1"]


def test_progress_counts_the_longest_way_and_then_the_real_one() -> None:
    """How many questions there may be; it only ever shrinks."""
    subject = session(WITH_CONDITIONS)
    seen = [subject.progress]
    for at_ms, button in enumerate(("face-1", "option-1", "option-2", "face-1")):
        subject.press(closure(button, at_ms * 5_000))
        subject.tick(at_ms * 5_000 + 50)
        seen.append(subject.progress)
    assert seen == [(1, 5), (2, 5), (3, 4), (4, 4), (1, 5)]


def test_progress_leaves_out_what_cannot_be_answered() -> None:
    """A panel of faces has one question to ask of four."""
    subject = session(WITH_CONDITIONS, [f"face-{value}" for value in range(1, 5)])
    assert subject.progress == (1, 1)
