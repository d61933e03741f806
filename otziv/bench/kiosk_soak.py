"""A kiosk's days in seconds: whether anything of it grows.

The visitor's side, the outbox and the relay's side are the firmware's own, with a screen at the
door; clock, panel, broker and collector are simulated, in one thread. The outbox is in memory
(``/dev/shm``) where that can be had: what grows does not depend on the disk.

Runs as a process: ``python -m otziv.bench.kiosk_soak HOURS PRESSES``; presses are those of an hour.
It prints one line of JSON, an object for each hour.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Final

from uuid6 import uuid7

from broker.link.virtual import SimulatedClock, VirtualBroker, VirtualLink
from broker.wire.codec import read_batch, write
from broker.wire.messages import VERSION, Receipt
from hardware.buttons import Buttons
from hardware.inbox import Inbox
from hardware.open import VirtualSettings
from hardware.panel import Source
from hardware.virtual import VirtualPanel
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.built_in import BUILT_IN_SURVEY
from kiosk.clock import Reading
from kiosk.commands import Commands
from kiosk.configuration import ConfigurationFile
from kiosk.database import OUTBOX_NAME
from kiosk.health import Health
from kiosk.housekeeping import Housekeeping
from kiosk.identity import Identity
from kiosk.logs import set_up_logs
from kiosk.outbox import Outbox
from kiosk.pace import Pace
from kiosk.reception import Parts, Reception
from kiosk.relay import Relay
from kiosk.scene import Touched
from kiosk.settings import ScreenSettings, Settings
from kiosk.simulator.people import buttons_of
from kiosk.ui.client import Client
from otziv.bench.costs import open_files, rss_mib, threads

HOUR_S: Final = 3600
NOON_MS: Final = 1_795_000_000_000
"""A day in November 2026."""

BOOT: Final = "b0070000-0000-4000-8000-000000000001"
IDENTITY: Final = Identity("bench", "bench")
TOUCHED: Final = 0.25
"""Share of presses that come from the screen."""


class DayClock:
    """Fulfils :class:`kiosk.clock.Clock` by simulated seconds."""

    def __init__(self, time: SimulatedClock) -> None:
        self._time = time

    def uptime_ms(self) -> int:
        """Milliseconds since the boot."""
        return int(self._time.now_s() * 1000)

    def read(self) -> Reading:
        """Uptime, and a wall time that is right."""
        return Reading(BOOT, self.uptime_ms(), NOON_MS + self.uptime_ms(), is_synced=True)


class DayPanel(VirtualPanel):
    """A virtual panel in simulated time, whose sockets live in real time all the same."""

    def __init__(self, time: SimulatedClock) -> None:
        self._sockets = Inbox(Buttons(()))
        super().__init__(
            buttons_of(BUILT_IN_SURVEY), uptime=lambda: time.now_s() * 1000, sleep=time.advance
        )

    def attend(self, source: Source, callback: Callable[[], None]) -> None:
        """Call ``callback`` in :meth:`look`, when ``source`` can be read."""
        self._sockets.attend(source, callback)

    def leave(self, source: Source) -> None:
        """Attend to ``source`` no more."""
        self._sockets.leave(source)

    def look(self) -> None:
        """Look after the sockets, once."""
        self._sockets.wait(0)

    def close(self) -> None:
        """Release everything."""
        super().close()
        self._sockets.close()


class Collector:
    """Has nothing in mind but receipts."""

    def __init__(self, broker: VirtualBroker) -> None:
        topics = ((IDENTITY.topic("events"), 1),)
        self._link = VirtualLink(broker, "collector", subscriptions=topics)
        self.collected = 0

    def step(self) -> None:
        """Give a receipt for whatever has come."""
        messages = self._link.receive(0.0)
        for message in messages:
            batch = read_batch(message.payload)
            ids = [event.id for event in batch.events]
            receipt = Receipt(v=VERSION, stream=batch.stream or "", accepted=ids, quarantined=[])
            self._link.publish(IDENTITY.topic("receipts"), write(receipt))
            self.collected += len(ids)
        self._link.acknowledge(messages)


class Day:
    """One kiosk, and those who keep it busy.

    Args:
        folder: of its data.
        stack: closes it.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._time = SimulatedClock(1_000.0)
        self._chance = Random(24)
        self._clock = DayClock(self._time)
        self._panel = DayPanel(self._time)
        stack.callback(self._panel.close)
        broker = VirtualBroker(chance=Random(1), clock=self._time)
        self._link = VirtualLink(broker, "kiosk", subscriptions=IDENTITY.subscriptions())
        self._collector = Collector(broker)
        self._open(folder, stack)
        self._screen = stack.enter_context(closing(Client(folder / "screen.sock")))

    def _open(self, folder: Path, stack: ExitStack) -> None:
        """Put the firmware together, as :mod:`kiosk.firmware` does, but without its thread."""
        path, ballast = folder / OUTBOX_NAME, Ballast(folder / "ballast")
        settings = Settings(
            site=IDENTITY.site,
            device=IDENTITY.device,
            touchpoint="bench",
            data=folder,
            panel=VirtualSettings(path=folder / "panel.sock"),
            screen=ScreenSettings(),
        )
        outbox = stack.enter_context(closing(Outbox(path)))
        backlog = stack.enter_context(closing(Backlog(path, ballast)))
        health = Health(settings.relay.heartbeat_s)
        configuration = ConfigurationFile(folder / "configuration.json", "bench", self._panel.wake)
        commands = Commands({}, clock=self._clock)
        duties = Housekeeping(self._link, backlog, IDENTITY, health, configuration, commands)
        pace = Pace(settings.relay, Random(3))
        self._relay = Relay(self._link, backlog, IDENTITY, self._clock, pace, duties)
        parts = Parts(
            settings=settings,
            panel=self._panel,
            link=self._link,
            clock=self._clock,
            outbox=outbox,
            configuration=configuration,
            health=health,
            received=lambda: self._relay.received,
            when_stepped=lambda: None,
        )
        reception = stack.enter_context(closing(Reception(parts)))
        self._front = reception.front

    def pass_hour(self, presses: int) -> dict[str, float]:
        """Let visitors press so often within an hour; returns what the kiosk holds at its end."""
        end_s = self._time.now_s() + HOUR_S
        for _ in range(presses):
            self._press()
            self._run(2 * HOUR_S / presses * self._chance.random())
        self._run(max(0.0, end_s - self._time.now_s()))
        gc.collect()
        pid = os.getpid()
        return {
            "memory_mib": round(rss_mib(pid), 2),
            "objects": sys.getallocatedblocks(),
            "files": open_files(pid),
            "threads": threads(pid),
            "collected": self._collector.collected,
        }

    def _press(self) -> None:
        button, press_id = self._chance.choice(self._panel.buttons), str(uuid7())
        if self._chance.random() < TOUCHED:
            touched = Touched(button=button, at_ms=self._clock.uptime_ms(), id=press_id)
            self._screen.send(touched)
            self._panel.look()
        else:
            self._panel.press(button, press_id)

    def _run(self, seconds: float) -> None:
        """Let time pass; the relay's side has its turn at the end of it."""
        end_s = self._time.now_s() + seconds
        while (left_s := end_s - self._time.now_s()) > 0:
            self._front.step(left_s)
        self._panel.look()
        self._screen.read()
        self._relay.step(0.0)
        self._collector.step()
        self._relay.step(0.0)


def main(hours: int, presses: int) -> None:
    """Let ``hours`` pass, and say what was held at the end of each."""
    set_up_logs("error", is_json=False)
    memory = "/dev/shm"  # noqa: S108 -- our folder in it is made for us alone
    where = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as folder, ExitStack() as stack:
        day = Day(Path(folder), stack)
        print(json.dumps([day.pass_hour(presses) for _ in range(hours)]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
