"""``otziv bench dashboard``: how long managers wait for it, and what it takes, over sample years.

The dashboard runs as in life, behind its gate, with the watch for alerts in its process. Beside it,
in turn, runs the same page as plain Streamlit makes it, on pandas over the raw rows.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from otziv.bench.dashboard_browser import chromium, window
from otziv.bench.dashboard_running import Dashboard, our_dashboard, plain_dashboard, sample_store
from otziv.bench.dashboard_sessions import hold, live
from otziv.bench.report import Report, Target
from otziv.sample_years.towns import LARGE

SESSIONS: Final = 50
LIVE_PAGES: Final = 10
LIVE_S: Final = 45.0
SETTLED_AFTER_S: Final = 20.0
"""The first round of the watch for alerts reads weeks, ten seconds after the start."""

PERIODS: Final = ("Last 13 weeks", "Last 4 weeks", "Last 52 weeks", "Last 7 days")
PLACES: Final = tuple(desk.name for desk in LARGE.desks[:3])

_OURS: Final = {"first": "/?lang=en", "choices": "/place?lang=en", "live": "", "held": "place"}
_PLAIN: Final = {"first": "/", "choices": "/", "live": "page=today", "held": ""}


def measure(runs: int = 5, data: Path | None = None) -> Report:
    """Measure both, ``runs`` times in turn.

    ``data``: a folder with sample years, which is only read; without them new ones are made.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="otziv-bench-")))
        store = sample_store(data or folder, folder)
        seen: dict[str, dict[str, list[float]]] = {"ours": {}, "plain": {}}
        foreign: list[str] = []
        ours = stack.enter_context(our_dashboard(folder / "ours", store))
        _look(ours, _OURS, seen["ours"], foreign, "_cold")
        plain = stack.enter_context(plain_dashboard(folder, store))
        _look(plain, _PLAIN, seen["plain"], [], "_cold")
        time.sleep(SETTLED_AFTER_S)
        theirs: list[str] = []
        both = (("ours", ours, _OURS, foreign), ("plain", plain, _PLAIN, theirs))
        for _ in range(runs):
            for name, dashboard, pages, others in both:
                _look(dashboard, pages, seen[name], others)
                _choose(dashboard, pages, seen[name], others)
        figures = {
            name: _figures(seen[name]) | _costs(dashboard, pages)
            for name, dashboard, pages, _ in both
        }
    return _report(figures["ours"], figures["plain"], foreign, runs)


def _look(
    dashboard: Dashboard,
    pages: Mapping[str, str],
    seen: dict[str, list[float]],
    foreign: list[str],
    suffix: str = "",
) -> None:
    """Open the first page with a fresh profile."""
    with chromium() as browser, window(browser, dashboard) as shown:
        seen.setdefault(f"first_page{suffix}_ms", []).append(shown.load(pages["first"]))
        foreign += shown.foreign


def _choose(
    dashboard: Dashboard,
    pages: Mapping[str, str],
    seen: dict[str, list[float]],
    foreign: list[str],
) -> None:
    """Change period and place, one after another."""
    with chromium() as browser, window(browser, dashboard) as shown:
        seen.setdefault("page_of_a_place_ms", []).append(shown.load(pages["choices"]))
        for period in PERIODS:
            seen.setdefault("period_ms", []).append(shown.choose("Period", period))
        for place in PLACES:
            seen.setdefault("place_ms", []).append(shown.choose("Place", place))
        foreign += shown.foreign


def _figures(seen: Mapping[str, list[float]]) -> dict[str, Any]:
    """The median of each, and of all changed choices together."""
    chosen = [*seen["period_ms"], *seen["place_ms"]]
    found: dict[str, Any] = {
        name: round(statistics.median(values)) for name, values in seen.items()
    }
    found["choice_ms"] = round(statistics.median(chosen))
    found["runs"] = {name: [round(value) for value in values] for name, values in seen.items()}
    return found


def _costs(dashboard: Dashboard, pages: Mapping[str, str]) -> dict[str, Any]:
    """Processor of renewals and memory of sessions; in a thread, which has no loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        renewed = pool.submit(live, dashboard, LIVE_PAGES, LIVE_S, pages["live"]).result()
        queries = ["", "period=91d", "period=364d"]
        first, last = pool.submit(hold, dashboard, SESSIONS, pages["held"], queries).result()
    return {
        "start_s": round(dashboard.ready_s, 1),
        "live_rerun_cpu_ms": [round(each.ms_each, 1) for each in renewed],
        "live_reruns": [each.reruns for each in renewed],
        "rss_mib_first": first.rss_mib,
        f"rss_mib_{SESSIONS}": last.rss_mib,
    }


def _report(
    ours: Mapping[str, Any], plain: Mapping[str, Any], foreign: list[str], runs: int
) -> Report:
    held = f"rss_mib_{SESSIONS}"
    return Report(
        name="dashboard",
        figures={**ours, "foreign_requests": len(foreign)},
        compared_with={"plain_streamlit": dict(plain)},
        targets={
            "first page, ms": Target(ours["first_page_ms"], 3000, "at most"),
            "changed choice, ms": Target(ours["choice_ms"], 700, "at most"),
            "processor of a live rerun, ms": Target(max(ours["live_rerun_cpu_ms"]), 15, "at most"),
            f"memory with {SESSIONS} sessions, MiB": Target(ours[held], 350, "at most"),
            "requests that leave the machine": Target(len(foreign), 0, "at most"),
        },
        notes=(
            f"{runs} runs, a fresh profile each, to the page's last change; Chromium is beside us",
            f"live: {LIVE_PAGES} pages, each part for {LIVE_S:g} s, less idle; the dearest counts",
            "the plain page: no gate, languages, minima, tables, texts; live is one count of today",
        ),
    )
