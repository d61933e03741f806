"""Trouble: who is killed now, who lies dead, and who is brought back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from otziv.demo.chaos import VICTIMS, Kill
from otziv.kiosk_process import KioskProcess
from otziv.process import Process
from otziv.stack import Stack


class _Dead(NamedTuple):
    back_at_s: float
    revive: Callable[[], None]


class Trouble:
    """Kills by plan, and keeps alive what was not killed.

    Everything is started from the thread that calls, since a child dies with the thread that
    started it.

    Attributes:
        kills: how many of each kind.
    """

    def __init__(
        self, stack: Stack, kiosks: Mapping[str, KioskProcess], kills: Sequence[Kill], seed: int
    ) -> None:
        """Plan ``kills`` (in order of time) for ``stack`` and ``kiosks``."""
        self.kills: Counter[str] = Counter(dict.fromkeys(VICTIMS, 0))
        self._stack = stack
        self._kiosks = kiosks
        self._planned = list(kills)
        self._random = Random(seed)
        self._dead: list[_Dead] = []

    def make(self, at_s: float) -> None:
        """Kill whoever is due at ``at_s`` of the run, and bring back who has lain long enough."""
        while self._planned and self._planned[0].at_s <= at_s:
            kill = self._planned.pop(0)
            self._dead.append(_Dead(time.monotonic() + kill.down_s, self._kill(kill)))
        self._bring_back()

    def end(self) -> None:
        """Kill nobody any more; who lies dead comes back in time."""
        self._planned.clear()
        self._bring_back()

    def _bring_back(self) -> None:
        now_s = time.monotonic()
        due = [dead for dead in self._dead if dead.back_at_s <= now_s]
        self._dead = [dead for dead in self._dead if dead.back_at_s > now_s]
        for dead in due:
            dead.revive()
        if not self._dead:
            self._stack.watch()
            for kiosk in self._kiosks.values():
                kiosk.process.start()

    def _kill(self, kill: Kill) -> Callable[[], None]:
        """Kill a victim that lives; returns what brings it back."""
        broker, collector = self._stack.broker, self._stack.collector
        if kill.victim == "broker" and broker is not None:
            self.kills["broker"] += broker.is_running
            broker.kill()
            return self._start_broker
        if kill.victim == "collector" and collector is not None:
            return self._kill_process("collector", collector)
        alive = [kiosk.process for kiosk in self._kiosks.values() if kiosk.process.is_running]
        return self._kill_process("kiosk", self._random.choice(alive))

    def _kill_process(self, kind: str, victim: Process) -> Callable[[], None]:
        self.kills[kind] += victim.is_running
        victim.kill()
        return victim.start

    def _start_broker(self) -> None:
        if self._stack.broker is not None and not self._stack.broker.is_running:
            self._stack.broker.start()
