"""What holds for every panel: virtual in process, virtual over its socket, and on GPIO pins."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.board import find_board
from hardware.gpio import GpioPanel
from hardware.panel import FOUR_FACES, Closure, Fault, Signal
from hardware.virtual import VirtualPanel, VirtualPanelClient
from tests.hardware.bench import Bench, HandClock

SIGNALS: Final[tuple[Signal, ...]] = ("pressed", "void", "thanks", "ask", "idle", "out-of-order")


@contextlib.contextmanager
def virtual_in_process(_: Path) -> Iterator[Bench]:
    """The virtual panel, played by calls."""
    clock = HandClock()
    panel = VirtualPanel(uptime=clock.uptime)
    yield Bench(panel, lambda button, level: panel.edge(button, is_closed=level), clock)
    panel.close()


@contextlib.contextmanager
def virtual_over_its_socket(folder: Path) -> Iterator[Bench]:
    """The virtual panel, played by an attached client."""
    clock = HandClock()
    panel = VirtualPanel(path=folder / "panel.sock", uptime=clock.uptime)
    client = VirtualPanelClient(folder / "panel.sock")
    panel.wait(0)  # lets the client in

    def turn(button: str, level: bool) -> None:
        assert client.edge(button, is_closed=level)

    yield Bench(panel, turn, clock)
    client.close()
    panel.close()


@contextlib.contextmanager
def on_gpio_pins(_: Path) -> Iterator[Bench]:
    """The GPIO panel, on gpiozero's mock pins."""
    clock, factory, board = HandClock(), MockFactory(), find_board("otziv-panel-4")
    panel = GpioPanel(board, pin_factory=factory, uptime=clock.uptime)

    def turn(button: str, level: bool) -> None:
        pin = factory.pin(board.buttons[button])
        pin.drive_low() if level else pin.drive_high()

    yield Bench(panel, turn, clock)
    panel.close()


Kind: TypeAlias = Callable[[Path], AbstractContextManager[Bench]]


@pytest.fixture(params=[virtual_in_process, virtual_over_its_socket, on_gpio_pins])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind of panel in turn."""
    made: Kind = request.param
    return made


@pytest.fixture
def bench(kind: Kind, tmp_path: Path) -> Iterator[Bench]:
    """A panel of each kind."""
    with kind(tmp_path) as made:
        yield made


def test_a_panel_names_its_buttons(bench: Bench) -> None:
    """By the names that its closures have, in order: what they can't answer is not asked."""
    assert bench.panel.buttons == FOUR_FACES


def test_a_press_is_one_closure(bench: Bench) -> None:
    """A press is reported once, as of its first edge, by the name of its button."""
    start_ms = bench.clock.now_ms
    bench.tap("face-3")
    assert [(closure.button, closure.at_ms) for closure in bench.closures] == [
        ("face-3", int(start_ms))
    ]
    assert bench.faults == []


def test_the_closure_comes_after_eight_milliseconds(bench: Bench) -> None:
    """A closure is reported as soon as 8 ms are full, not at the release."""
    bench.close("face-1")
    bench.rest(7.5)
    assert bench.pressed == []
    bench.rest(0.5)
    assert bench.pressed == ["face-1"]


def test_closures_come_in_order_each_with_an_id(bench: Bench) -> None:
    """Ids are UUIDs in lower case, none twice; closures come in order of time."""
    buttons = ["face-1", "face-4", "face-4", "face-2"] * 5
    for button in buttons:
        bench.tap(button)
    assert bench.pressed == buttons
    assert len({closure.id for closure in bench.closures}) == len(buttons)
    for closure in bench.closures:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", closure.id)
    times = [closure.at_ms for closure in bench.closures]
    assert times == sorted(times)


def test_two_at_once_are_two_closures(bench: Bench) -> None:
    """Two buttons 5 ms apart are both reported, the first one first: the session judges them."""
    bench.close("face-4")
    bench.rest(5)
    bench.close("face-1")
    bench.rest(100)
    assert bench.pressed == ["face-4", "face-1"]
    assert bench.closures[1].at_ms - bench.closures[0].at_ms == 5


def test_what_piled_up_comes_in_order(bench: Bench) -> None:
    """What several buttons did since the last look is returned in order of time."""
    for button in ("face-2", "face-1", "face-3"):
        bench.close(button)
        bench.clock.now_ms += 2
    bench.rest(50)
    assert bench.pressed == ["face-2", "face-1", "face-3"]


def test_bounce_is_one_closure(bench: Bench) -> None:
    """A contact that chatters at both ends is pressed once."""
    for _ in range(4):
        bench.close("face-2")
        bench.rest(0.7)
        bench.open("face-2")
        bench.rest(0.4)
    bench.tap("face-2")
    assert bench.pressed == ["face-2"]


def test_spikes_are_nothing(bench: Bench) -> None:
    """Pulses of up to 3 ms, as a long cable catches them, count nothing."""
    for ms in (0.1, 1, 3):
        bench.close("face-1")
        bench.rest(ms)
        bench.open("face-1")
        bench.rest(50)
    assert bench.noticed == []


def test_a_stuck_key_counts_once_and_is_a_fault(bench: Bench) -> None:
    """A key held for an hour is one closure and one fault, and free again after release."""
    bench.close("face-1")
    bench.rest(9_999)
    assert bench.faults == []
    bench.rest(1)
    bench.rest(3_590_000)
    assert bench.faults == [Fault("face-1", "stuck", is_present=True)]
    bench.tap("face-2")
    bench.open("face-1")
    bench.rest(30)
    bench.tap("face-1")
    assert bench.faults[1:] == [Fault("face-1", "stuck", is_present=False)]
    assert bench.pressed == ["face-1", "face-2", "face-1"]


def test_wait_ends_when_its_time_is_over(bench: Bench) -> None:
    """Where nothing happens, ``wait`` returns nothing, and not before its time."""
    start_s = time.monotonic()
    assert bench.panel.wait(0.05) == []
    assert time.monotonic() - start_s >= 0.05


def test_a_press_ends_the_wait(bench: Bench) -> None:
    """A contact that closes while ``wait`` is under way ends it as soon as the 8 ms are full."""
    is_over = threading.Event()

    def press() -> None:
        bench.turn("face-1", True)
        while not is_over.wait(0.01):
            bench.clock.now_ms += 1
            bench.turn("face-2", int(bench.clock.now_ms) % 2 == 0)

    presser = threading.Timer(0.05, press)
    presser.start()
    start_s = time.monotonic()
    notices = bench.panel.wait(20)
    is_over.set()
    presser.join()
    assert [notice.button for notice in notices if isinstance(notice, Closure)] == ["face-1"]
    assert time.monotonic() - start_s < 10


def test_wake_ends_a_wait_under_way(bench: Bench) -> None:
    """``wake`` from another thread ends a ``wait`` early, with nothing."""
    waker = threading.Timer(0.05, bench.panel.wake)
    waker.start()
    start_s = time.monotonic()
    assert bench.panel.wait(20) == []
    assert time.monotonic() - start_s < 10
    waker.join()


def test_wake_ends_the_next_wait_once(bench: Bench) -> None:
    """``wake`` before a ``wait`` ends that one at once, and no other."""
    bench.panel.wake()
    start_s = time.monotonic()
    assert bench.panel.wait(20) == []
    assert time.monotonic() - start_s < 10
    start_s = time.monotonic()
    bench.panel.wait(0.05)
    assert time.monotonic() - start_s >= 0.05


@pytest.mark.parametrize("signal", SIGNALS)
def test_every_signal_can_be_shown(bench: Bench, signal: Signal) -> None:
    """Each signal is taken, with a press and without, and presses go on being felt."""
    bench.panel.show(signal)
    bench.panel.show(signal, "0190b6d2-7c4e-7b5a-9d0e-000000000001")
    bench.tap("face-1")
    assert bench.pressed == ["face-1"]


def test_what_was_closed_can_be_opened_again(kind: Kind, tmp_path: Path) -> None:
    """``close`` gives socket and pins free; a thread that wakes a closed panel gets no error."""
    with kind(tmp_path) as bench:
        bench.panel.show("thanks")
        bench.close("face-1")
    bench.panel.wake()
    with kind(tmp_path) as again:
        again.tap("face-2")
        assert again.pressed == ["face-2"]
