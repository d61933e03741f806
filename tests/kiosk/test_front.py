"""The visitor's side with the virtual panel and a real outbox, in simulated time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from broker.wire.codec import write
from broker.wire.messages import VERSION, Command
from hardware.buttons import Edge, Press
from hardware.panel import FOUR_FACES
from hardware.virtual.script import hold, press_two
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
        "ask",
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
    lacking = {"panel:lacks-face-2", "panel:lacks-face-3", "panel:lacks-face-4"}
    assert hall.health.faults == lacking
    hall.configuration.offer(write(configured(FIVE, revision=2)))
    hall.run(1)
    assert hall.health.faults == {*lacking, "panel:lacks-face-5"}
    hall.configuration.offer(write(configured(YES_NO, revision=3)))
    hall.run(1)
    assert hall.health.faults == frozenset()


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
    assert hall.signals == [("ask", None), ("idle", None)]


def test_identify_is_dropped_when_it_comes_too_late(hall: Hall) -> None:
    """A visitor was here until it was worth nothing any more."""
    hall.play(Press(button="face-1", id=uuid(1)), seconds=1)
    hall.front.identify(_identify(5))
    hall.run(60)
    assert [signal for signal, _ in hall.signals] == ["pressed", "thanks", "ask", "warn", "idle"]
