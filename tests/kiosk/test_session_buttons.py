"""What a panel without some buttons is asked, and what is passed by."""

from __future__ import annotations

import pytest

from tests.kiosk.builders import (
    ONE,
    THREE,
    WITH_REASON,
    YES_NO_LAST,
    closure,
    play,
    session,
    told,
)

FACES = tuple(f"face-{number}" for number in range(1, 5))

WITHOUT_BUTTONS = {
    "a follow-up on a panel of faces": (WITH_REASON, FACES, [("face-1", 0)], ["rating 1"]),
    "a follow-up that can only be skipped": (
        WITH_REASON,
        (*FACES, "skip"),
        [("face-1", 0), ("skip", 4_000)],
        ["rating 1"],
    ),
    "a follow-up with one button of three": (
        WITH_REASON,
        (*FACES, "option-1"),
        [("face-1", 0)],
        ["rating 1", "reason timeout"],
    ),
    "questions before and after it are asked": (
        THREE,
        FACES,
        [("face-1", 0), ("face-3", 5_000)],
        ["rating 1", "rating 3"],
    ),
    "a question on another scale": (
        YES_NO_LAST,
        ("face-3", "face-4"),
        [("face-3", 0)],
        ["rating 3"],
    ),
    "nothing at all can be rated": (
        ONE,
        ("option-1", "skip"),
        [("option-1", 0), ("skip", 900)],
        [],
    ),
}


@pytest.mark.parametrize("case", WITHOUT_BUTTONS)
def test_what_no_button_can_answer_is_not_asked(case: str) -> None:
    """It leaves no event, and the panel goes dark after the thanks as if it were not there."""
    survey, buttons, pressed, expected = WITHOUT_BUTTONS[case]
    assert play(session(survey, buttons), *pressed) == expected


def test_nobody_waits_for_what_cannot_be_answered() -> None:
    """No blinking for twenty seconds: three seconds after the press the panel is idle."""
    subject = session(WITH_REASON, FACES)
    subject.press(closure("face-1", 0))
    assert told(subject.tick(50)) == ["rating 1", "thanks"]
    assert subject.next_deadline_ms == 3_000
