"""A kiosk on a desktop: its processes are looked after, and none is left."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hardware.virtual.client import VirtualPanelClient
from tests.kiosk.builders import uuid

DEADLINE_S = 30.0
PROJECT = Path(__file__).parents[2]

SUPERVISE = """
import sys
from kiosk.cli.supervisor import Child, supervise
sys.exit(supervise([Child("one", [sys.executable, "-c", sys.argv[1]], {7: 3})]))
"""


def _wait_until(is_true: Callable[[], bool], what: str) -> None:
    """Wait until ``is_true``."""
    deadline_s = time.monotonic() + DEADLINE_S
    while not is_true():
        assert time.monotonic() < deadline_s, f"waited in vain: {what}"
        time.sleep(0.02)


@contextmanager
def _running(*argv: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A process of Python; killed at the end if it is still there."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)} | more
    with subprocess.Popen(
        [sys.executable, *argv], stdout=subprocess.DEVNULL, env=environment, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _lives(pid: int) -> bool:
    """Whether ``pid`` is a process that has not ended; whoever inherits it may not have noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _child(pid: int, *, but: int = 0) -> int:
    """The one child of ``pid``, once it is there and another one than ``but``."""
    _wait_until(lambda: any(each != but for each in _children(pid)), "a child")
    return next(each for each in _children(pid) if each != but)


def _press(data: Path, press_id: str) -> None:
    """Press a face, and wait for thanks."""
    with closing(VirtualPanelClient(data / "panel.sock")) as visitor:
        _wait_until(lambda: visitor.press("face-4", press_id), "a panel")
        _wait_until(
            lambda: any(
                shown.signal == "thanks" and shown.press_id == press_id
                for shown in visitor.wait(0.5)
            ),
            "thanks",
        )


@pytest.fixture
def argv(tmp_path: Path) -> list[str]:
    """A virtual kiosk without a screen, whose broker is not there."""
    words = ["-m", "kiosk", "run", "--virtual", "--headless", "--broker", "127.0.0.1:1"]
    return [*words, "--data", str(tmp_path / "data")]


def test_a_virtual_kiosk_thanks_and_ends(argv: list[str], tmp_path: Path) -> None:
    """A press is thanked for; firmware that is killed comes back; Ctrl-C ends all, status 0."""
    with _running(*argv) as kiosk:
        _press(tmp_path / "data", uuid(1))
        first = _child(kiosk.pid)
        os.kill(first, signal.SIGKILL)
        second = _child(kiosk.pid, but=first)
        _press(tmp_path / "data", uuid(2))
        kiosk.send_signal(signal.SIGINT)
        assert kiosk.wait(DEADLINE_S) == 0
    assert not _lives(second)


def test_nothing_outlives_a_virtual_kiosk(argv: list[str], tmp_path: Path) -> None:
    """Not even when it is killed without a chance to end its children."""
    with _running(*argv) as kiosk:
        _press(tmp_path / "data", uuid(1))
        firmware = _child(kiosk.pid)
        kiosk.kill()
    _wait_until(lambda: not _lives(firmware), "the end of the firmware")


def test_a_scratch_folder_is_gone_afterwards(argv: list[str], tmp_path: Path) -> None:
    """Without ``--data`` nothing is left on the disk."""
    with _running(*argv[:-2], TMPDIR=str(tmp_path)) as kiosk:
        _wait_until(lambda: any(tmp_path.glob("otziv-kiosk-*/panel.sock")), "a panel")
        kiosk.send_signal(signal.SIGTERM)
        assert kiosk.wait(DEADLINE_S) == 0
    assert not any(tmp_path.iterdir())


def test_a_kiosk_that_cannot_start_is_not_tried_again(argv: list[str], tmp_path: Path) -> None:
    """Another one uses its folder: status 2, at once."""
    with _running(*argv) as kiosk:
        _press(tmp_path / "data", uuid(1))
        with _running(*argv) as other:
            assert other.wait(DEADLINE_S) == 2
        assert kiosk.poll() is None


def _supervised(code: str, *arguments: str) -> tuple[str, ...]:
    return ("-c", SUPERVISE, code, *arguments)


def test_a_verdict_ends_all() -> None:
    """The status of a child that means the end becomes ours."""
    with _running(*_supervised("raise SystemExit(7)")) as supervisor:
        assert supervisor.wait(DEADLINE_S) == 3


def test_a_child_that_dies_at_once_is_started_less_and_less_often(tmp_path: Path) -> None:
    """The pauses double: a child that can't live must not heat the machine."""
    log = tmp_path / "log"
    code = f"import time; open({str(log)!r}, 'a').write(f'{{time.monotonic()}}\\n')"
    with _running(*_supervised(code)) as supervisor:
        _wait_until(lambda: log.exists() and log.read_text().count("\n") >= 4, "four starts")
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(DEADLINE_S) == 0
    starts = [float(line) for line in log.read_text().splitlines()]
    first, second, third = (b - a for a, b in itertools.pairwise(starts[:4]))
    assert first >= 0.45
    assert second >= 0.95
    assert third >= 1.95


def test_a_child_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """It is asked to, and after ten seconds it is not asked any more."""
    ready = tmp_path / "ready"
    code = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(ready)!r}, 'w').close()\n"
        "time.sleep(300)"
    )
    with _running(*_supervised(code)) as supervisor:
        _wait_until(ready.exists, "the child")
        child = _child(supervisor.pid)
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(DEADLINE_S) == 0
    assert not _lives(child)
