"""``otziv bench kiosk``: what the firmware costs, and how soon a visitor is thanked."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uuid6

from broker.store.registry import add_device, add_touchpoint
from hardware.virtual.client import VirtualPanelClient
from kiosk.press import VOID_MS
from otziv.bench.report import Report, Target, interleave, medians
from otziv.installation import open_installation
from otziv.kiosk_process import make_kiosk
from otziv.process import Process
from otziv.spread import spread
from otziv.stack import Stack

PRESSES: Final = 300
EVERY_S: Final = 0.12
START_S: Final = 20.0
NAME: Final = "bench"
KIB_PER_MIB: Final = 1024


def measure(runs: int = 5, presses: int = PRESSES) -> Report:
    """Measure imports in turn, ``runs`` times, then one kiosk during ``presses``."""
    taken = interleave(
        runs,
        {
            "kiosk": lambda: _import_s("kiosk.firmware"),
            "paho": lambda: _import_s("paho.mqtt.client"),
        },
    )
    median = medians(taken)
    memory_mib, delays_s = _work(presses)
    delays = spread(delays_s)
    return Report(
        name="kiosk",
        figures={
            "import_ms": round(median["kiosk"] * 1000, 1),
            "memory_pss_mib": round(memory_mib, 1),
            "thanked": len(delays_s),
            "void_window_to_thanks_ms": delays,
        },
        compared_with={"import_paho_ms": round(median["paho"] * 1000, 1)},
        targets={
            "import / import of paho": Target(
                round(median["kiosk"] / median["paho"], 2), 3, "at most"
            ),
            "memory (PSS, MiB)": Target(round(memory_mib, 1), 48, "at most"),
            "p99 from end of void window to thanks (ms)": Target(
                float(delays["p99"] or 1e9), 50, "at most"
            ),
        },
        notes=(f"{presses} presses, one every {EVERY_S * 1000:.0f} ms, with broker and collector",),
    )


def _import_s(module: str) -> float:
    """Seconds that a fresh Python takes to import ``module``, without its own start."""
    code = (
        "import time; started = time.perf_counter(); "
        f"import {module}; print(time.perf_counter() - started)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return float(ran.stdout)


def _work(presses: int) -> tuple[float, list[float]]:
    """Memory of a kiosk at work, and the seconds from void window to thanks, press by press.

    Raises:
        RuntimeError: a press was not thanked for. (Two that this machine delivers at once, after
            a stall, are void; they are not thanked for rightly.)
    """
    with (
        tempfile.TemporaryDirectory(prefix="otziv-bench-") as name,
        _kiosk(Path(name)) as (
            process,
            panel,
        ),
    ):
        thanked: dict[str, float] = {}
        void: set[str] = set()
        is_over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(panel, thanked, void, is_over))
        watcher.start()
        pressed = _press(panel, presses)
        time.sleep(1)
        memory = _pss_mib(process.pid or 0)
        is_over.set()
        watcher.join()
    if unanswered := pressed.keys() - thanked.keys() - void:
        raise RuntimeError(f"{len(unanswered)} of {len(pressed)} presses were not thanked for")
    window_s = VOID_MS / 1000
    return memory, [at_s - pressed[press] - window_s for press, at_s in thanked.items()]


def _pss_mib(pid: int) -> float:
    """Memory of a process, its share of what it shares included (proc(5), ``smaps_rollup``)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / KIB_PER_MIB
    raise RuntimeError("the kernel tells no proportional set size")


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
            host=where.mqtt_host,
            port=where.mqtt_port,
        )
        kiosk.process.start()
        panel = VirtualPanelClient(kiosk.panel)
        try:
            _await_idle(panel)
            yield kiosk.process, panel
        finally:
            panel.close()
            kiosk.process.stop()
