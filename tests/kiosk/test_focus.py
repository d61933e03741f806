"""Walking: every question answered by four keys, or by the faces alone, without seeing anything."""

from __future__ import annotations

import pytest

from hardware.panel import Closure
from kiosk.focus import faces_walk, key_of, moved
from kiosk.means import Means
from kiosk.session import Session
from kiosk.visit import Step
from tests.kiosk.builders import (
    CAME_FOR,
    ONE,
    OVERALL,
    THREE,
    TWO_RATINGS,
    WITH_REASON,
    YES_NO_LAST,
    closure,
    rated,
    recorded,
    run_on,
    session,
    told,
    uuid,
)

KEYS = ("previous", "next", "select", "help")
FACES = ("face-1", "face-2", "face-3", "face-4")
HEARD = Means(frozenset(FACES), is_heard=True)
BY_KEYS = Means(frozenset((*FACES, *KEYS)), is_heard=True)


def test_walking_goes_round() -> None:
    """From nowhere to the first or the last; past the end to the other one."""
    choices = ("a", "b", "c")
    assert [moved(choices, focus, "next") for focus in ("", "a", "c")] == ["a", "b", "a"]
    assert [moved(choices, focus, "previous") for focus in ("", "b", "a")] == ["c", "a", "c"]
    assert moved(choices, "gone", "next") == "a"


ROLES = {
    2: ["next", "select"],
    3: ["previous", "next", "select"],
    4: ["previous", "next", "help", "select"],
    5: ["previous", "next", "help", "help", "select"],
}


@pytest.mark.parametrize("number", ROLES)
def test_faces_take_the_place_of_keys(number: int) -> None:
    """Two faces are enough; with more there is a way back, and help."""
    faces = [f"face-{value}" for value in range(1, number + 1)]
    means = Means(frozenset(faces), is_heard=True)
    keys = [key_of(closure(face, 0), Step(CAME_FOR), means) for face in faces]
    assert keys == ROLES[number]


def test_faces_walk_only_where_they_must() -> None:
    """In audio mode, without keys, for what they can't answer; and never on the screen."""
    choice, rating = Step(CAME_FOR), Step(OVERALL)
    number = Step(rated("nps-11").questions[0])
    assert faces_walk(choice, HEARD)
    assert faces_walk(number, HEARD)
    assert not faces_walk(rating, HEARD)
    assert not faces_walk(choice, BY_KEYS)
    assert not faces_walk(choice, Means(frozenset(FACES)))
    assert not faces_walk(choice, Means(frozenset(FACES[:1]), is_heard=True))
    touched = Closure("face-2", 0, uuid(0), "touch")
    assert key_of(touched, choice, HEARD) == "face-2"


def _play(subject: Session, *buttons: str, every_ms: int = 600) -> list[str]:
    """Press one button after another; what was recorded."""
    effects = []
    for number, button in enumerate(buttons):
        effects += subject.press(closure(button, number * every_ms))
        effects += run_on(subject, number * every_ms + 50)
    return told(list(recorded(effects)))


def _at(subject: Session, *buttons: str) -> str:
    _play(subject, *buttons)
    return subject.focus


def test_keys_walk_over_the_first_question() -> None:
    """The focus is there to be shown and spoken; the state is ``asking``."""
    assert _at(session(ONE, means=BY_KEYS), "next") == "face-1"
    assert _at(session(ONE, means=BY_KEYS), "next", "next") == "face-2"
    assert _at(session(ONE, means=BY_KEYS), "previous") == "face-4"
    assert _at(session(ONE, means=BY_KEYS), "previous", "next") == "face-1"
    subject = session(ONE, means=BY_KEYS)
    assert _at(subject, "next", "help") == "face-1"
    assert subject.state == "asking"


@pytest.mark.parametrize("means", [BY_KEYS, Means(frozenset(KEYS)), Means(frozenset(), True)])
def test_keys_walk_in_every_mode(means: Means) -> None:
    """With headphones, with a screen, and with neither."""
    assert _at(session(ONE, means=means), "next", "next", "next") == "face-3"


def test_select_chooses_what_the_focus_stands_on() -> None:
    """The rating has the id of the key's closure, and says that a key gave it."""
    subject = session(ONE, means=BY_KEYS)
    effects = [
        *subject.press(closure("next", 0)),
        *subject.press(closure("next", 400)),
        *subject.press(closure("select", 800)),
        *subject.tick(850),
    ]
    (record,) = recorded(effects)
    assert told(effects) == ["pressed", "ask", "pressed", "ask", "pressed", "rating 2", "thanks"]
    assert (record.draft.id, record.draft.uptime_ms, record.draft.input) == (uuid(800), 800, "key")
    assert subject.focus == ""


def test_select_chooses_nothing_where_the_focus_is_nowhere() -> None:
    """While nobody is asked it does nothing at all, not even light up."""
    subject = session(ONE, means=BY_KEYS)
    assert [*subject.press(closure("select", 0)), *run_on(subject, 100)] == []
    assert subject.is_idle


STRIKES = {
    "a quick walker": ([("next", 0), ("next", 100), ("next", 200)], "face-3"),
    "there and back": ([("next", 0), ("next", 60), ("previous", 120)], "face-1"),
    "one key twice within 50 ms is one press": ([("next", 0), ("next", 40)], "face-1"),
    "two keys less than 50 ms apart are void": ([("next", 0), ("previous", 40)], ""),
}


@pytest.mark.parametrize("case", STRIKES)
def test_walking_is_quick_but_can_be_void(case: str) -> None:
    """No double strike for walkers; two keys at once are void all the same."""
    pressed, expected = STRIKES[case]
    subject = session(ONE, means=BY_KEYS)
    for button, at_ms in pressed:
        subject.press(closure(button, at_ms))
    subject.tick(1_000)
    assert subject.focus == expected


CHOSEN = {
    "select twice within 300 ms": ([("next", 0), ("select", 400), ("select", 699)], ["rating 1"]),
    "the face itself within 300 ms": (
        [("next", 0), ("select", 400), ("face-1", 699)],
        ["rating 1"],
    ),
    "the face itself after 300 ms": (
        [("next", 0), ("select", 400), ("face-1", 700)],
        ["rating 1", "rating 1"],
    ),
    "another face within 3 s": (
        [("next", 0), ("select", 400), ("face-2", 3_399)],
        ["rating 1", "correction 2"],
    ),
    "another one, walked to within 3 s": (
        [("next", 0), ("select", 400), ("previous", 900), ("select", 1_400)],
        ["rating 1", "correction 4"],
    ),
    "another one, walked to after 3 s": (
        [("next", 0), ("select", 400), ("previous", 900), ("select", 3_400)],
        ["rating 1", "rating 4"],
    ),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_what_is_chosen_is_a_press_of_it(case: str) -> None:
    """300 ms and 3 s hold for the face that ``select`` chose."""
    pressed, expected = CHOSEN[case]
    subject = session(ONE, means=BY_KEYS)
    effects = [e for button, at_ms in pressed for e in subject.press(closure(button, at_ms))]
    assert told(list(recorded(effects + run_on(subject, 100_000)))) == expected


def test_who_walks_after_a_second_rating_is_at_the_first_question() -> None:
    """A face chosen there is a new visit, not a correction of the second question."""
    subject = session(TWO_RATINGS, means=BY_KEYS)
    said = _play(subject, "face-4", "face-3", "next", "select")
    assert said == ["rating 4", "rating 3", "rating 1"]
    assert subject.step.code == "place"


def test_all_of_a_survey_by_four_keys() -> None:
    """Rating, reason, choice and second rating, skipping included."""
    first = ["next", "select"]
    reason = ["next", "next", "select"]
    skip = ["previous", "select"]
    said = _play(session(THREE, means=BY_KEYS), *first, *reason, *skip, *first)
    assert said == ["rating 1", "reason answered attitude", "came-for skipped", "rating 1"]


def test_all_of_a_survey_by_four_faces() -> None:
    """The faces answer ratings, and walk elsewhere: ``face-2`` is next, ``face-4`` is select."""
    said = _play(
        session(THREE, means=HEARD), *("face-2", "face-2", "face-2", "face-4"), "face-2", "face-4"
    )
    assert said == ["rating 2", "reason answered attitude", "came-for answered taxes"]


def test_eleven_values_by_two_faces() -> None:
    """A panel of yes and no can give every number from 0 to 10."""
    means = Means(frozenset({"face-0", "face-1"}), is_heard=True)
    walk = ["face-0"] * 8
    assert _play(session(rated("nps-11"), means=means), *walk, "face-1") == ["rating 7"]


def test_yes_and_no_by_four_faces() -> None:
    """No face is *no* on such a panel, so one walks to it."""
    subject = session(YES_NO_LAST, means=HEARD)
    assert _play(subject, "face-3", "face-2", "face-4") == ["rating 3", "rating 0"]


def test_a_face_that_struck_twice_does_not_walk() -> None:
    """The press that rated is still the same press within 300 ms."""
    subject = session(WITH_REASON, means=HEARD)
    subject.press(closure("face-2", 0))
    subject.press(closure("face-2", 250))
    subject.tick(1_000)
    assert (subject.state, subject.focus) == ("follow-up", "")


def test_walking_faces_correct_nothing() -> None:
    """They answer the follow-up, so no correction is offered."""
    subject = session(WITH_REASON, means=HEARD)
    assert _play(subject, "face-1") == ["rating 1"]
    assert subject.corrects == ()


def test_another_language_can_be_walked_to() -> None:
    """In audio mode it stands behind the answers; choosing it starts the walk again."""
    subject = session(ONE, means=BY_KEYS, languages=("bg", "en"))
    assert _at(subject, "previous") == "language-en"
    subject = session(ONE, means=BY_KEYS, languages=("bg", "en"))
    assert _play(subject, "previous", "select") == []
    assert (subject.language, subject.focus, subject.state) == ("en", "", "asking")


def test_the_focus_is_lost_with_what_it_stood_on() -> None:
    """Headphones pulled out: languages are choices no more."""
    subject = session(ONE, means=BY_KEYS, languages=("bg", "en"))
    assert _at(subject, "previous") == "language-en"
    subject.means = Means(BY_KEYS.buttons)
    assert subject.focus == ""


def test_what_can_be_asked_depends_on_the_means() -> None:
    """Faces alone answer no reason; heard, or with keys and heard, or on a screen they do."""
    few = Means(frozenset(FACES))
    asked = {
        "faces": few,
        "keys unheard": Means(frozenset((*FACES, *KEYS))),
        "one face heard": Means(frozenset({"face-1"}), is_heard=True),
        "faces heard": HEARD,
        "keys heard": BY_KEYS,
        "a screen": Means(frozenset(), is_touched=True),
    }
    states = {}
    for name, means in asked.items():
        subject = session(WITH_REASON, means=means)
        _play(subject, "face-1")
        states[name] = subject.state
    assert states == {
        "faces": "thanks",
        "keys unheard": "thanks",
        "one face heard": "thanks",
        "faces heard": "follow-up",
        "keys heard": "follow-up",
        "a screen": "follow-up",
    }
