"""Nothing burns in, nothing is pushed off the glass, and the light follows what happens."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest

from kiosk.ui.care import (
    BRIGHT,
    DARK,
    REST_AFTER_MS,
    RESTING,
    STEP_MS,
    brightness,
    most_shift,
    shift,
)
from kiosk.ui.glass import Rect
from kiosk.ui.layout import arrange
from tests.kiosk_ui.scenes import GLASSES, glass, idle, measure, plain_scenes


@pytest.mark.parametrize("name", GLASSES)
def test_the_picture_wanders_one_pixel_at_a_time(name: str) -> None:
    """It visits every place within its reach, never jumps, and does so for ever."""
    here = glass(name)
    side = 2 * most_shift(here) + 1
    places = [shift(minute * STEP_MS, here) for minute in range(2 * side * side + 1)]
    assert len(set(places)) == side * side
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) <= 1 for a, b in pairwise(places))


@pytest.mark.parametrize("name", GLASSES)
def test_no_target_is_pushed_off_the_glass(name: str) -> None:
    """Wherever the picture stands, all that visitors touch is on the glass."""
    here = glass(name)
    reach = most_shift(here)
    assert reach >= 1
    for item in arrange(idle(), here, measure=measure).items:
        if item.target and item.role != "corner":
            for dx, dy in ((-reach, -reach), (reach, reach)):
                moved = item.rect.moved(dx, dy)
                assert _is_inside(moved, here.rect)


def test_it_is_bright_while_somebody_is_there() -> None:
    """A touch makes the picture bright at once; a question stays bright as long as it is asked."""
    asked = msgspec.structs.replace(idle(), state="asking")
    assert brightness(idle(), 0) == BRIGHT
    assert brightness(asked, 10 * REST_AFTER_MS) == BRIGHT


def test_it_rests_and_sleeps() -> None:
    """After five quiet minutes it rests; out of hours it is dark, but not out."""
    closed = plain_scenes()["out-of-hours"]
    assert brightness(idle(), REST_AFTER_MS - 1) == BRIGHT
    assert brightness(idle(), 2 * REST_AFTER_MS) == pytest.approx(RESTING)
    assert brightness(closed, 0) == BRIGHT
    assert DARK < brightness(closed, 1_000) < BRIGHT
    assert brightness(closed, 3_000) == pytest.approx(DARK)


def _is_inside(rect: Rect, glass_rect: Rect) -> bool:
    return (
        rect.x >= 0
        and rect.y >= 0
        and rect.right <= glass_rect.right
        and rect.bottom <= glass_rect.bottom
    )
