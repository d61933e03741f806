"""Edge to light: the firmware on gpiozero's mock pins, beside a bare gpiozero script."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

from otziv.bench.child import answer, await_ready, child, tell
from otziv.bench.costs import busy_percent, pss_mib

SETTLED_S: Final = 4.0
"""After the last press, until nobody is here any more: thanks take three seconds."""


class Edges(NamedTuple):
    """What was measured at the pins, by who had them: ``kiosk`` or ``gpiozero``.

    Attributes:
        light_s: from the first edge of each press to the light.
        memory_mib: memory (PSS).
        busy_percent: of a core, while nobody presses.
    """

    light_s: Mapping[str, list[float]]
    memory_mib: Mapping[str, float]
    busy_percent: Mapping[str, float]


def measure_edges(folder: Path, runs: int, presses: int, idle_s: float) -> Edges:
    """Press both ``presses`` times in each of ``runs`` turns, and watch them rest.

    Raises:
        RuntimeError: one of them does not start, or does not answer a press.
    """
    module = [sys.executable, "-m"]
    argvs = {
        "kiosk": [*module, "otziv.bench.kiosk_on_pins", str(folder / "pins")],
        "gpiozero": [*module, "otziv.bench.bare_gpiozero"],
    }
    with ExitStack() as stack:
        pinned = {name: stack.enter_context(child(argv)) for name, argv in argvs.items()}
        for process in pinned.values():
            await_ready(process)
        light_s: dict[str, list[float]] = {name: [] for name in pinned}
        for _ in range(runs):
            for name, process in pinned.items():
                light_s[name] += _press(process, presses)
        pids = {name: process.pid for name, process in pinned.items()}
        busy_percent(pids, SETTLED_S)
        return Edges(
            light_s=light_s,
            memory_mib={name: pss_mib(pid) for name, pid in pids.items()},
            busy_percent=busy_percent(pids, idle_s),
        )


def _press(process: subprocess.Popen[bytes], presses: int) -> list[float]:
    tell(process, str(presses))
    return [float(each) for each in answer(process)]
