"""What the screen settles by itself: pages, digits, turns, and the time that a warning gives."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.scene import IdleText, Leave, Scene, TestYourself, Touched, Unlock
from kiosk.ui.glass import Glass
from kiosk.ui.view import MAX_PIN, TURN_MS, View
from tests.kiosk_ui.window import QUESTION, REASONS, measure

GLASS = Glass(800, 480, diagonal_in=7.0)
PIN = Scene(number=1, state="maintenance", language="bg", title="Поддръжка", asks_pin=True)
IDLE = replace(
    QUESTION, idle_texts=(IdleText(lead="Казахте", text="А"), IdleText(lead="Казахте", text="Б"))
)


@pytest.fixture
def view() -> View:
    """A view of the first question."""
    view = View(new_id=lambda: "id-1")
    view.show(QUESTION, 0)
    return view


def test_a_choice_is_told(view: View) -> None:
    """With its time and an id."""
    touched = Touched(button="face-2", at_ms=1_234, id="id-1", input="keyboard")
    assert view.take("face-2", 1_234.7, "keyboard") == touched


@pytest.mark.parametrize(("target", "gesture"), [("leave", Leave()), ("self-test", TestYourself())])
def test_buttons_of_the_maintenance_screen(view: View, target: str, gesture: object) -> None:
    """They are no presses."""
    assert view.take(target, 0, "touch") == gesture


def test_digits_are_kept_until_they_are_a_pin(view: View) -> None:
    """Only the whole PIN is told, and then forgotten."""
    view.show(PIN, 0)
    keys = ("1", "2", "back", "3")
    assert [view.take(f"pin:{key}", 0, "touch") for key in keys] == [None] * 4
    assert view.take("pin:ok", 0, "touch") == Unlock(pin="13")
    assert view.take("pin:ok", 0, "touch") is None


def test_a_pin_has_an_end(view: View) -> None:
    """A child that goes on typing fills no memory."""
    view.show(PIN, 0)
    for _ in range(100):
        view.take("pin:1", 0, "touch")
    assert view.take("pin:ok", 0, "touch") == Unlock(pin="1" * MAX_PIN)


def test_who_walks_away_leaves_no_digits(view: View) -> None:
    """The next one begins anew."""
    view.show(PIN, 0)
    view.take("pin:1", 0, "touch")
    view.show(QUESTION, 1)
    view.show(PIN, 2)
    assert view.take("pin:ok", 3, "touch") is None


def test_the_same_scene_again_changes_nothing(view: View) -> None:
    """Nothing is drawn anew for what is only counted or heard."""
    assert not view.show(replace(QUESTION, number=9, thanked=3, chosen="Добре"), 1)
    assert view.show(replace(QUESTION, number=10, is_pressed=True), 2)


def test_idle_texts_take_turns(view: View) -> None:
    """Each is shown for eight seconds; the turn begins anew with each visitor."""
    view.show(REASONS, 500)
    view.show(IDLE, 1_000)
    assert not view.show(IDLE, 1_000 + TURN_MS - 1)
    assert view.show(IDLE, 1_000 + TURN_MS)
    shown = view.arrange(GLASS, measure)
    assert any("Б" in item.text for item in shown.items)


def test_one_idle_text_has_no_turns(view: View) -> None:
    """A screen on which nothing changes is not drawn anew."""
    one = replace(IDLE, idle_texts=IDLE.idle_texts[:1])
    view.show(one, 0)
    assert not view.show(one, 10 * TURN_MS)


def test_a_page_lasts_as_long_as_its_question(view: View) -> None:
    """A press that is felt does not turn the page back; another question does."""
    view.take("page:1", 0, "touch")
    view.show(replace(QUESTION, is_pressed=True), 1)
    assert view.page == 1
    view.show(REASONS, 2)
    assert view.page is None


def test_a_warning_counts_down(view: View) -> None:
    """From when it was seen first, to when it ends."""
    assert view.time_left(0) is None
    view.show(replace(REASONS, warns_until_ms=20_000), 10_000)
    assert [view.time_left(at_ms) for at_ms in (10_000, 15_000, 20_000)] == [1.0, 0.5, 0.0]
    view.show(REASONS, 16_000)
    assert view.time_left(16_000) is None


def test_before_the_first_scene_there_is_nothing() -> None:
    """Dark, and without a word."""
    arranged = View(new_id=str).arrange(GLASS, measure)
    assert (arranged.items, arranged.scheme) == ((), "dark")
