"""What holds for every panel: virtual in process and over its socket, on GPIO pins, without any."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, TypeAlias, get_args

import pytest

from hardware.bare import BarePanel
from hardware.board import find_board
from hardware.gpio import GpioPanel
from hardware.panel import FOUR_FACES, Closure, Fault, Signal
from hardware.virtual import VirtualPanel, VirtualPanelClient
from tests.hardware.bench import Bench, HandClock, HandFactory

SIGNALS: Final[tuple[Signal, ...]] = get_args(Signal)


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
    clock, board = HandClock(), find_board("otziv-panel-4")
    factory = HandFactory(clock)
    panel = GpioPanel(board, pin_factory=factory, uptime=clock.uptime)

    def turn(button: str, level: bool) -> None:
        pin = factory.pin(board.buttons[button])
        pin.drive_low() if level else pin.drive_high()

    yield Bench(panel, turn, clock)
    panel.close()


@contextlib.contextmanager
def without_pins(_: Path) -> Iterator[Bench]:
    """The panel of a pure touchscreen, which has no contact to turn."""
    clock = HandClock()
    panel = BarePanel(uptime=clock.uptime)
    yield Bench(panel, lambda button, _level: pytest.fail(f"there is no {button}"), clock)
    panel.close()


Kind: TypeAlias = Callable[[Path], AbstractContextManager[Bench]]
WITH_BUTTONS: Final[list[Kind]] = [virtual_in_process, virtual_over_its_socket, on_gpio_pins]


@pytest.fixture(params=WITH_BUTTONS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind of panel with buttons in turn."""
    made: Kind = request.param
    return made


@pytest.fixture
def bench(kind: Kind, tmp_path: Path) -> Iterator[Bench]:
    """A panel of each kind with buttons."""
    with kind(tmp_path) as made:
        yield made


@pytest.fixture(params=[*WITH_BUTTONS, without_pins])
def any_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """A panel of each kind, with buttons or without."""
    with request.param(tmp_path) as made:
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


def test_wait_ends_when_its_time_is_over(any_bench: Bench) -> None:
    """Where nothing happens, ``wait`` returns nothing, and not before its time."""
    start_s = time.monotonic()
    assert any_bench.panel.wait(0.05) == []
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


def test_wake_ends_a_wait_under_way(any_bench: Bench) -> None:
    """``wake`` from another thread ends a ``wait`` early, with nothing."""
    waker = threading.Timer(0.05, any_bench.panel.wake)
    waker.start()
    start_s = time.monotonic()
    assert any_bench.panel.wait(20) == []
    assert time.monotonic() - start_s < 10
    waker.join()


def test_wake_ends_the_next_wait_once(any_bench: Bench) -> None:
    """``wake`` before a ``wait`` ends that one at once, and no other."""
    any_bench.panel.wake()
    start_s = time.monotonic()
    assert any_bench.panel.wait(20) == []
    assert time.monotonic() - start_s < 10
    start_s = time.monotonic()
    any_bench.panel.wait(0.05)
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


def closure(bench: Bench, button: str, *, age_ms: int = 0, press_id: str = "a") -> Closure:
    """A press on the screen, so long ago."""
    return Closure(button, int(bench.clock.now_ms) - age_ms, press_id, "touch")


def test_an_injected_press_is_reported_as_it_is(any_bench: Bench) -> None:
    """Presses that the screen saw come out as they went in, whether the panel has such a button."""
    pressed = [closure(any_bench, button) for button in ("face-2", "language-bg", "extend")]
    any_bench.panel.inject(*pressed)
    assert any_bench.panel.wait(0) == pressed
    assert any_bench.panel.wait(0) == []


def test_injected_presses_come_in_order_of_time(any_bench: Bench) -> None:
    """Whoever was pressed earlier is reported earlier, in whatever order they are told."""
    late, early = closure(any_bench, "face-1"), closure(any_bench, "face-2", age_ms=40)
    any_bench.panel.inject(late)
    any_bench.panel.inject(early)
    assert any_bench.panel.wait(0) == [early, late]


def test_an_injected_press_ends_the_wait(any_bench: Bench) -> None:
    """A press that another thread injects ends a ``wait`` under way."""
    pressed = closure(any_bench, "face-3")
    presser = threading.Timer(0.05, any_bench.panel.inject, [pressed])
    presser.start()
    start_s = time.monotonic()
    assert any_bench.panel.wait(20) == [pressed]
    assert time.monotonic() - start_s < 10
    presser.join()


def test_injected_presses_join_our_own(bench: Bench) -> None:
    """A press on the screen between two on the panel is reported between them."""
    bench.close("face-1")
    bench.clock.now_ms += 30
    bench.close("face-4")
    bench.clock.now_ms += 6
    bench.panel.inject(closure(bench, "face-2", age_ms=20))
    bench.rest(30)
    assert bench.pressed == ["face-1", "face-2", "face-4"]
    assert [closure.input for closure in bench.closures] == ["button", "touch", "button"]


def test_a_button_that_is_down_is_not_pressed_on_the_screen(bench: Bench) -> None:
    """The screen can't press what a finger, or a jam, holds down; after the release it can."""
    bench.close("face-1")
    bench.rest(100)
    bench.panel.inject(closure(bench, "face-1"))
    bench.rest(0)
    bench.open("face-1")
    bench.rest(100)
    assert len(bench.closures) == 1
    bench.panel.inject(closure(bench, "face-1"))
    bench.rest(0)
    assert [closure.input for closure in bench.closures] == ["button", "touch"]


def test_what_is_attended_is_served_while_waiting(any_bench: Bench) -> None:
    """A source that can be read is served, in the thread that waits, and ends no wait by itself."""
    ours, theirs = socket.socketpair()
    heard: list[tuple[bytes, int]] = []

    def hear() -> None:
        heard.append((ours.recv(100), threading.get_ident()))
        if heard[-1][0] == b"end":
            any_bench.panel.wake()

    with ours, theirs:
        any_bench.panel.attend(ours, hear)
        theirs.send(b"stay")
        assert any_bench.panel.wait(0.05) == []
        speaker = threading.Timer(0.05, theirs.send, [b"end"])
        speaker.start()
        start_s = time.monotonic()
        assert any_bench.panel.wait(20) == []
        assert time.monotonic() - start_s < 10
        speaker.join()
        any_bench.panel.leave(ours)
    assert heard == [(b"stay", threading.get_ident()), (b"end", threading.get_ident())]


def test_what_was_left_is_served_no_more(any_bench: Bench) -> None:
    """After ``leave`` nobody is called; the same source may be attended anew."""
    ours, theirs = socket.socketpair()
    calls: list[str] = []
    with ours, theirs:
        any_bench.panel.attend(ours, lambda: calls.append("first"))
        any_bench.panel.leave(ours)
        theirs.send(b"x")
        any_bench.panel.wait(0.05)
        assert calls == []
        any_bench.panel.attend(ours, lambda: calls.append(ours.recv(1).decode()))
        any_bench.panel.wait(0.05)
        assert calls == ["x"]
        any_bench.panel.leave(ours)


def test_a_panel_without_pins_shows_and_names_nothing(tmp_path: Path) -> None:
    """It takes every signal, has no buttons, and can be closed while somebody wakes it."""
    with without_pins(tmp_path) as bench:
        assert bench.panel.buttons == ()
        for signal in SIGNALS:
            bench.panel.show(signal)
        assert bench.panel.wait(0) == []
    bench.panel.wake()
