"""``otziv kiosk run --virtual`` as people see it: firmware, and screen and buttons in a window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.display import Display, display, wait_until

__all__ = ["display"]

DEADLINE_S = 40.0
BLACK = {(0, 0, 0)}


@pytest.fixture
def kiosk(display: Display, tmp_path: Path, project: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A virtual kiosk whose broker is not there."""
    words = ["-m", "otziv", "kiosk", "run", "--virtual", "--broker", "127.0.0.1:1"]
    with subprocess.Popen(
        [sys.executable, *words, "--data", str(tmp_path / "data"), "--window", "480x320"],
        env=display.environment | {"PYTHONPATH": str(project)},
        stdout=subprocess.DEVNULL,
    ) as process:
        yield process
        process.kill()


def _screens(kiosk: subprocess.Popen[bytes]) -> list[int]:
    """The processes of ``kiosk`` that draw."""
    children = Path(f"/proc/{kiosk.pid}/task/{kiosk.pid}/children").read_text().split()
    lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, line in lines.items() if b"kiosk.ui" in line]


def _wait_until_seen(display: Display) -> None:
    wait_until(lambda: display.colours() > BLACK, "a window", DEADLINE_S)


@pytest.mark.timeout(180)
def test_a_screen_that_dies_comes_back(
    kiosk: subprocess.Popen[bytes], display: Display, tmp_path: Path
) -> None:
    """Within ten seconds, while the buttons go on working; then Ctrl-C ends all of it."""
    _wait_until_seen(display)
    (first,) = _screens(kiosk)
    os.kill(first, signal.SIGKILL)
    killed_s = time.monotonic()
    wait_until(lambda: any(pid != first for pid in _screens(kiosk)), "another screen", DEADLINE_S)
    _wait_until_seen(display)
    assert time.monotonic() - killed_s < 10
    assert (tmp_path / "data/panel.sock").exists()
    kiosk.send_signal(signal.SIGINT)
    assert kiosk.wait(DEADLINE_S) == 0


@pytest.mark.timeout(180)
def test_closing_the_window_ends_it(kiosk: subprocess.Popen[bytes], display: Display) -> None:
    """What is closed by somebody is not opened again."""
    _wait_until_seen(display)
    (screen,) = _screens(kiosk)
    os.kill(screen, signal.SIGTERM)
    assert kiosk.wait(DEADLINE_S) == 0
