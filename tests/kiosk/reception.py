"""A hall: the visitor's side with a virtual panel and a real outbox, in simulated time."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from hardware.buttons import Step
from hardware.panel import Signal
from hardware.virtual import VirtualPanel
from hardware.virtual.script import Shown
from kiosk.configuration import ConfigurationFile
from kiosk.front import Front
from kiosk.health import Health
from kiosk.house import House
from kiosk.inside import Inside
from kiosk.maintenance import Maintenance
from kiosk.outbox import Outbox
from kiosk.pin import hash_pin
from kiosk.programme import Programme
from kiosk.recorder import Recorder
from kiosk.rehearsal import rehearse
from kiosk.scene import Fact, Scene, State, Touched
from kiosk.stage import Stage
from kiosk.words import Words
from tests.kiosk.builders import HandClock

BUTTONS: Final = ("face-1", "face-2", "face-3", "face-4", "option-1", "option-2", "skip")
PIN: Final = "2468"
PIN_HASH: Final = hash_pin(PIN)


class Hall:
    """A kiosk without a network, and what its panel showed."""

    def __init__(
        self,
        folder: Path,
        stack: ExitStack,
        buttons: tuple[str, ...] = BUTTONS,
        *,
        touchpoint: str | None = "desk-1",
        has_screen: bool = False,
    ) -> None:
        self.path = folder / "outbox.db"
        self.clock = HandClock()
        self.panel = VirtualPanel(
            buttons, uptime=lambda: self.clock.uptime, sleep=self.clock.advance
        )
        stack.callback(self.panel.close)
        self.shown: list[Shown] = []
        self.panel.watch(self.shown.append)
        self.outbox = Outbox(self.path)
        stack.callback(self.outbox.close)
        self.configuration = ConfigurationFile(
            folder / "configuration.json",
            touchpoint,
            self.panel.wake,
            buttons=buttons,
            rehearse=partial(rehearse, words_of=Words),
        )
        self.health = Health()
        self.commits = 0
        self.scenes: list[Scene] = []
        self.has_screen = has_screen
        self.front = Front(self._house())
        self.front.step(0)
        self.shown.clear()

    def show(self, scene: Scene) -> None:
        """Keep a scene; with ``has_screen`` this is the hall's screen."""
        self.scenes.append(scene)

    @property
    def scene(self) -> Scene:
        """What the screen shows."""
        return self.scenes[-1]

    def state(self) -> State:
        """What the kiosk is doing, as the screen has it."""
        return self.scene.state

    def _house(self) -> House:
        return House(
            panel=self.panel,
            stage=Stage(self.panel, self),
            programme=Programme(self.configuration, self.clock, Words),
            recorder=Recorder(self.outbox, self.clock, self.health, self._when_committed),
            clock=self.clock,
            health=self.health,
            inside=Inside(
                Maintenance(PIN_HASH),
                tell=lambda words: [Fact(name=words("Device"), text="desk-1")],
                test=lambda words: [Fact(name=words("Clock"), text="", mark="good")],
                wake=self.panel.wake,
            ),
            words_of=Words,
        )

    def _when_committed(self) -> None:
        self.commits += 1

    def touch(self, button: str, press_id: str, *, seconds: float = 1.0) -> None:
        """Touch something on the screen, and let time pass."""
        at_ms = int(self.clock.uptime)
        self.front.take(Touched(button=button, at_ms=at_ms, id=press_id))
        self.run(seconds)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end_ms = self.clock.uptime + seconds * 1000
        while self.clock.uptime < end_ms:
            self.front.step((end_ms - self.clock.uptime) / 1000)

    def play(self, *steps: Step, seconds: float = 1.0) -> None:
        """Let steps happen, and time pass."""
        self.panel.play(*steps)
        self.run(seconds)

    @property
    def signals(self) -> list[tuple[Signal, str | None]]:
        """What was shown, and for which press."""
        return [(shown.signal, shown.press_id) for shown in self.shown]

    def last_signal(self) -> tuple[Signal, str | None]:
        """What is shown now."""
        return self.signals[-1]

    @property
    def kept(self) -> list[str]:
        """Ids in the outbox."""
        with closing(sqlite3.connect(self.path)) as connection:
            return [row for (row,) in connection.execute("SELECT id FROM event ORDER BY seq")]

    @property
    def events(self) -> list[dict[str, object]]:
        """What is in the outbox, in order."""
        with closing(sqlite3.connect(self.path)) as connection:
            rows = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
        return [msgspec.json.decode(body) for (body,) in rows]
