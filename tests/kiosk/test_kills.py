"""Killed in the middle of presses: who was thanked is counted once, and nobody else is.

The real firmware as a process, with a virtual panel and an outbox on the disk. Each life ends by
SIGKILL at a moment of its own, while visitors are pressing.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from hardware.buttons import Press
from hardware.virtual import VirtualPanelClient
from tests.fixtures.display import wait_until
from tests.kiosk.builders import uuid

DEADLINE_S = 40.0
PRESSES = 6
EVERY_MS = 60.0
"""Just over the 50 ms in which two presses would make each other void."""

SETTINGS = """
site = "troyan"
device = "kiosk-1"
touchpoint = "hall-desk-1"
data = "data"
clock = "trusted"
broker.port = 1
panel.kind = "virtual"
panel.path = "panel.sock"
"""


class Presser:
    """Visitors without end, who remember what they pressed and for what they were thanked.

    Attributes:
        pressed: the value of each press, by its id.
        thanked: ids of those thanked for.
    """

    def __init__(self, panel: VirtualPanelClient) -> None:
        self.pressed: dict[str, int] = {}
        self.thanked: set[str] = set()
        self._panel = panel

    def press(self) -> None:
        """Press some times, one after the other: the good faces, after which nothing is asked."""
        steps = [self._step(number) for number in range(PRESSES)]
        wait_until(lambda: self._panel.play(*steps), "a panel", DEADLINE_S)

    def wait_until_served(self) -> None:
        """Wait until the first press of this life is felt: then the kiosk is in the midst of it."""
        wait_until(lambda: self._look(0.5), "light", DEADLINE_S)

    def look(self, seconds: float) -> None:
        """See what is shown for so long."""
        end_s = time.monotonic() + seconds
        while (left_s := end_s - time.monotonic()) > 0:
            self._look(left_s)

    def is_thanked(self, press_id: str) -> bool:
        """Whether that press was thanked for, after one more look."""
        self._look(0.1)
        return press_id in self.thanked

    def look_to_the_end(self) -> None:
        """See what was shown before the kiosk died."""
        while self._panel.is_connected:
            self._look(0.1)

    def _step(self, number: int) -> Press:
        value, press_id = 3 + number % 2, uuid(len(self.pressed) + 1)
        self.pressed[press_id] = value
        return Press(button=f"face-{value}", id=press_id, after_ms=number * EVERY_MS)

    def _look(self, seconds: float) -> bool:
        """See what is shown; whether a press was answered."""
        shown = [each for each in self._panel.wait(seconds) if each.press_id is not None]
        self.thanked |= {each.press_id or "" for each in shown if each.signal == "thanks"}
        return bool(shown)


@contextmanager
def living(settings: Path, project: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One life of the kiosk, ended by SIGKILL."""
    command = [sys.executable, "-m", "kiosk", "run", "--settings", str(settings)]
    environment = os.environ | {"PYTHONPATH": str(project)}
    with (
        log.open("ab") as told,
        subprocess.Popen(command, stderr=told, env=environment) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def kept(outbox: Path) -> list[tuple[str, int]]:
    """Id and value of each event in the outbox, in order; its numbers have no gaps."""
    with closing(sqlite3.connect(outbox)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT seq, id, body FROM event ORDER BY seq").fetchall()
    assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
    return [(press_id, json.loads(body)["value"]) for _, press_id, body in rows]


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(12, id="12"),
        pytest.param(200, id="200", marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ],
)
def test_who_was_thanked_is_counted_once(kills: int, tmp_path: Path, project: Path) -> None:
    """SIGKILL at a random moment of six presses: each thanked one is there once, with its value.

    A press that the kiosk died of may be there or not; what nobody pressed never is.
    """
    settings = tmp_path / "kiosk.toml"
    settings.write_text(SETTINGS)
    chance = Random(kills)
    with closing(VirtualPanelClient(tmp_path / "panel.sock")) as panel:
        presser = Presser(panel)
        for _ in range(kills):
            with living(settings, project, tmp_path / "log") as kiosk:
                presser.press()
                presser.wait_until_served()
                presser.look(chance.uniform(0.0, PRESSES * EVERY_MS / 1000))
                kiosk.kill()
                presser.look_to_the_end()
            found = kept(tmp_path / "data/outbox.db")
            ids = [press_id for press_id, _ in found]
            assert len(ids) == len(set(ids))
            assert presser.thanked <= set(ids)
            assert set(found) <= set(presser.pressed.items())
    # The moments were those of commits: some presses of nearly every life were thanked for.
    assert len(presser.thanked) >= kills
