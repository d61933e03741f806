"""The screen killed: buttons go on working, and it comes back by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from hardware.virtual import VirtualPanelClient
from tests.fixtures.display import Display, display, wait_until
from tests.kiosk.builders import uuid
from tests.kiosk.test_kills import DEADLINE_S, Presser, kept

__all__ = ["display"]

BLACK = {(0, 0, 0)}


def screens(kiosk: subprocess.Popen[bytes]) -> list[int]:
    """The processes of a virtual ``kiosk`` that draw."""
    children = Path(f"/proc/{kiosk.pid}/task/{kiosk.pid}/children").read_text().split()
    lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, line in lines.items() if b"kiosk.ui" in line]


@pytest.mark.timeout(180)
def test_buttons_work_while_the_screen_is_dead(
    display: Display, tmp_path: Path, project: Path
) -> None:
    """Who presses when its window has gone is thanked; within ten seconds it is back, drawing."""
    data = tmp_path / "data"
    words = ["-m", "kiosk", "run", "--virtual", "--broker", "127.0.0.1:1", "--data", str(data)]
    words += ["--window", "480x320"]  # some of the display stays black
    environment = display.environment | {"PYTHONPATH": str(project)}
    with (
        subprocess.Popen(
            [sys.executable, *words], env=environment, stdout=subprocess.DEVNULL
        ) as kiosk,
        closing(VirtualPanelClient(data / "panel.sock")) as panel,
    ):
        try:
            wait_until(lambda: display.colours() > BLACK, "a window", DEADLINE_S)
            (first,) = screens(kiosk)
            os.kill(first, signal.SIGKILL)
            killed_s = time.monotonic()
            wait_until(lambda: display.colours() == BLACK, "the end of the window")
            presser = Presser(panel)
            presser.press()
            wait_until(lambda: presser.is_thanked(uuid(1)), "thanks", DEADLINE_S)
            wait_until(lambda: display.colours() > BLACK, "a window again", DEADLINE_S)
            assert time.monotonic() - killed_s < 10
            assert first not in screens(kiosk)
            kiosk.send_signal(signal.SIGINT)
            assert kiosk.wait(DEADLINE_S) == 0
        finally:
            kiosk.kill()
    assert set(kept(data / "outbox.db")) == set(presser.pressed.items())
