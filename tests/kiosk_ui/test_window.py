"""The touchscreen as it is: a window on a display of its own, real clicks and keys, a real socket.

The firmware is stood in for by the test, which speaks the protocol of :mod:`kiosk.scene`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from hardware.inbox import uptime_ms
from hardware.panel import Closure
from hardware.virtual import VirtualPanel
from kiosk.scene import Scene, Tongue, Touched, Unlock
from tests.fixtures.display import Display, display, wait_until
from tests.kiosk_ui.stand_in import StandIn
from tests.kiosk_ui.window import FACES, QUESTION, REASONS, Window

__all__ = ["display"]

ACCENT = (0x0B, 0x5D, 0x6B)
DARK = (0x0E, 0x16, 0x1B)
WORST = (0xE0, 0x76, 0x5C)
LAMP_OFF = (76, 84, 92)
LAMP_ON = (255, 219, 89)


@pytest.fixture
def firmware(tmp_path: Path) -> Iterator[StandIn]:
    """A firmware that says only what the test says."""
    made = StandIn(tmp_path / "screen.sock")
    yield made
    made.close()


@pytest.fixture
def window(tmp_path: Path, display: Display, firmware: StandIn) -> Iterator[Window]:
    """A screen that shows the first question, and was seen to."""
    made = Window(tmp_path, display)
    firmware.accept(QUESTION)
    wait_until(lambda: WORST in display.colours(), "the question is seen")
    display.wait_until_still()
    yield made
    made.end()


def see(window: Window, firmware: StandIn, scene: Scene) -> None:
    """Show ``scene``, and wait until it has been seen."""
    before = window.display.seen()
    firmware.show(scene)
    window.display.wait_until_changed(before)


def buttons(firmware: StandIn, count: int) -> list[str]:
    """The buttons that were touched, in order."""
    return [each.button for each in firmware.heard(count) if isinstance(each, Touched)]


def test_a_touch_is_told_at_once(window: Window, firmware: StandIn) -> None:
    """Each face gives its own button, with its time of the device and an id of its own."""
    began_ms = uptime_ms()
    for face in FACES:
        window.tap(QUESTION, face.button)
    heard = firmware.heard(4)
    assert [each.button for each in heard if isinstance(each, Touched)] == [
        face.button for face in FACES
    ]
    assert len({each.id for each in heard if isinstance(each, Touched)}) == 4
    for each in heard:
        assert isinstance(each, Touched)
        assert UUID(each.id).version == 7
        assert began_ms - 1 <= each.at_ms <= uptime_ms()
        assert each.input == "touch"


def test_it_counts_when_the_finger_comes_down(window: Window, firmware: StandIn) -> None:
    """Not when it is lifted: two seconds have to suffice."""
    rect = window.find(QUESTION, "face-2").rect
    window.display.press(rect.x + 20, rect.y + 20)
    assert buttons(firmware, 1) == ["face-2"]
    window.display.release()
    assert firmware.heard_all() == []


def test_a_new_scene_is_drawn_and_can_be_touched(window: Window, firmware: StandIn) -> None:
    """Reasons in place of faces."""
    see(window, firmware, REASONS)
    window.tap(REASONS, "option-3")
    window.tap(REASONS, "skip")
    assert buttons(firmware, 2) == ["option-3", "skip"]


def test_everything_by_keyboard(window: Window, firmware: StandIn) -> None:
    """Digits choose, arrows and Tab walk, Enter selects, L speaks another language."""
    window.display.key("1", "4", "Right", "Left", "Tab", "shift+Tab", "Return", "space", "h", "l")
    heard = firmware.heard(10)
    assert [(each.button, each.input) for each in heard if isinstance(each, Touched)] == [
        (button, "keyboard")
        for button in (
            *("face-1", "face-4", "next", "previous", "next", "previous"),
            *("select", "select", "help", "language-en"),
        )
    ]


def test_there_is_no_way_out(window: Window, firmware: StandIn) -> None:
    """No key ends it, opens anything, or is a press; F1 is help."""
    before = window.display.colours()
    window.display.key("Escape", "ctrl+c", "alt+F4", "F11", "F12", "super", "ctrl+alt+1", "F1")
    assert buttons(firmware, 1) == ["help"]
    assert firmware.heard_all() == []
    assert window.display.colours() == before
    assert window.process.poll() is None


@pytest.mark.parametrize("button", [2, 3, 4, 5])
def test_other_buttons_of_a_mouse_mean_nothing(
    window: Window, firmware: StandIn, button: int
) -> None:
    """No menu, no red dots, no press: neither the right button nor the wheel."""
    before = window.display.colours()
    rect = window.find(QUESTION, "face-2").rect
    window.display.click(rect.x + 20, rect.y + 20, button)
    assert firmware.heard_all() == []
    assert window.display.colours() == before


def test_a_press_lights_the_whole_frame(window: Window, firmware: StandIn) -> None:
    """The same for every value: who stands behind must not learn which."""
    edge = range(12)  # the picture moves by some pixels, to spare the glass
    sides = (
        [(x, 240) for x in edge],
        [(799 - x, 240) for x in edge],
        [(400, y) for y in edge],
        [(400, 479 - y) for y in edge],
    )

    def lit() -> list[bool]:
        return [any(window.display.colour_at(*at) == ACCENT for at in side) for side in sides]

    assert not any(lit())
    see(window, firmware, replace(QUESTION, number=2, is_pressed=True))
    assert all(lit())


def test_the_focus_has_a_ring(window: Window, firmware: StandIn) -> None:
    """At least three pixels, in a colour that stands out."""
    see(window, firmware, replace(QUESTION, number=2, focus="face-2"))
    rect = window.find(replace(QUESTION, focus="face-2"), "face-2").rect
    middle = rect.y + rect.height / 2
    inside = [window.display.colour_at(rect.x + step, middle) for step in range(-6, 16)]
    assert inside.count(ACCENT) >= 3


def test_a_warning_runs_out(window: Window, firmware: StandIn) -> None:
    """A bar gets shorter, and one touch asks for more time."""
    warned = replace(
        REASONS,
        number=3,
        warns_until_ms=int(uptime_ms()) + 4_000,
        warning="Още ли сте тук?",
        extend_text="Още време",
    )
    before = window.display.seen()
    firmware.show(warned)
    wait_until(lambda: window.display.seen() != before, "the warning is seen")
    full = _dark_pixels(window, warned)
    wait_until(lambda: _dark_pixels(window, warned) < full * 0.5, "the bar is half as long")
    window.tap(warned, "extend")
    assert buttons(firmware, 1) == ["extend"]


def _dark_pixels(window: Window, scene: Scene) -> int:
    """How much of the countdown is left, in pixels."""
    (bar,) = [item for item in window.arranged(scene) if item.role == "countdown"]
    y = bar.rect.y + bar.rect.height / 2
    return sum(
        window.display.colour_at(x, y) == ACCENT
        for x in range(int(bar.rect.x), int(bar.rect.right))
    )


def test_pages_are_turned_here(window: Window, firmware: StandIn) -> None:
    """The firmware need not know; another question begins with the first page again."""
    tags = ("bg", "en", "de", "ro", "tr", "el", "fr", "ru")
    many = replace(QUESTION, number=4, tongues=tuple(Tongue(tag, tag.upper()) for tag in tags))
    see(window, firmware, many)
    first, before = window.display.colours(), window.display.seen()
    window.tap(many, "page:1")
    window.display.wait_until_changed(before)
    assert firmware.heard_all() == []
    window.tap(many, "language-tr", page=1)
    assert buttons(firmware, 1) == ["language-tr"]
    see(window, firmware, REASONS)
    see(window, firmware, many)
    assert window.display.colours() == first


def test_the_corner_and_the_pin(window: Window, firmware: StandIn) -> None:
    """Held for five seconds it asks for the maintenance screen; digits are kept to ourselves."""
    rect = window.find(QUESTION, "corner").rect
    window.display.press(rect.x + rect.width / 2, rect.y + rect.height / 2)
    assert firmware.heard(1) == [Unlock()]
    window.display.release()
    asking = Scene(
        number=5, state="maintenance", language="bg", title="Поддръжка", text="PIN", asks_pin=True
    )
    see(window, firmware, asking)
    for key in ("1", "2", "9", "back", "3", "ok"):
        window.tap(asking, f"pin:{key}")
    assert firmware.heard(1) == [Unlock(pin="123")]
    window.display.key("4", "5", "6", "7", "Return")
    assert firmware.heard(1) == [Unlock(pin="4567")]


def test_a_screen_that_died_comes_back_with_the_right_scene(
    window: Window, firmware: StandIn, tmp_path: Path
) -> None:
    """Nothing is kept in it, so nothing is lost with it."""
    see(window, firmware, REASONS)
    before = window.display.colours()
    window.kill()
    again = Window(tmp_path, window.display)
    firmware.accept(REASONS)
    wait_until(lambda: window.display.colours() == before, "the same is seen again")
    again.end()


def test_without_the_firmware_it_is_out_of_order(
    window: Window, firmware: StandIn, tmp_path: Path
) -> None:
    """After three seconds it says so itself, and goes on as soon as the firmware is back."""
    before = window.display.colours()
    firmware.close()
    wait_until(lambda: WORST not in window.display.colours(), "the faces are gone")
    again = StandIn(tmp_path / "screen.sock")
    again.accept(QUESTION)
    wait_until(lambda: window.display.colours() == before, "the question is seen again")
    again.close()


def test_before_the_firmware_speaks_it_is_dark(
    tmp_path: Path, display: Display, firmware: StandIn
) -> None:
    """Not one word that nobody said; and it writes nothing into anybody's home."""
    window = Window(tmp_path, display)
    wait_until(lambda: display.colours() == {DARK}, "the screen is dark")
    firmware.accept()
    display.wait_until_still()
    assert display.colours() == {DARK}
    assert window.end() == 0
    assert list(window.home.rglob("*")) == []


def test_nonsense_does_not_end_it(window: Window, firmware: StandIn) -> None:
    """What can't be read is left out."""
    before = window.display.colours()
    firmware.say(b"\xff{}\n[1]\n" + b'{"type":"scene","number":"x"}\n')
    window.tap(QUESTION, "face-1")
    assert buttons(firmware, 1) == ["face-1"]
    assert window.display.colours() == before


def test_settings_that_are_missing_are_told(tmp_path: Path, display: Display) -> None:
    """One line that says what to do, and status 2."""
    window = Window(tmp_path, display, settings="[screen]\ndiagonal_in = 99\n")
    assert window.process.wait(20) == 2
    assert window.process.stderr is not None
    assert b"screen.diagonal_in" in window.process.stderr.read()
    window.end()


def test_a_drawn_panel_is_pressed_and_lights_up(tmp_path: Path, firmware: StandIn) -> None:
    """For people at a desktop: the mouse closes its contacts, its lamps light."""
    display = Display(tmp_path / "wide", 1020, 480)
    panel = VirtualPanel(("face-1", "face-2"), path=tmp_path / "panel.sock")
    options = ("--window", "800x480", "--panel", str(tmp_path / "panel.sock"))
    window = Window(tmp_path, display, *options)
    firmware.accept(QUESTION)
    wait_until(lambda: _look(panel, display, LAMP_OFF), "the panel is drawn")
    assert LAMP_ON not in display.colours()
    assert display.colour_at(12, 470) == display.colour_at(788, 470)  # its signs are on it only
    display.press(855, 120)  # a click without any length is a spike, not a press
    (closure,) = _pressed(panel)
    display.release()
    assert (closure.button, closure.input) == ("face-1", "button")
    panel.show("pressed", closure.id)
    wait_until(lambda: _look(panel, display, LAMP_ON), "the lamps are lit")
    window.end()
    panel.close()
    display.close()


def _look(panel: VirtualPanel, display: Display, colour: tuple[int, int, int]) -> bool:
    panel.wait(0.02)  # it greets, and hears, while it waits
    return colour in display.colours()


def _pressed(panel: VirtualPanel) -> list[Closure]:
    closures: list[Closure] = []

    def is_pressed() -> bool:
        closures.extend(each for each in panel.wait(0.1) if isinstance(each, Closure))
        return bool(closures)

    wait_until(is_pressed, "the button is pressed")
    return closures
