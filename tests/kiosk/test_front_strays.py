"""What must not cost a vote: hammering, strays, touches under way too long, means that vanish."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from broker.wire.surveys import Condition, Question, Survey
from hardware.buttons import Press
from hardware.panel import FOUR_FACES
from kiosk.scene import Complaint, Scene, Touched
from kiosk.speech import cue
from kiosk.words import Words
from tests.kiosk.builders import CAME_FOR, OVERALL, PLACE, PLAIN, configured, uuid
from tests.kiosk.reception import Hall


def _events(hall: Hall) -> list[dict[str, object]]:
    with closing(sqlite3.connect(hall.path)) as connection:
        rows = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
    return [msgspec.json.decode(body) for (body,) in rows]


def _asked(*questions: Question) -> Survey:
    return Survey(code="reception", version=9, questions=questions)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what a test began."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def hall(tmp_path: Path, stack: ExitStack) -> Hall:
    """A hall with four buttons and a touchscreen."""
    return Hall(tmp_path, stack, FOUR_FACES, has_screen=True)


def test_a_hammering_child_is_one_press_across_a_new_configuration(hall: Hall) -> None:
    """The survey is exchanged in the midst of it; what is hammered on is still the same press."""
    hall.configuration.offer(write(configured(_asked(PLAIN), revision=2)))
    hall.run(1)
    for number in range(40):
        hall.play(Press(button="face-1", id=uuid(number)), seconds=0.2)
        if number == 10:
            hall.configuration.offer(write(configured(_asked(PLAIN), revision=3)))
    assert hall.kept == [uuid(0)]


def test_a_button_that_is_not_there_voids_nothing(hall: Hall) -> None:
    """A screen that chatters of what nobody can touch costs no press of a button."""
    hall.panel.play(Press(button="face-4", id=uuid(1)))
    hall.front.take(Touched(button="no-such-button", at_ms=int(hall.clock.uptime), id=uuid(2)))
    hall.run(1)
    assert hall.kept == [uuid(1)]


def test_a_touch_long_under_way_does_not_overrule_a_later_press(hall: Hall) -> None:
    """It was made before; the visitor's last word is the button."""
    early_ms = int(hall.clock.uptime)
    hall.run(1)
    hall.play(Press(button="face-4", id=uuid(1)), seconds=0.5)
    hall.front.take(Touched(button="face-1", at_ms=early_ms, id=uuid(2)))
    hall.run(1)
    assert hall.kept == [uuid(1)]


def test_a_post_asks_only_what_is_printed_on_it(tmp_path: Path, stack: ExitStack) -> None:
    """A second question that nobody can read would swallow the next visitor; so it isn't asked."""
    hall = Hall(tmp_path, stack, FOUR_FACES)
    hall.configuration.offer(write(configured(_asked(PLAIN, PLACE), revision=2)))
    hall.run(1)
    for number in range(4):
        hall.play(Press(button="face-4", id=uuid(number)), seconds=6)
    assert [event["question"] for event in _events(hall)] == ["overall"] * 4
    assert hall.health.faults == {"panel:lacks-screen"}


def test_a_question_that_nobody_can_answer_any_more_leaves_no_event(hall: Hall) -> None:
    """The screen dies in the midst of a follow-up: the rating stays, nothing is made up."""
    hall.touch("face-1", uuid(1))
    hall.has_screen = False
    hall.run(60)
    assert [event["kind"] for event in _events(hall)] == ["rating"]


def test_a_reason_that_was_corrected_away_leads_nowhere(hall: Hall) -> None:
    """A question for those who chose it is not asked of who is satisfied after all."""
    only = (Condition(question="reason", options=("attitude",)),)
    asked = _asked(replace(OVERALL, only_if=()), replace(CAME_FOR, only_if=only))
    hall.configuration.offer(write(configured(asked, revision=2)))
    hall.run(1)
    hall.touch("face-1", uuid(1), seconds=0.5)
    hall.touch("option-2", uuid(2), seconds=0.5)
    assert hall.state() == "asking"
    hall.touch("face-4", uuid(3), seconds=0.5)
    assert hall.state() == "correction"


def test_the_loudspeaker_says_no_number_that_depends_on_the_answer() -> None:
    """How many questions there are tells whether one was asked why."""
    before = Scene(number=0, state="thanks", language="bg")
    now = Scene(
        number=0,
        state="asking",
        language="bg",
        title="А мястото?",
        progress=(3, 4),
        reads_aloud=True,
    )
    said = cue(before, now, Words("bg"), FOUR_FACES).utterances
    assert [utterance.text for utterance in said] == ["А мястото?"]


def test_an_outbox_that_was_deleted_thanks_nobody(hall: Hall) -> None:
    """What is written into a deleted file is gone with the process."""
    for file in hall.path.parent.glob("outbox.db*"):
        file.unlink()
    hall.play(Press(button="face-4", id=uuid(1)))
    assert hall.state() == "out-of-order"
    assert "thanks" not in [signal for signal, _ in hall.signals]


def test_a_complaint_is_no_place_for_texts(hall: Hall) -> None:
    """Only what a heartbeat can carry is taken from a socket."""
    hall.front.take(Complaint(fault="x" * 10_000, is_present=True))
    hall.front.take(Complaint(fault="lacks-glyphs-ka", is_present=True))
    assert hall.health.faults == {"screen:lacks-glyphs-ka"}
