"""The kiosk's benchmark in small: real windows, pins and processes, and a short day."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from otziv.bench import kiosk
from otziv.bench.costs import busy_percent, open_files, pss_mib, rss_mib, threads
from otziv.bench.display import check_programs, open_display
from otziv.bench.kiosk import Sizes
from otziv.process import ProcessError
from otziv.spread import percentile_ms
from tests.otziv.documents import check_document

SMALL = Sizes(edges=4, presses=10, touches=3, idle_s=0.2, hours=3, presses_an_hour=30)

FIGURES = {
    "import_ms",
    "edge_to_light_ms",
    "void_window_to_thanks_ms",
    "thanked",
    "touch_to_frame_ms",
    "finger_to_frame_ms",
    "memory_pss_mib",
    "idle_percent",
    "screen_rss_mib",
    "screen_idle_percent",
    "first_day",
    "second_day",
}
PEERS = {
    "import_paho_ms",
    "gpiozero_edge_to_light_ms",
    "gpiozero_memory_pss_mib",
    "gpiozero_idle_percent",
    "kivy_touch_to_frame_ms",
    "kivy_finger_to_frame_ms",
    "kivy_rss_mib",
    "kivy_idle_percent",
}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_bench_kiosk_in_small() -> None:
    """Each press is thanked for, each touch seen, nothing grows, and every figure is there.

    Whether targets are met is told by the full run only.
    """
    document = kiosk.measure(runs=1, sizes=SMALL).as_document()
    check_document(document, FIGURES, PEERS, 12)
    figures, peers = document["figures"], document["compared_with"]
    assert figures["thanked"] > 0
    assert figures["edge_to_light_ms"]["n"] == peers["gpiozero_edge_to_light_ms"]["n"] == 4
    assert figures["touch_to_frame_ms"]["n"] == peers["kivy_touch_to_frame_ms"]["n"] == 3
    assert figures["second_day"]["collected"] > figures["first_day"]["collected"] > 0
    for what in ("files", "threads"):
        assert figures["second_day"][what] == figures["first_day"][what]


@pytest.mark.parametrize("program", ["Xvfb", "xdotool"])
def test_a_missing_program_is_said_at_once(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after minutes, not as a skip: what is missing, and what to do."""
    for other in {"Xvfb", "xdotool"} - {program}:
        (tmp_path / other).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProcessError, match=f"{program} is missing.*install it"):
        check_programs()


def test_without_kivy_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that brings it is named."""
    monkeypatch.setitem(sys.modules, "kivy", None)
    with pytest.raises(ProcessError, match=r"Kivy is missing.*otziv\[touch\]"):
        check_programs()


def test_a_display_that_does_not_start_says_where_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its log is named."""
    (tmp_path / "Xvfb").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "Xvfb").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with (
        pytest.raises(ProcessError, match=r"Xvfb does not start; see .*log"),
        open_display(tmp_path / "display"),
    ):
        pass


def test_costs_are_those_of_the_process() -> None:
    """One that works takes a core, one that sleeps nothing; memory and files are its own."""
    busy, idle = "while True: pass", "import time; held = b'x' * (64 << 20); time.sleep(60)"
    processes = [subprocess.Popen([sys.executable, "-c", code]) for code in (busy, idle)]
    try:
        pids = {"busy": processes[0].pid, "idle": processes[1].pid}
        end_s = time.monotonic() + 20
        while rss_mib(pids["idle"]) < 64:
            assert time.monotonic() < end_s
            time.sleep(0.01)
        percents = busy_percent(pids, 1.0)
        assert percents["idle"] <= 5 < percents["busy"] <= 105
        assert 64 <= pss_mib(pids["idle"]) <= rss_mib(pids["idle"]) + 0.1
        assert threads(pids["idle"]) == 1
        before = open_files(os.getpid())
        with Path(os.devnull).open("rb"):
            assert open_files(os.getpid()) == before + 1
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize(("share", "expected"), [(0, 1000), (0.5, 3000), (0.95, 4000), (1, 4000)])
def test_a_percentile_is_one_of_the_durations(share: float, expected: float) -> None:
    """Nothing is made up between them; without any there is none."""
    assert percentile_ms([3, 1, 4, 2], share) == expected
    with pytest.raises(ValueError, match="no durations"):
        percentile_ms([], share)
