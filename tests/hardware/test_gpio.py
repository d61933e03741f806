"""What is the GPIO panel's own: lamps, buzzer, initial levels, pins; on gpiozero's mock pins."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin

from hardware.board import Board, find_board
from hardware.gpio import GpioPanel, open_factory
from hardware.open import GpioSettings, VirtualSettings, open_panel
from hardware.panel import LIT, Fault, PanelError, Signal
from tests.hardware.bench import HandClock

BOARD = find_board("otziv-panel-4")


class JammedPin(MockPin):  # type: ignore[misc]  # gpiozero comes without types
    """A pin that a jammed key holds at ground, whatever pulls it up."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self.drive_low()


@pytest.fixture
def factory() -> MockFactory:
    """Pins that a test drives."""
    return MockFactory()


@pytest.fixture
def panel(factory: MockFactory) -> Iterator[GpioPanel]:
    """The panel of four on these pins."""
    made = GpioPanel(BOARD, pin_factory=factory)
    yield made
    made.close()


def lit(factory: MockFactory) -> set[bool]:
    """The levels of all lamps."""
    return {bool(factory.pin(pin).state) for pin in BOARD.lamps.values()}


@pytest.mark.parametrize("signal", ["pressed", "thanks", "void", "idle", "out-of-order"])
def test_all_lamps_act_together(panel: GpioPanel, factory: MockFactory, signal: Signal) -> None:
    """The lamps are all lit or all dark, whatever was pressed."""
    panel.show("pressed", "a")
    panel.show(signal, "a")
    assert lit(factory) == {signal in LIT}


def test_asking_blinks_until_something_else_is_shown(
    panel: GpioPanel, factory: MockFactory
) -> None:
    """While asking, lamps go dark and light in turns; ``idle`` ends it."""
    panel.show("ask")
    end_s = time.monotonic() + 20
    seen: set[bool] = set()
    while seen != {True, False}:
        assert time.monotonic() < end_s
        seen |= lit(factory)
        time.sleep(0.01)
    panel.show("idle")
    assert lit(factory) == {False}


def test_the_buzzer_sounds_once(panel: GpioPanel, factory: MockFactory) -> None:
    """Thanks sound one tone, which ends by itself."""
    assert BOARD.buzzer is not None
    pin = factory.pin(BOARD.buzzer)
    pin.clear_states()
    panel.show("thanks", "a")
    end_s = time.monotonic() + 20
    while [state.state for state in pin.states][1:] != [True, False]:
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_a_key_that_is_down_at_the_start_is_no_press(factory: MockFactory) -> None:
    """A key jammed over a restart is a fault after 10 s, and never a closure."""
    clock = HandClock()
    factory.pin(BOARD.buttons["face-2"], pin_class=JammedPin)
    panel = GpioPanel(BOARD, pin_factory=factory, uptime=clock.uptime)
    assert panel.wait(0) == []
    clock.sleep(10)
    assert panel.wait(0) == [Fault("face-2", "stuck", is_present=True)]
    panel.close()


def test_neither_threads_nor_global_state(factory: MockFactory) -> None:
    """A panel starts no thread of its own, and leaves gpiozero's global pin factory alone."""
    before = threading.active_count()
    panel = GpioPanel(BOARD, pin_factory=factory)
    assert threading.active_count() == before
    assert Device.pin_factory is None
    panel.close()


def test_close_puts_the_lights_out_and_frees_the_pins(factory: MockFactory) -> None:
    """After ``close`` the same pins can be taken again."""
    panel = GpioPanel(BOARD, pin_factory=factory)
    panel.show("thanks")
    panel.close()
    again = GpioPanel(BOARD, pin_factory=factory)
    assert lit(factory) == {False}
    again.close()


def test_a_pin_in_use_is_a_clear_error(factory: MockFactory) -> None:
    """Two lamps on one pin: the error names the board, and the pins taken are free again."""
    twice = Board(title="Twice", buttons={"face-1": 5}, lamps={"lamp-1": 12, "lamp-2": 12})
    with pytest.raises(PanelError, match=r"Twice: .*in use"):
        GpioPanel(twice, pin_factory=factory)
    GpioPanel(BOARD, pin_factory=factory).close()


def test_without_pins_the_error_says_what_to_do() -> None:
    """On a machine without GPIO, opening the pins says so and names the way out."""
    with pytest.raises(PanelError, match="choose the virtual panel"):
        open_factory()
    with pytest.raises(PanelError, match="no GPIO pins here"):
        open_panel(GpioSettings())


def test_a_virtual_kiosk_never_loads_gpiozero(tmp_path: Path, project: Path) -> None:
    """Opening a virtual panel from settings leaves gpiozero and the pin maps unloaded."""
    program = (
        "import sys; from pathlib import Path\n"
        "from hardware.open import VirtualSettings, open_panel\n"
        f"open_panel(VirtualSettings(path=Path({str(tmp_path / 'p.sock')!r}))).close()\n"
        "print([name for name in sys.modules if name.startswith(('gpiozero', 'hardware.board'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_settings_of_a_virtual_panel_name_its_buttons(tmp_path: Path) -> None:
    """The buttons given in the settings are the panel's."""
    settings = VirtualSettings(path=tmp_path / "panel.sock", buttons=("face-0", "face-1"))
    panel = open_panel(settings)
    assert panel.buttons == ("face-0", "face-1")
    panel.close()
    assert not settings.path.exists()
