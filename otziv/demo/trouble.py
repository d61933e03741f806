"""Trouble: who is killed now, who lies dead, and who is brought back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from otziv.demo.chaos import VICTIMS, Kill
from otziv.demo.kiosks import DemoKiosk
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
        self, stack: Stack, kiosks: Mapping[str, DemoKiosk], kills: Sequence[Kill], seed: int
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
            self.kills[kill.victim] += 1
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
        """Kill a victim; returns what brings it back."""
        if kill.victim == "broker" and self._stack.broker is not None:
            self._stack.broker.kill()
            return self._start_broker
        if kill.victim == "collector" and self._stack.collector is not None:
            self._stack.collector.kill()
            return self._stack.collector.start
        victim = self._kiosks[self._random.choice(sorted(self._kiosks))].process
        victim.kill()
        return victim.start

    def _start_broker(self) -> None:
        if self._stack.broker is not None and not self._stack.broker.is_running:
            self._stack.broker.start()
