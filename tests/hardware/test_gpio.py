"""What is the GPIO panel's own: lamps, buzzer, initial levels, pins; on gpiozero's mock pins."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import msgspec
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from hardware.board import Board, find_board
from hardware.gpio import BEEP_S, BLINK_S, GpioPanel, open_factory
from hardware.open import GpioSettings, NoPanelSettings, VirtualSettings, open_panel
from hardware.panel import LIT, TACTILE_KEYS, Closure, Fault, PanelError, Plug, Signal
from tests.hardware.bench import Bench, HandClock, HandFactory, HandPin, JammedPin

BOARD = find_board("otziv-panel-4")
KEYS = find_board("otziv-panel-4-keys")


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


@pytest.mark.parametrize("signal", sorted(get_args(Signal)))
def test_all_lamps_act_together(panel: GpioPanel, factory: MockFactory, signal: Signal) -> None:
    """The lamps are all lit or all dark, whatever was pressed."""
    panel.show("pressed", "a")
    panel.show(signal, "a")
    end_s = time.monotonic() + 20
    while lit(factory) != {signal in LIT}:  # those that blink begin in a thread of gpiozero's
        assert time.monotonic() < end_s
        time.sleep(0.01)


@pytest.mark.parametrize("signal", ["ask", "warn", "identify"])
def test_asking_blinks_until_something_else_is_shown(
    panel: GpioPanel, factory: MockFactory, signal: Signal
) -> None:
    """While asking, warning or telling which one it is, lamps go dark and light in turns."""
    panel.show(signal)
    end_s = time.monotonic() + 20
    seen: set[bool] = set()
    while seen != {True, False}:
        assert time.monotonic() < end_s
        seen |= lit(factory)
        time.sleep(0.01)
    panel.show("idle")
    assert lit(factory) == {False}


def test_nothing_flashes_faster_than_twice_a_second() -> None:
    """WCAG 2.3.1 allows three flashes a second; warning is quicker than asking."""
    assert 0.25 <= BLINK_S["warn"] < BLINK_S["ask"]


@pytest.mark.parametrize("signal", sorted(set(get_args(Signal)) - set(BEEP_S)))
def test_only_a_press_and_thanks_are_heard(
    panel: GpioPanel, factory: MockFactory, signal: Signal
) -> None:
    """Out of hours, before it is set up, under maintenance and out of order it is silent."""
    assert BOARD.buzzer is not None
    pin = factory.pin(BOARD.buzzer)
    pin.clear_states()
    panel.show(signal)
    assert [state.state for state in pin.states] == [False]


def test_the_buzzer_tells_which_kiosk_it_is(panel: GpioPanel, factory: MockFactory) -> None:
    """For whoever stands in a hall with several of them."""
    assert BOARD.buzzer is not None
    panel.show("identify")
    assert factory.pin(BOARD.buzzer).state
    assert set(BEEP_S) == {"pressed", "thanks", "identify"}


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


def test_a_key_that_is_down_at_the_start_is_no_press() -> None:
    """A key jammed over a restart is a fault after 10 s, and never a closure."""
    clock = HandClock()
    factory = HandFactory(clock)
    factory.pin(BOARD.buttons["face-2"], pin_class=JammedPin)
    panel = GpioPanel(BOARD, pin_factory=factory, uptime=clock.uptime)
    assert panel.wait(0) == []
    clock.sleep(10)
    assert panel.wait(0) == [Fault("face-2", "stuck", is_present=True)]
    panel.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    """The panel with tactile keys and headphones."""
    clock = HandClock()
    factory = HandFactory(clock)
    pins = KEYS.buttons | {"headphones": KEYS.headphones}
    factory.pin(KEYS.headphones, pin_class=JammedPin)  # closed: no plug is in
    panel = GpioPanel(KEYS, pin_factory=factory, uptime=clock.uptime)

    def turn(name: str, level: bool) -> None:
        pin = factory.pin(pins[name])
        pin.drive_low() if level else pin.drive_high()

    yield Bench(panel, turn, clock)
    panel.close()


def test_tactile_keys_are_buttons(bench: Bench) -> None:
    """Each key is reported by its name, as a key."""
    for key in TACTILE_KEYS:
        bench.tap(key)
    assert [(closure.button, closure.input) for closure in bench.closures] == [
        (key, "key") for key in TACTILE_KEYS
    ]
    assert bench.panel.buttons[-4:] == TACTILE_KEYS


def test_a_plug_counts_once_it_rests_for_a_tenth_of_a_second(bench: Bench) -> None:
    """The contact scrapes while the plug slides in and out: one notice each, 100 ms later."""
    for level in (False, True, False):
        bench.turn("headphones", level)
        bench.rest(60)
    assert bench.plugs == []
    bench.rest(39.5)
    assert bench.plugs == []
    bench.rest(0.5)
    assert bench.plugs == [Plug("headphones", is_in=True)]
    bench.close("headphones")
    bench.rest(50)
    bench.open("headphones")
    bench.rest(200)
    assert len(bench.plugs) == 1
    bench.close("headphones")
    bench.rest(100)
    assert bench.noticed == [Plug("headphones", is_in=True), Plug("headphones", is_in=False)]


@pytest.mark.parametrize(
    ("plugged", "pin_class", "is_in"),
    [
        ("open", HandPin, True),
        ("open", JammedPin, False),
        ("closed", HandPin, False),
        ("closed", JammedPin, True),
    ],
)
def test_a_plug_that_is_in_at_the_start_is_found(
    plugged: Literal["open", "closed"], pin_class: type[HandPin], is_in: bool
) -> None:
    """The board says what the switch of the socket does; a plug may be in before we start."""
    clock = HandClock()
    factory = HandFactory(clock)
    factory.pin(KEYS.headphones, pin_class=pin_class)
    board = msgspec.structs.replace(KEYS, plugged=plugged)
    panel = GpioPanel(board, pin_factory=factory, uptime=clock.uptime)
    assert panel.wait(0) == []
    clock.sleep(0.1)
    assert panel.wait(0) == ([Plug("headphones", is_in=True)] if is_in else [])
    panel.close()


def test_a_board_without_lamps_and_buzzer_takes_every_signal() -> None:
    """The keys of a touch stand have no lamps: the screen shows what is to be seen."""
    board = find_board("otziv-touch-stand")
    panel = GpioPanel(board, pin_factory=MockFactory())
    for signal in get_args(Signal):
        panel.show(signal)
    assert panel.buttons == TACTILE_KEYS
    panel.close()


def test_an_edge_keeps_its_own_time() -> None:
    """A press is dated by when the contact closed, not by when we got round to it."""
    clock = HandClock()
    factory = HandFactory(clock)
    panel = GpioPanel(BOARD, pin_factory=factory, uptime=clock.uptime)
    pin = factory.pin(BOARD.buttons["face-1"])
    at_ms = clock.now_ms
    told = pin.when_changed
    clock.now_ms += 700  # until whoever reads edges comes round
    told(at_ms / 1000, 0)
    told((at_ms + 90) / 1000, 1)
    (closure,) = panel.wait(0)
    assert isinstance(closure, Closure)
    assert (closure.button, closure.at_ms) == ("face-1", at_ms)
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


def test_settings_may_ask_for_no_panel() -> None:
    """A pure touchscreen's kiosk has a panel without buttons."""
    panel = open_panel(NoPanelSettings())
    assert panel.buttons == ()
    panel.close()


def test_settings_of_a_virtual_panel_name_its_buttons(tmp_path: Path) -> None:
    """The buttons given in the settings are the panel's."""
    settings = VirtualSettings(path=tmp_path / "panel.sock", buttons=("face-0", "face-1"))
    panel = open_panel(settings)
    assert panel.buttons == ("face-0", "face-1")
    panel.close()
    assert not settings.path.exists()
