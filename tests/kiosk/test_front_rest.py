"""A kiosk that stands nowhere takes nothing, whatever else is the matter with it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.wire.codec import write
from broker.wire.configuration import Configuration
from hardware.buttons import Press
from hardware.panel import FOUR_FACES
from kiosk.built_in import built_in_configuration
from tests.kiosk.builders import uuid
from tests.kiosk.full_disk import no_room
from tests.kiosk.reception import Hall


def _built_in(revision: int = 1) -> Configuration:
    return replace(built_in_configuration("desk-1"), revision=revision)


@pytest.fixture
def hall(tmp_path: Path, stack: ExitStack) -> Hall:
    """A hall with four buttons and a touchscreen."""
    return Hall(tmp_path, stack, FOUR_FACES, has_screen=True)


def test_a_kiosk_that_stands_nowhere_takes_nothing(hall: Hall) -> None:
    """In an office drawer, or retired: whoever tries it there votes for no place."""
    hall.configuration.offer(write(replace(_built_in(), is_resting=True)))
    hall.run(60)
    assert (hall.state(), hall.scene.is_dim) == ("out-of-hours", True)
    hall.play(Press(button="face-4", id=uuid(1)))
    assert hall.kept == []
    hall.configuration.offer(write(replace(_built_in(), revision=9)))
    hall.run(60)
    hall.play(Press(button="face-4", id=uuid(2)))
    assert hall.kept == [uuid(2)]


def test_nobody_begins_after_the_visitor_who_is_here_when_the_kiosk_is_to_rest(hall: Hall) -> None:
    """They end it, and may correct themselves; pressing on keeps no device in the drawer voting."""
    hall.touch("face-1", uuid(1))
    assert hall.state() == "follow-up"
    hall.configuration.offer(write(replace(_built_in(), is_resting=True)))
    hall.touch("option-2", uuid(2), seconds=0.5)
    for number in range(3, 9):
        hall.touch("face-4", uuid(number), seconds=4 if number == 3 else 0.7)
    assert [event["kind"] for event in hall.events] == ["rating", "answer", "correction"]
    hall.run(60)
    assert hall.state() == "out-of-hours"
    hall.touch("face-4", uuid(9))
    assert hall.kept == [uuid(1), uuid(2), uuid(3)]


def test_a_kiosk_that_is_to_rest_does_so_out_of_order_too(hall: Hall) -> None:
    """A press finds out whether the outbox can commit again, so it must not come through."""
    with no_room():
        hall.touch("face-4", uuid(1))
    assert hall.state() == "out-of-order"
    hall.configuration.offer(write(replace(_built_in(), is_resting=True)))
    hall.run(1)
    assert hall.state() == "out-of-hours"
    hall.touch("face-4", uuid(2))
    assert hall.kept == []


def test_a_kiosk_that_rests_says_so_without_a_clock(hall: Hall) -> None:
    """It is set up: whoever read that it isn't would enrol it anew."""
    hall.clock.is_synced = False
    hall.configuration.offer(write(replace(_built_in(), is_resting=True)))
    hall.run(60)
    assert (hall.state(), hall.scene.title) == ("out-of-hours", "В момента е затворено")
