"""Press to thanks: one kiosk, its broker and its collector, and somebody at its panel."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import uuid6

from broker.store.registry import add_device, add_touchpoint
from hardware.virtual.client import VirtualPanelClient
from kiosk.press import VOID_MS
from otziv.bench.costs import busy_percent, pss_mib
from otziv.installation import open_installation
from otziv.kiosk_process import make_kiosk
from otziv.process import Process
from otziv.stack import Stack

EVERY_S: Final = 0.12
START_S: Final = 20.0
SETTLED_S: Final = 4.0
"""After the last press, until nobody is here any more: thanks take three seconds."""

NAME: Final = "bench"


class Presses(NamedTuple):
    """What was measured at a kiosk with all that belongs to it.

    Attributes:
        thanks_s: from the end of the void window to thanks, press by press.
        memory_mib: memory of the firmware (PSS).
        busy_percent: of a core, while nobody is here.
    """

    thanks_s: list[float]
    memory_mib: float
    busy_percent: float


def measure_presses(folder: Path, presses: int, idle_s: float) -> Presses:
    """Press ``presses`` times, and watch the firmware rest.

    Raises:
        RuntimeError: a press was not thanked for. (Two that this machine delivers at once, after
            a stall, are void; they are not thanked for rightly.)
    """
    with _kiosk(folder / "presses") as (process, panel):
        thanked: dict[str, float] = {}
        void: set[str] = set()
        is_over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(panel, thanked, void, is_over))
        watcher.start()
        pressed = _press(panel, presses)
        time.sleep(SETTLED_S)
        pid = process.pid or 0
        memory_mib, busy = pss_mib(pid), busy_percent({NAME: pid}, idle_s)[NAME]
        is_over.set()
        watcher.join()
    if unanswered := pressed.keys() - thanked.keys() - void:
        raise RuntimeError(f"{len(unanswered)} of {len(pressed)} presses were not thanked for")
    window_s = VOID_MS / 1000
    thanks_s = [at_s - pressed[press] - window_s for press, at_s in thanked.items()]
    return Presses(thanks_s, memory_mib, busy)


def _press(panel: VirtualPanelClient, presses: int) -> dict[str, float]:
    """Press the four faces in turn, so that each press is a rating or a correction."""
    pressed: dict[str, float] = {}
    for number in range(presses):
        press = str(uuid6.uuid7())
        pressed[press] = time.monotonic()
        panel.press(f"face-{number % 4 + 1}", press)
        time.sleep(EVERY_S)
    return pressed


def _watch(
    panel: VirtualPanelClient,
    thanked: dict[str, float],
    void: set[str],
    is_over: threading.Event,
) -> None:
    while not is_over.is_set():
        for shown in panel.wait(0.2):
            if shown.press_id is None:
                continue
            if shown.signal == "thanks":
                thanked.setdefault(shown.press_id, time.monotonic())
            elif shown.signal == "void":
                void.add(shown.press_id)


def _await_idle(panel: VirtualPanelClient) -> None:
    """Wait until the kiosk invites visitors: its panel is there before its outbox is."""
    deadline = time.monotonic() + START_S
    is_idle = False
    while not is_idle:
        if time.monotonic() > deadline:
            raise TimeoutError("the kiosk does not start")
        if not panel.connect():
            time.sleep(0.02)
            continue
        shown = panel.wait(0.1)
        hello = panel.hello
        is_idle = any(each.signal == "idle" for each in shown)
        is_idle = is_idle or (hello is not None and hello.signal == "idle")


@contextmanager
def _kiosk(folder: Path) -> Iterator[tuple[Process, VirtualPanelClient]]:
    """A kiosk in a whole installation, and somebody at its panel."""
    installation = open_installation(folder, mqtt_port=0)
    site = installation.settings.site
    with installation.store() as database:
        add_touchpoint(database, NAME, site=site, is_test=True)
        add_device(database, NAME, touchpoint=NAME)
    with Stack(installation) as stack:
        where = stack.running
        kiosk = make_kiosk(
            NAME,
            folder / NAME,
            folder / "kiosk.log",
            site=site,
            broker={"host": where.mqtt_host, "port": where.mqtt_port},
        )
        kiosk.process.start()
        panel = VirtualPanelClient(kiosk.panel)
        try:
            _await_idle(panel)
            yield kiosk.process, panel
        finally:
            panel.close()
            kiosk.process.stop()
