"""The visitor's side with the virtual panel and a real outbox, in simulated time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from broker.wire.codec import write
from broker.wire.messages import VERSION, Command
from hardware.board import find_board, shipped_boards
from hardware.buttons import Edge, Press
from hardware.panel import FOUR_FACES
from hardware.virtual.script import hold, press_two
from kiosk.scene import Touched
from tests.kiosk.builders import ONE, configured, rated, uuid
from tests.kiosk.full_disk import no_room
from tests.kiosk.reception import Hall

FIVE, YES_NO = rated("faces-5"), rated("yes-no")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what a test began."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def hall(tmp_path: Path, stack: ExitStack) -> Hall:
    """A kiosk without a network."""
    return Hall(tmp_path, stack)


def test_a_press_is_kept_and_then_thanked_for(hall: Hall) -> None:
    """The light at once; thanks when the 50 ms and the panel's own delay are over."""
    hall.play(Press(button="face-4", id=uuid(1)), seconds=4)
    assert hall.signals == [("pressed", uuid(1)), ("thanks", uuid(1)), ("idle", None)]
    assert hall.kept == [uuid(1)]
    assert 50 <= hall.shown[1].at_ms - hall.shown[0].at_ms <= 70


@pytest.mark.parametrize("apart_ms", [0, 5, 40, 49])
def test_two_at_once_are_void_even_through_the_debouncer(hall: Hall, apart_ms: float) -> None:
    """The second closure is known 8 ms after its edge; the commit waits for that."""
    later = Edge(button="face-2", is_closed=True, id=uuid(2), after_ms=apart_ms)
    hall.play(*hold("face-1", uuid(1), for_ms=100), later)
    assert hall.kept == []
    assert "thanks" not in [signal for signal, _ in hall.signals]


def test_two_sixty_ms_apart_both_count(hall: Hall) -> None:
    """The second is another value, so a correction."""
    hall.play(*press_two(("face-4", uuid(1)), ("face-3", uuid(2)), 60))
    assert hall.kept == [uuid(1), uuid(2)]


def test_a_follow_up_is_asked_and_answered(hall: Hall) -> None:
    """The built-in survey asks unhappy visitors why."""
    hall.play(Press(button="face-1", id=uuid(1)), seconds=2)
    hall.play(Press(button="option-2", id=uuid(2)), seconds=5)
    assert [signal for signal, _ in hall.signals] == [
        "pressed",
        "thanks",
        "pressed",
        "thanks",
        "idle",
    ]
    assert hall.kept == [uuid(1), uuid(2)]


def test_a_panel_without_options_is_not_asked_for_reasons(tmp_path: Path, stack: ExitStack) -> None:
    """Shipped boards have faces only: an unhappy visitor is thanked, and that is all."""
    hall = Hall(tmp_path, stack, FOUR_FACES)
    hall.play(Press(button="face-1", id=uuid(1)), seconds=25)
    assert [signal for signal, _ in hall.signals] == ["pressed", "thanks", "idle"]
    assert hall.kept == [uuid(1)]
    assert hall.health.faults == frozenset()


def test_faces_that_a_survey_needs_and_the_panel_lacks_are_a_fault(
    tmp_path: Path, stack: ExitStack
) -> None:
    """From when the survey is taken up until another one is."""
    hall = Hall(tmp_path, stack, ("face-0", "face-1"))
    assert hall.health.faults == frozenset()
    hall.configuration.offer(write(configured(ONE, revision=1)))
    hall.run(1)
    lacking = {"panel:lacks-face-2", "panel:lacks-face-3", "panel:lacks-face-4"}
    assert hall.health.faults == lacking
    hall.configuration.offer(write(configured(FIVE, revision=2)))
    hall.run(1)
    assert hall.health.faults == {*lacking, "panel:lacks-face-5"}
    hall.configuration.offer(write(configured(YES_NO, revision=3)))
    hall.run(1)
    assert hall.health.faults == frozenset()


def test_half_a_scale_is_never_offered(tmp_path: Path, stack: ExitStack) -> None:
    """On a panel of "no" and "yes", four faces would take every "yes" for "very bad"."""
    hall = Hall(tmp_path, stack, ("face-0", "face-1"))
    hall.configuration.offer(write(configured(ONE, revision=1)))
    hall.run(1)
    assert (hall.state(), hall.last_signal()) == ("not-set-up", ("not-set-up", None))
    assert hall.scene.text.startswith("На панела липсват бутони за тази анкета.")
    hall.play(Press(button="face-1", id=uuid(1)), seconds=5)
    assert hall.kept == []
    assert hall.last_signal() == ("not-set-up", None)
    hall.configuration.offer(write(configured(YES_NO, revision=2)))
    hall.run(1)
    assert (hall.state(), hall.last_signal()) == ("idle", ("idle", None))
    hall.play(Press(button="face-1", id=uuid(2)))
    assert hall.kept == [uuid(2)]


def test_a_screen_or_headphones_give_what_the_panel_lacks(tmp_path: Path, stack: ExitStack) -> None:
    """While they are there, and no longer."""
    hall = Hall(tmp_path, stack, has_screen=True)
    hall.configuration.offer(write(configured(FIVE, revision=1)))
    hall.run(1)
    assert hall.state() == "idle"
    hall.has_screen = False
    hall.run(6)
    assert hall.state() == "not-set-up"
    hall.play(Press(button="face-1", id=uuid(1)))
    assert hall.kept == []
    hall.panel.set_plug("headphones", is_in=True)
    hall.run(1)
    assert hall.state() == "idle"
    hall.has_screen = True
    hall.panel.set_plug("headphones", is_in=False)
    hall.touch("face-5", uuid(2))
    assert hall.kept == [uuid(2)]


@pytest.mark.parametrize("board", sorted(shipped_boards()))
def test_every_shipped_panel_serves_at_once(board: str, tmp_path: Path, stack: ExitStack) -> None:
    """With the built-in survey, without any fault; each of its faces is a value."""
    buttons = tuple(find_board(board).buttons)
    hall = Hall(tmp_path, stack, buttons, has_screen=board == "otziv-touch-stand")
    faces = sorted(button for button in buttons if button.startswith("face-"))
    for number, face in enumerate(faces):
        hall.play(Press(button=face, id=uuid(number)), seconds=90)
    assert hall.state() == "idle"
    assert hall.health.faults == frozenset()
    assert set(hall.kept) >= {uuid(number) for number, _ in enumerate(faces)}


def test_a_touch_that_is_kept_already_is_thanked_again(hall: Hall) -> None:
    """A screen that sends twice must not put the kiosk out of order, nor be counted twice."""
    hall.touch("face-4", uuid(1))
    hall.touch("face-3", uuid(1), seconds=2)
    assert hall.kept == [uuid(1)]
    assert hall.last_signal() == ("thanks", uuid(1))
    assert hall.health.faults == frozenset()


@pytest.mark.parametrize("away_ms", [-(10**15), -3_600_000, -6_000, 6_000, 3_600_000, 10**15])
def test_a_touch_with_a_wrong_clock_is_of_now(hall: Hall, away_ms: int) -> None:
    """Its vote counts, and cannot be dated at will."""
    now_ms = int(hall.clock.uptime)
    hall.front.take(Touched(button="face-4", at_ms=now_ms + away_ms, id=uuid(1)))
    hall.run(1)
    with closing(sqlite3.connect(hall.path)) as connection:
        assert connection.execute("SELECT uptime_ms FROM event").fetchall() == [(now_ms,)]


@pytest.mark.parametrize("button", ["face-99", "nonsense", "option-77", "language-xx"])
def test_a_button_that_there_is_not_does_nothing(hall: Hall, button: str) -> None:
    """No light, no tone; not even while something is asked."""
    hall.touch(button, uuid(1))
    assert hall.signals == []
    hall.play(Press(button="face-1", id=uuid(2)))
    hall.shown.clear()
    hall.touch(button, uuid(3))
    assert (hall.signals, hall.kept) == ([], [uuid(2)])


def test_the_relay_is_woken_at_each_commit(hall: Hall) -> None:
    """So that a press is under way at once."""
    before = hall.commits
    hall.play(Press(button="face-4", id=uuid(1)))
    assert hall.commits == before + 1


def test_without_a_commit_there_are_no_thanks(hall: Hall) -> None:
    """Out of order instead; by itself in order again when the outbox works."""
    with no_room():
        hall.play(Press(button="face-4", id=uuid(1)), seconds=7)
    assert hall.signals == [("pressed", uuid(1)), ("out-of-order", None)]
    assert hall.kept == []
    hall.run(6)
    assert hall.last_signal() == ("idle", None)
    hall.play(Press(button="face-4", id=uuid(2)))
    assert hall.kept == [uuid(2)]
    assert hall.last_signal() == ("thanks", uuid(2))


def test_a_press_while_out_of_order_is_tried(hall: Hall) -> None:
    """If it can be kept it counts, and the kiosk is in order again."""
    with no_room():
        hall.play(Press(button="face-4", id=uuid(1)))
    hall.play(Press(button="face-4", id=uuid(2)))
    assert hall.kept == [uuid(2)]
    assert hall.last_signal() == ("thanks", uuid(2))


def test_faults_of_the_panel_reach_the_heartbeat(hall: Hall) -> None:
    """A stuck key, a dead lamp; and gone again when they are whole."""
    hall.panel.set_lamp("lamp-2", is_dead=True)
    hall.run(1)
    assert hall.health.faults == {"lamp-2:dead"}
    hall.panel.set_lamp("lamp-2", is_dead=False)
    hall.run(1)
    assert hall.health.faults == frozenset()


def test_a_new_configuration_waits_until_nobody_is_here(hall: Hall) -> None:
    """Nobody is asked half of one survey and half of another."""
    hall.play(Press(button="face-1", id=uuid(1)), seconds=1)
    hall.configuration.offer(write(configured(ONE, revision=7)))
    hall.play(Press(button="option-1", id=uuid(2)), seconds=1)
    assert hall.health.configuration == 0
    hall.run(5)
    assert hall.health.configuration == 7
    hall.play(Press(button="face-1", id=uuid(3)), seconds=1)
    assert hall.kept == [uuid(1), uuid(2), uuid(3)]
    assert hall.last_signal() == ("thanks", uuid(3))


def _identify(expires_in_s: int) -> Command:
    return Command(v=VERSION, id="c0ffee00", name="identify", expires_in_s=expires_in_s)


def test_identify_lights_the_panel_when_nobody_is_here(hall: Hall) -> None:
    """For three seconds, so that people see which kiosk it is."""
    hall.front.identify(_identify(60))
    hall.run(5)
    assert hall.signals == [("identify", None), ("idle", None)]


def test_identify_is_dropped_when_it_comes_too_late(hall: Hall) -> None:
    """A visitor was here until it was worth nothing any more."""
    hall.play(Press(button="face-1", id=uuid(1)), seconds=1)
    hall.front.identify(_identify(5))
    hall.run(60)
    assert [signal for signal, _ in hall.signals] == ["pressed", "thanks", "idle"]
