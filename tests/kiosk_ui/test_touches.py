"""What fingers mean: one at a time, two at once, palms, resting hands, and the corner."""

from __future__ import annotations

import pytest

from kiosk.ui.glass import Rect
from kiosk.ui.item import Arrangement, Item
from kiosk.ui.touches import CORNER_MS, REACTION_MS, STUCK_MS, Touches

LATER_MS = 10_000.0
"""Long after the glass was arranged."""


def glass(*targets: str) -> Arrangement:
    """Things side by side, each 100 wide, from x = 0; an empty name leaves a gap."""
    return Arrangement(
        items=tuple(
            Item(role="choice", rect=Rect(100 * number, 0, 100, 100), target=target)
            for number, target in enumerate(targets)
        )
    )


@pytest.fixture
def touches() -> Touches:
    """A glass with three faces, a gap, and the corner."""
    touches = Touches()
    touches.arrange(glass("face-1", "face-2", "face-3", "", "corner"), 0)
    return touches


def test_a_finger_counts_when_it_comes_down(touches: Touches) -> None:
    """Nobody has to let go first."""
    assert touches.down("a", 50, 50, LATER_MS) == ["face-1"]


def test_empty_glass_means_nothing(touches: Touches) -> None:
    """A finger beside everything is no press."""
    assert touches.down("a", 350, 50, LATER_MS) == []


def test_sliding_means_nothing_more(touches: Touches) -> None:
    """A finger that slides from one face to the next pressed the first one only."""
    touches.down("a", 50, 50, LATER_MS)
    touches.move("a", 150, 50)
    assert touches.is_corner_held(LATER_MS) is False


@pytest.mark.parametrize("apart_ms", [60, 600, 9_000])
def test_others_wait_while_a_finger_rests(touches: Touches, apart_ms: float) -> None:
    """One hand at a time: what comes beside a resting finger means nothing."""
    touches.down("a", 50, 50, LATER_MS)
    assert touches.down("b", 150, 50, LATER_MS + apart_ms) == []
    touches.up("a")
    assert touches.down("c", 250, 50, LATER_MS + apart_ms + 1) == ["face-3"]


def test_a_finger_that_never_lifts_holds_nobody_up(touches: Touches) -> None:
    """A drop of water on a face is a stuck button: the others go on."""
    touches.down("drop", 50, 50, LATER_MS)
    assert touches.down("b", 150, 50, LATER_MS + STUCK_MS) == ["face-2"]


def test_a_hand_on_empty_glass_holds_nobody_up(touches: Touches) -> None:
    """One may lean on the screen."""
    touches.down("hand", 350, 50, LATER_MS)
    assert touches.down("b", 150, 50, LATER_MS + 1_000) == ["face-2"]


def test_two_things_at_once_are_both_passed_on(touches: Touches) -> None:
    """Less than 50 ms apart: the session makes both void, as it does with buttons."""
    assert touches.down("a", 50, 50, LATER_MS) == ["face-1"]
    assert touches.down("b", 150, 50, LATER_MS + 49) == ["face-2"]


def test_two_fingers_on_one_thing_are_one_press(touches: Touches) -> None:
    """Index and middle finger together mean the face that they touch."""
    assert touches.down("a", 50, 50, LATER_MS) == ["face-1"]
    assert touches.down("b", 60, 50, LATER_MS + 20) == []


def test_a_palm_on_one_face_is_made_void(touches: Touches) -> None:
    """The face was passed on already, so a second button makes it void."""
    assert touches.down("a", 50, 50, LATER_MS) == ["face-1"]
    assert touches.down("b", 350, 50, LATER_MS + 10) == []
    assert touches.down("c", 60, 60, LATER_MS + 20) == ["extend"]


def test_a_palm_over_two_faces_is_void_already(touches: Touches) -> None:
    """The session needs no third button to know."""
    touches.down("a", 50, 50, LATER_MS)
    touches.down("b", 150, 50, LATER_MS + 10)
    assert touches.down("c", 250, 50, LATER_MS + 20) == []


def test_a_palm_that_begins_beside_presses_nothing(touches: Touches) -> None:
    """Two contacts on empty glass, then a face: too many to be meant."""
    touches.down("a", 350, 50, LATER_MS)
    touches.down("b", 360, 50, LATER_MS + 5)
    assert touches.down("c", 50, 50, LATER_MS + 10) == []


def test_after_a_palm_nothing_counts_until_it_has_gone(touches: Touches) -> None:
    """A palm that rolls over the glass makes more contacts; they mean nothing."""
    for finger, x in (("a", 350), ("b", 360), ("c", 370)):
        touches.down(finger, x, 50, LATER_MS)
    assert touches.down("d", 50, 50, LATER_MS + 400) == []
    for finger in "abcd":
        touches.up(finger)
    assert touches.down("e", 50, 50, LATER_MS + 800) == ["face-1"]


def test_a_double_tap_is_the_same_face_twice(touches: Touches) -> None:
    """The reason that appeared under the finger was not seen yet."""
    touches.down("a", 50, 50, LATER_MS)
    touches.up("a")
    touches.arrange(glass("option-1", "option-2"), LATER_MS + 70)
    assert touches.down("b", 50, 50, LATER_MS + 200) == ["face-1"]


def test_what_has_been_seen_can_be_answered(touches: Touches) -> None:
    """After the time that eye and hand need, a touch means what stands there."""
    touches.arrange(glass("option-1", "option-2"), LATER_MS)
    assert touches.down("a", 50, 50, LATER_MS + REACTION_MS) == ["option-1"]


def test_glasses_in_quick_succession_leave_the_one_that_was_seen(touches: Touches) -> None:
    """Three changes within 300 ms: the touch is still for what stood there before."""
    for number, after_ms in enumerate((0, 100, 200)):
        touches.arrange(glass(f"option-{number}"), LATER_MS + after_ms)
    assert touches.down("a", 50, 50, LATER_MS + 250) == ["face-1"]


def test_the_same_places_drawn_anew_are_not_new(touches: Touches) -> None:
    """A lit frame, or a hint that changes, does not make the faces strangers."""
    touches.arrange(glass("face-1", "face-2", "face-3", "", "corner"), LATER_MS)
    assert touches.down("a", 150, 50, LATER_MS + 1) == ["face-2"]


def test_the_first_glass_counts_at_once() -> None:
    """There was nothing before it that could have been meant."""
    touches = Touches()
    touches.arrange(glass("face-1"), 0)
    assert touches.down("a", 50, 50, 1) == ["face-1"]


def test_before_the_first_glass_nothing_is_meant() -> None:
    """A dark screen has no buttons."""
    assert Touches().down("a", 50, 50, 1) == []


def test_the_corner_opens_when_it_is_held(touches: Touches) -> None:
    """Five seconds, said once; touching it is no press."""
    assert touches.down("a", 450, 50, LATER_MS) == []
    assert not touches.is_corner_held(LATER_MS + CORNER_MS - 1)
    assert touches.is_corner_held(LATER_MS + CORNER_MS)
    assert not touches.is_corner_held(LATER_MS + CORNER_MS + 16)


@pytest.mark.parametrize("how", ["lifted", "slid"])
def test_the_corner_does_not_open_for_a_finger_that_left(touches: Touches, how: str) -> None:
    """A short touch, or one that slides off, is no key."""
    touches.down("a", 450, 50, LATER_MS)
    if how == "lifted":
        touches.up("a")
    else:
        touches.move("a", 350, 50)
    assert not touches.is_corner_held(LATER_MS + CORNER_MS)


def test_a_hand_at_the_corner_holds_nobody_up(touches: Touches) -> None:
    """One holds the corner, another one may press."""
    touches.down("a", 450, 50, LATER_MS)
    assert touches.down("b", 150, 50, LATER_MS + 1_000) == ["face-2"]
