"""``otziv bench kiosk``: what a kiosk costs, and how soon it answers people."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from otziv.bench.child import answer, child
from otziv.bench.display import check_programs
from otziv.bench.kiosk_edges import Edges, measure_edges
from otziv.bench.kiosk_imports import measure_imports
from otziv.bench.kiosk_presses import Presses, measure_presses
from otziv.bench.kiosk_screen import Screens, measure_screens
from otziv.bench.report import Report, Target
from otziv.spread import percentile_ms, spread

IMPORTS: Final = 9
"""How often each import is measured at least: they are short, and vary the most."""


class Sizes(NamedTuple):
    """How much is measured.

    Attributes:
        edges: presses at the pins, in all runs together.
        presses: presses that are thanked for.
        touches: touches of the screen, in all runs together.
        idle_s: how long processes are watched at rest.
        hours: how long a simulated day is; there are two, and what grows is that of the second.
        presses_an_hour: of those days.
    """

    edges: int = 200
    presses: int = 300
    touches: int = 50
    idle_s: float = 8.0
    hours: int = 24
    presses_an_hour: int = 1_000


class Measured(NamedTuple):
    """All that was measured."""

    imports_s: Mapping[str, float]
    edges: Edges
    presses: Presses
    screens: Screens
    hours: list[dict[str, float]]

    @property
    def firmware_mib(self) -> float:
        """Memory of the firmware without a screen: on pins, or on a virtual panel, the larger."""
        return max(self.edges.memory_mib["kiosk"], self.presses.memory_mib)

    @property
    def firmware_percent(self) -> float:
        """How busy the firmware is at rest, wherever it was busiest."""
        return max(
            self.edges.busy_percent["kiosk"],
            self.presses.busy_percent,
            self.screens.busy_percent["firmware"],
        )

    def growth(self, what: str) -> float:
        """How much more of ``what`` there is at the end of the second day than of the first.

        Caches of SQLite, of Python and of the allocator fill up during the first: 2 % of memory in
        19 hours, and nothing after them.
        """
        return float(self.hours[-1][what] - self.first[what])

    @property
    def first(self) -> dict[str, float]:
        """The last hour of the first day."""
        return self.hours[len(self.hours) // 2 - 1]

    def growth_percent(self, what: str) -> float:
        """The same as a share of what there was."""
        return round(100 * self.growth(what) / self.first[what], 2)


FULL: Final = Sizes()


def measure(runs: int = 5, sizes: Sizes = FULL) -> Report:
    """Measure everything, the kiosk and its peers in ``runs`` turns.

    Raises:
        ProcessError: a program is missing, or something does not start.
    """
    check_programs()
    with tempfile.TemporaryDirectory(prefix="otziv-bench-") as name:
        folder = Path(name)
        measured = Measured(
            imports_s=measure_imports(folder, max(runs, IMPORTS)),
            edges=measure_edges(folder, runs, -(-sizes.edges // runs), sizes.idle_s),
            presses=measure_presses(folder, sizes.presses, sizes.idle_s),
            screens=measure_screens(folder, runs, -(-sizes.touches // runs), sizes.idle_s),
            hours=_pass_days(sizes),
        )
    return Report(
        name="kiosk",
        figures=_figures(measured),
        compared_with=_peers(measured),
        targets=_targets(measured),
        notes=_notes(sizes),
    )


def _pass_days(sizes: Sizes) -> list[dict[str, float]]:
    argv = [sys.executable, "-m", "otziv.bench.kiosk_soak"]
    with child([*argv, str(2 * sizes.hours), str(sizes.presses_an_hour)]) as process:
        hours: list[dict[str, float]] = answer(process)
        return hours


def _notes(sizes: Sizes) -> tuple[str, ...]:
    return (
        f"{sizes.edges} presses on gpiozero's mock pins, whose contacts chatter for 5 ms",
        f"{sizes.presses} presses on a virtual panel, with broker and collector",
        f"{sizes.touches} touches on Xvfb, drawn by the processor",
        "a touch is timed from when the window hears of it, a finger from the X server on",
        f"two days of {sizes.hours} simulated hours, {sizes.presses_an_hour} presses in each",
        "growth is from the end of the first to that of the second",
    )


def _figures(measured: Measured) -> dict[str, Any]:
    screens = measured.screens
    return {
        "import_ms": _ms(measured.imports_s["kiosk"]),
        "edge_to_light_ms": spread(measured.edges.light_s["kiosk"]),
        "void_window_to_thanks_ms": spread(measured.presses.thanks_s),
        "thanked": len(measured.presses.thanks_s),
        "touch_to_frame_ms": spread(screens.frames_s["kiosk"]),
        "finger_to_frame_ms": spread(screens.fingers_s["kiosk"]),
        "memory_pss_mib": round(measured.firmware_mib, 1),
        "idle_percent": measured.firmware_percent,
        "screen_rss_mib": round(screens.rss_mib["kiosk"], 1),
        "screen_idle_percent": screens.busy_percent["kiosk"],
        "first_day": measured.first,
        "second_day": measured.hours[-1],
    }


def _peers(measured: Measured) -> dict[str, Any]:
    edges, screens = measured.edges, measured.screens
    return {
        "import_paho_ms": _ms(measured.imports_s["paho"]),
        "gpiozero_edge_to_light_ms": spread(edges.light_s["gpiozero"]),
        "gpiozero_memory_pss_mib": round(edges.memory_mib["gpiozero"], 1),
        "gpiozero_idle_percent": edges.busy_percent["gpiozero"],
        "kivy_touch_to_frame_ms": spread(screens.frames_s["kivy"]),
        "kivy_finger_to_frame_ms": spread(screens.fingers_s["kivy"]),
        "kivy_rss_mib": round(screens.rss_mib["kivy"], 1),
        "kivy_idle_percent": screens.busy_percent["kivy"],
    }


def _targets(measured: Measured) -> dict[str, Target]:
    imports_s, screens = measured.imports_s, measured.screens
    values: dict[str, tuple[float, float]] = {
        "import / import of paho": (round(imports_s["kiosk"] / imports_s["paho"], 2), 3),
        "p99 from first edge to light (ms)": (
            percentile_ms(measured.edges.light_s["kiosk"], 0.99),
            20,
        ),
        "p99 from end of void window to thanks (ms)": (
            percentile_ms(measured.presses.thanks_s, 0.99),
            50,
        ),
        "p95 from touch to frame (ms)": (percentile_ms(screens.frames_s["kiosk"], 0.95), 50),
        "memory of the firmware (PSS, MiB)": (round(measured.firmware_mib, 1), 56),
        "firmware at rest (% of a core)": (measured.firmware_percent, 1),
        "memory of the screen (RSS, MiB)": (round(screens.rss_mib["kiosk"], 1), 170),
        "screen at rest (% of a core)": (screens.busy_percent["kiosk"], 3),
        "growth of memory in a day (%)": (measured.growth_percent("memory_mib"), 2),
        "growth of objects in a day (%)": (measured.growth_percent("objects"), 2),
        "growth of open files in a day": (measured.growth("files"), 0),
        "growth of threads in a day": (measured.growth("threads"), 0),
    }
    return {name: Target(value, bound, "at most") for name, (value, bound) in values.items()}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
