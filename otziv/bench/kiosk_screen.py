"""Touch to frame: the touchscreen with the firmware behind it, beside a bare Kivy window.

Each has a display of its own (:mod:`otziv.bench.display`), so that both can be touched in turn.
A touch is timed from when the window hears of it to when another frame is in the display's memory:
socket, firmware, session, socket, layout and drawing. The way from the glass to the window is timed
beside it, but is not ours: here it is an X server and SDL's mouse, which costs Kivy up to two
frames; on a Raspberry Pi the kernel's touch events, read at each frame.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from kiosk.scene import Scene
from kiosk.ui.client import Client
from kiosk.ui.glass import Glass
from kiosk.ui.layout import arrange
from otziv.bench.costs import busy_percent, pss_mib, rss_mib
from otziv.bench.display import HEIGHT, WIDTH, Display, Touch, open_display
from otziv.kiosk_process import KioskProcess, make_kiosk
from otziv.process import Process

FACE: Final = "face-4"
DIAGONAL_IN: Final = 7.0
START_S: Final = 30.0
STILL_S: Final = 0.5
REST_S: Final = 4.0
"""After the last touch, until nobody is here any more: thanks take three seconds."""

PAUSE_S: Final = {"kiosk": 0.55, "kivy": 0.15}
"""From one touch to the next at least: at a kiosk another visitor, who has seen thanks."""

MORE_S: Final = 0.2
"""Up to so much more at random, so that touches fall anywhere between two frames."""

POINTING_S: Final = 0.05


class Screens(NamedTuple):
    """What was measured at the touchscreen.

    Attributes:
        frames_s: from touch to frame, by whose window it was: ``kiosk`` or ``kivy``.
        fingers_s: the same from the finger on.
        rss_mib: resident memory of the same.
        busy_percent: of a core, while nobody is here: of the same, and of the ``firmware``.
        firmware_mib: memory of the firmware (PSS), with a screen.
    """

    frames_s: Mapping[str, list[float]]
    fingers_s: Mapping[str, list[float]]
    rss_mib: Mapping[str, float]
    busy_percent: Mapping[str, float]
    firmware_mib: float


class Window(NamedTuple):
    """A window to be touched.

    Attributes:
        process: whose it is.
        display: where it is.
        aim: tells where to touch it now.
        pause_s: from a touch to the next at least.
    """

    process: Process
    display: Display
    aim: Callable[[], tuple[float, float]]
    pause_s: float

    def touch(self, touches: int, chance: Random) -> list[Touch]:
        """Touch it so often."""
        self.display.wait_until_still(STILL_S)
        return [self._touch(chance) for _ in range(touches)]

    def heard_s(self) -> list[float]:
        """When it heard of each touch, by ``time.monotonic``."""
        lines = self.process.log.read_text(encoding="utf-8").splitlines()
        return [float(line.split()[1]) for line in lines if line.startswith("touched ")]

    def _touch(self, chance: Random) -> Touch:
        self.display.point(*self.aim())
        time.sleep(POINTING_S)
        touch = self.display.touch()
        time.sleep(self.pause_s + MORE_S * chance.random())
        return touch


def measure_screens(folder: Path, runs: int, touches: int, idle_s: float) -> Screens:
    """Touch both windows ``touches`` times in each of ``runs`` turns, and watch them rest.

    Raises:
        ProcessError: something does not start.
        RuntimeError: a touch of the kiosk was not kept.
        TimeoutError: a touch was not seen to do anything.
    """
    with _bare(folder) as bare, _kiosk(folder) as (kiosk, firmware):
        windows = {"kiosk": kiosk, "kivy": bare}
        seen: dict[str, list[Touch]] = {name: [] for name in windows}
        for run in range(runs):
            for name, window in windows.items():
                seen[name] += window.touch(touches, Random(run))
        if firmware.waiting() != runs * touches:
            raise RuntimeError(f"{firmware.waiting()} of {runs * touches} touches were kept")
        time.sleep(REST_S)
        pids = {name: _pid(window.process) for name, window in windows.items()}
        pids["firmware"] = _pid(firmware.process)
        return Screens(
            frames_s={
                name: [
                    touch.seen_at_s - heard_s
                    for touch, heard_s in zip(seen[name], window.heard_s(), strict=True)
                ]
                for name, window in windows.items()
            },
            fingers_s={
                name: [touch.seen_at_s - touch.at_s for touch in each]
                for name, each in seen.items()
            },
            rss_mib={name: rss_mib(pids[name]) for name in windows},
            busy_percent=busy_percent(pids, idle_s),
            firmware_mib=pss_mib(pids["firmware"]),
        )


def _pid(process: Process) -> int:
    """The id of a process that runs; raises :class:`ProcessError` if it does not."""
    process.check()
    return process.pid or 0


@contextmanager
def _bare(folder: Path) -> Iterator[Window]:
    """A window of Kivy's and nothing more."""
    argv = [sys.executable, "-m", "otziv.bench.bare_kivy"]
    with (
        open_display(folder / "bare") as display,
        _open("bare window", argv, folder / "bare.log", display) as process,
    ):
        yield Window(process, display, lambda: (WIDTH / 2, HEIGHT / 2), PAUSE_S["kivy"])


@contextmanager
def _kiosk(folder: Path) -> Iterator[tuple[Window, KioskProcess]]:
    """A kiosk with a touchscreen, whose broker is not there; one touches its best face."""
    home, log = folder / "touch", folder / "touch.log"
    kiosk = make_kiosk("bench", home, log, site="bench", broker={"host": "127.0.0.1", "port": 1})
    with kiosk.settings.open("a", encoding="utf-8") as settings:
        settings.write(f"[screen]\ndiagonal_in = {DIAGONAL_IN}\n")
    kiosk.process.start()
    try:
        kiosk.process.wait_until_ready(START_S)
        argv = [
            sys.executable,
            "-m",
            "otziv.bench.touched_screen",
            "--settings",
            str(kiosk.settings),
        ]
        with (
            open_display(folder / "display") as display,
            _open("touchscreen", argv, folder / "screen.log", display) as process,
            closing(Client(home / "screen.sock")) as client,
        ):
            window = Window(
                process, display, lambda: _place_of(FACE, _scene(client)), PAUSE_S["kiosk"]
            )
            yield window, kiosk
    finally:
        kiosk.process.stop()


@contextmanager
def _open(name: str, argv: list[str], log: Path, display: Display) -> Iterator[Process]:
    """A process whose window is on ``display``, and can be seen."""
    process = Process(name, argv, log, display.environment)
    process.start()
    try:
        display.wait_until_still(STILL_S)
        yield process
    finally:
        process.stop()


def _scene(client: Client) -> Scene:
    """What the firmware has its screens show now."""
    deadline_s = time.monotonic() + START_S
    client.read()
    while client.scene is None:
        if time.monotonic() > deadline_s:
            raise TimeoutError("the firmware does not say what to show")
        time.sleep(0.02)
        client.read()
    return client.scene


def _place_of(target: str, scene: Scene) -> tuple[float, float]:
    """The middle of what means ``target`` while ``scene`` is shown."""
    glass = Glass(WIDTH, HEIGHT, diagonal_in=DIAGONAL_IN)
    # A letter is about half as wide as high: good enough to find a face.
    arrangement = arrange(scene, glass, measure=lambda text, font_px: len(text) * font_px / 2)
    (rect,) = [item.rect for item in arrangement.items if item.target == target]
    return rect.x + rect.width / 2, rect.y + rect.height / 2
