"""A whole kiosk as a process, with a virtual panel at its socket and nobody to send to."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from broker.server.process import free_port
from hardware.virtual import VirtualPanelClient
from kiosk.outbox import Outbox
from tests.kiosk.builders import uuid

DEADLINE_S = 30.0
MAX_PSS_KB = 48 * 1024

SETTINGS = """
site = "troyan"
device = "kiosk-1"
touchpoint = "hall-desk-1"
data = "data"
clock = "trusted"
broker.port = {port}
panel.kind = "virtual"
panel.path = "panel.sock"
"""


@contextmanager
def running(settings: Path, project: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A kiosk process; killed at the end if it is still there."""
    command = [sys.executable, "-m", "kiosk", "run", "--settings", str(settings), *options]
    environment = os.environ | {"PYTHONPATH": str(project)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The settings of a kiosk in ``tmp_path``, whose broker is not there."""
    path = tmp_path / "kiosk.toml"
    path.write_text(SETTINGS.format(port=free_port()))
    return path


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[VirtualPanelClient]:
    """Somebody at the kiosk's panel, present before and after it."""
    with closing(VirtualPanelClient(tmp_path / "panel.sock")) as client:
        yield client


def _press(visitor: VirtualPanelClient, button: str, press_id: str) -> bool:
    """Press a button; whether the press was thanked for, before the kiosk went or gave up."""
    deadline = time.monotonic() + DEADLINE_S
    while not visitor.press(button, press_id):
        assert time.monotonic() < deadline, "no kiosk"
        time.sleep(0.02)
    while time.monotonic() < deadline:
        shown = visitor.wait(1.0)
        if any(s.signal == "thanks" and s.press_id == press_id for s in shown):
            return True
        if not visitor.is_connected:
            return False
    raise AssertionError("neither thanks nor an end")


def _kept(data: Path) -> dict[str, int]:
    """Id and number of what is in the outbox."""
    with closing(sqlite3.connect(data / "outbox.db")) as connection:
        return dict(connection.execute("SELECT id, seq FROM event ORDER BY seq"))


def test_a_press_is_thanked_for_and_there_after_the_end(
    settings: Path, visitor: VirtualPanelClient, project: Path, tmp_path: Path
) -> None:
    """SIGTERM ends it in good order; the press waits in the outbox for a broker."""
    with running(settings, project) as kiosk:
        assert _press(visitor, "face-4", uuid(1))
        kiosk.send_signal(signal.SIGTERM)
        assert kiosk.wait(DEADLINE_S) == 0
    assert _kept(tmp_path / "data") == {uuid(1): 1}


def test_every_thanked_press_survives_kills(
    settings: Path, visitor: VirtualPanelClient, project: Path, tmp_path: Path
) -> None:
    """SIGKILL at any moment: what was thanked for is there, with numbers without gaps."""
    chance = Random(11)
    thanked: list[str] = []
    for kill in range(4):
        with running(settings, project) as kiosk:
            for press in range(chance.randint(1, 4)):
                press_id = uuid(kill * 100 + press)
                assert _press(visitor, f"face-{press % 2 + 3}", press_id)
                thanked.append(press_id)
            visitor.press("face-1", uuid(kill * 100 + 99))
            time.sleep(chance.uniform(0.0, 0.1))
            kiosk.kill()
    kept = _kept(tmp_path / "data")
    assert set(thanked) <= set(kept)
    assert list(kept.values()) == list(range(1, len(kept) + 1))


def test_a_running_kiosk_is_small(
    settings: Path, visitor: VirtualPanelClient, project: Path
) -> None:
    """Panel, session, outbox and link together stay within 48 MB (PSS)."""
    with running(settings, project) as kiosk:
        assert _press(visitor, "face-4", uuid(1))
        rollup = Path(f"/proc/{kiosk.pid}/smaps_rollup").read_text()
    (pss_kb,) = [int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")]
    assert pss_kb <= MAX_PSS_KB


def test_logs_are_json_if_asked_for_and_tell_no_value(
    settings: Path, visitor: VirtualPanelClient, project: Path
) -> None:
    """One object a line; which face was pressed is nowhere in them."""
    with running(settings, project, "--log-json", "--log-level", "debug") as kiosk:
        assert _press(visitor, "face-4", uuid(1))
        kiosk.send_signal(signal.SIGTERM)
        assert kiosk.stderr is not None
        lines = [json.loads(line) for line in kiosk.stderr]
    assert lines
    assert all({"at", "level", "logger", "message"} <= set(line) for line in lines)
    assert not any("face" in line["message"] for line in lines)


@pytest.mark.parametrize(
    ("content", "expected"),
    [("", "site"), (SETTINGS.format(port=1).replace("virtual", "gpio"), "panel")],
)
def test_a_kiosk_that_cannot_start_says_why(
    tmp_path: Path, project: Path, content: str, expected: str
) -> None:
    """Exit status 2, and an error that a clerk can read out on the telephone."""
    path = tmp_path / "kiosk.toml"
    path.write_text(content)
    with running(path, project) as kiosk:
        assert kiosk.stderr is not None
        assert kiosk.wait(DEADLINE_S) == 2
        error = kiosk.stderr.read()
    assert "can't start" in error
    assert expected in error
    assert "Traceback" not in error


def test_an_outbox_of_a_newer_program_stops_the_kiosk(
    settings: Path, project: Path, tmp_path: Path
) -> None:
    """Better dark than writing into what we don't understand."""
    Outbox(tmp_path / "data" / "outbox.db").close()
    with closing(sqlite3.connect(tmp_path / "data" / "outbox.db")) as connection:
        connection.execute("PRAGMA user_version = 2")
    with running(settings, project) as kiosk:
        assert kiosk.stderr is not None
        assert kiosk.wait(DEADLINE_S) == 2
        assert "newer program" in kiosk.stderr.read()


def test_two_kiosks_do_not_share_a_folder(
    settings: Path, project: Path, visitor: VirtualPanelClient, tmp_path: Path
) -> None:
    """The second one says whose folder it is, and ends; the first one goes on."""
    other = tmp_path / "other.toml"
    other.write_text(settings.read_text().replace("panel.sock", "other.sock"))
    with running(settings, project):
        assert _press(visitor, "face-4", uuid(1))
        with running(other, project) as kiosk:
            assert kiosk.stderr is not None
            assert kiosk.wait(DEADLINE_S) == 2
            assert "another kiosk uses" in kiosk.stderr.read()


IMPORT_TIME = """
import time
begin = time.process_time()
import {module}
print(time.process_time() - begin)
"""


def _import_s(module: str, project: Path, cache: Path) -> float:
    """Processor time of an import in a fresh interpreter, from compiled files as on a kiosk."""
    environment = os.environ | {"PYTHONPATH": str(project), "PYTHONPYCACHEPREFIX": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", IMPORT_TIME.format(module=module)]
    return float(subprocess.check_output(command, env=environment, text=True))


def test_the_firmware_is_imported_quickly(project: Path, tmp_path: Path) -> None:
    """All of it within three times a bare paho client; the best of some runs, in turns."""
    modules = ("kiosk.firmware", "paho.mqtt.client")
    runs = [[_import_s(module, project, tmp_path) for module in modules] for _ in range(5)]
    firmware_s, paho_s = (min(times) for times in zip(*runs, strict=True))
    assert firmware_s <= 3 * paho_s
