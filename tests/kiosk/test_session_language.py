"""The language of a visit: chosen at any time, recorded, and gone with the visitor."""

from __future__ import annotations

import pytest

from hardware.panel import Closure
from kiosk.session import Session
from tests.kiosk.builders import (
    ONE,
    WITH_CHOICE,
    WITH_REASON,
    closure,
    recorded,
    run_on,
    session,
    told,
    uuid,
)

LANGUAGES = ("bg", "en", "tr")

VISITS = {
    "nobody chose": ([("face-4", 0)], ["rating 4 bg"]),
    "chosen before the rating": ([("language-en", 0), ("face-4", 900)], ["rating 4 en"]),
    "chosen twice": (
        [("language-en", 0), ("language-bg", 900), ("face-4", 2_000)],
        ["rating 4 bg"],
    ),
    "chosen in the follow-up": (
        [("face-1", 0), ("language-tr", 4_000), ("option-1", 6_000)],
        ["rating 1 bg", "reason answered waiting-time tr"],
    ),
    "the time-out is in it, too": (
        [("language-en", 0), ("face-1", 900)],
        ["rating 1 en", "reason timeout en"],
    ),
    "the next visitor, the same face 600 ms later, did not choose": (
        [("language-en", 0), ("face-4", 900), ("face-4", 1_500)],
        ["rating 4 en", "rating 4 bg"],
    ),
    "nor did one who ends another's follow-up": (
        [("language-en", 0), ("face-1", 900), ("face-3", 5_000)],
        ["rating 1 en", "reason timeout en", "rating 3 bg"],
    ),
    "the next visitor chose during the thanks": (
        [("face-4", 0), ("language-en", 1_000), ("face-4", 2_000)],
        ["rating 4 bg", "rating 4 en"],
    ),
    "a correction is in the language of the visit": (
        [("language-en", 0), ("face-4", 900), ("face-3", 1_900)],
        ["rating 4 en", "correction 3 en"],
    ),
    "one that the kiosk does not speak": (
        [("language-xx", 0), ("face-4", 900)],
        ["rating 4 bg"],
    ),
    "a tag is no button": ([("en", 0), ("face-4", 900)], ["rating 4 bg"]),
    "a language and a face less than 50 ms apart": ([("language-en", 0), ("face-4", 40)], []),
}


def _play(subject: Session, pressed: list[tuple[str, int]]) -> list[str]:
    effects = [e for button, at_ms in pressed for e in subject.press(closure(button, at_ms))]
    records = recorded(effects + run_on(subject, 200_000))
    return [f"{told([record])[0]} {record.draft.language}" for record in records]


@pytest.mark.parametrize("case", VISITS)
def test_each_event_is_in_the_language_of_its_visitor(case: str) -> None:
    """The hall's own until another is chosen, and again for the next visitor."""
    pressed, expected = VISITS[case]
    assert _play(session(WITH_REASON, languages=LANGUAGES), pressed) == expected


def test_a_language_chosen_shows_the_first_question_in_it() -> None:
    """``asking`` from then on; the press is answered, but there is nothing to thank for."""
    subject = session(ONE, languages=LANGUAGES)
    effects = [*subject.press(closure("language-en", 0)), *subject.tick(50)]
    assert told(effects) == ["pressed", "ask"]
    assert (subject.state, subject.language) == ("asking", "en")


def test_a_question_stays_the_one_asked() -> None:
    """A language chosen in a follow-up changes nothing but the language."""
    subject = session(WITH_CHOICE, languages=LANGUAGES)
    for button, at_ms in (("face-1", 0), ("language-en", 4_000)):
        subject.press(closure(button, at_ms))
        subject.tick(at_ms + 50)
    assert (subject.state, subject.step.code, subject.language) == ("follow-up", "reason", "en")


def test_a_failed_commit_forgets_the_language() -> None:
    """The visit never was."""
    subject = session(ONE, languages=LANGUAGES)
    subject.press(closure("language-en", 0))
    subject.tick(50)
    subject.fail()
    assert (subject.language, subject.state) == ("bg", "idle")


def test_each_event_says_by_what_it_was_given() -> None:
    """A face touched, a reason by key; who leaves does so by what was used last."""
    subject = session(WITH_CHOICE)
    effects = [
        *subject.press(Closure("face-1", 0, uuid(1), "touch")),
        *subject.press(Closure("option-1", 4_000, uuid(2), "keyboard")),
        *run_on(subject, 200_000),
    ]
    assert [(told([r])[0], r.draft.input) for r in recorded(effects)] == [
        ("rating 1", "touch"),
        ("reason answered waiting-time", "keyboard"),
        ("came-for timeout", "keyboard"),
    ]
