"""A child process: started, waited for, killed, started again; and never left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from otziv.process import Process, ProcessError

PATIENCE_S = 20.0

READY = """
import os, socket
address = os.environ["NOTIFY_SOCKET"].replace("@", chr(0), 1)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
    manager.sendto(b"READY=1", address)
"""
SLEEP = """
import time
print("up", flush=True)
time.sleep(60)
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
PARENT = """
import sys, time
from pathlib import Path
from otziv.process import Process
child = Process("child", [sys.executable, "-c", "import time; time.sleep(60)"], Path(sys.argv[1]))
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""

Make = Callable[..., Process]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Children that run a piece of Python, ended with the test."""
    made: list[Process] = []

    def child(code: str, environment: dict[str, str] | None = None) -> Process:
        argv = [sys.executable, "-c", code]
        process = Process("child", argv, tmp_path / "logs" / "child.log", environment)
        made.append(process)
        return process

    yield child
    for process in made:
        process.kill()


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until ``what`` holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_until_up(process: Process, times: int = 1) -> None:
    """Wait until the child has said so in its log."""
    wait_for(lambda: process.log.exists() and process.log.read_text().count("up\n") == times)


def test_it_runs_between_start_and_stop(make: Make) -> None:
    """It has an id while it runs, and none before and after; a second start changes nothing."""
    child = make(SLEEP)
    assert (child.is_running, child.pid) == (False, None)
    child.start()
    pid = child.pid
    child.start()
    assert child.is_running
    assert child.pid == pid is not None
    child.stop()
    assert (child.is_running, child.pid) == (False, None)
    assert not psutil.pid_exists(pid)


def test_nothing_to_end_is_no_fault(make: Make) -> None:
    """Before its start it can be checked, stopped and killed."""
    child = make(SLEEP)
    child.check()
    child.ask_to_end()
    child.stop()
    child.kill()


def test_it_can_be_started_again_and_its_log_goes_on(make: Make) -> None:
    """After a kill, as often as one likes."""
    child = make(SLEEP)
    for life in range(1, 4):
        child.start()
        wait_until_up(child, life)
        child.kill()
        assert not child.is_running


def test_what_does_not_listen_is_killed(make: Make) -> None:
    """A child that ignores SIGTERM is ended all the same."""
    child = make(DEAF + SLEEP)
    child.start()
    wait_until_up(child)
    child.ask_to_end()
    child.stop(timeout_s=0.3)
    assert not child.is_running


def test_it_gets_our_environment_and_more(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given is added to ours."""
    monkeypatch.setenv("OTZIV_OURS", "наше")
    child = make(
        "import os; print(os.environ['OTZIV_OURS'], os.environ['OTZIV_MORE'])",
        {"OTZIV_MORE": "още"},
    )
    child.start()
    wait_for(lambda: not child.is_running)
    assert child.log.read_text(encoding="utf-8") == "наше още\n"


def test_its_end_is_told_with_the_end_of_its_log(make: Make) -> None:
    """The error has the status, where the log is, and its last lines."""
    child = make("import sys\nfor n in range(100): print('line', n)\nsys.exit(7)")
    child.start()
    wait_for(lambda: not child.is_running)
    with pytest.raises(ProcessError) as raised:
        child.check()
    said = str(raised.value)
    assert said.startswith("child ended with status 7")
    assert str(child.log) in said
    assert said.endswith("line 99")
    assert "line 80" not in said


def test_a_running_child_passes_the_check(make: Make) -> None:
    """No error while it runs."""
    child = make(SLEEP)
    child.start()
    child.check()


def test_it_says_when_it_is_ready(make: Make) -> None:
    """The wait ends with its word, not with the time-out."""
    child = make(READY + SLEEP)
    child.start()
    started_s = time.monotonic()
    child.wait_until_ready(60)
    assert time.monotonic() - started_s < 50
    assert child.is_running


def test_death_before_it_is_ready_is_told_at_once(make: Make) -> None:
    """With its last words, long before the time-out."""
    child = make("raise SystemExit('no such broker')")
    child.start()
    started_s = time.monotonic()
    with pytest.raises(ProcessError, match=r"(?s)status 1.*no such broker"):
        child.wait_until_ready(60)
    assert time.monotonic() - started_s < 50


def test_never_ready_is_told_after_the_time(make: Make) -> None:
    """It runs, but says nothing: the error names its log."""
    child = make(SLEEP)
    child.start()
    with pytest.raises(ProcessError, match=r"not ready after 0 s; see .*child\.log"):
        child.wait_until_ready(0.3)


def test_other_words_are_not_ready(make: Make) -> None:
    """What else a service may say to its manager does not end the wait."""
    child = make(READY.replace("READY=1", "STATUS=migrating") + SLEEP)
    child.start()
    with pytest.raises(ProcessError, match="not ready"):
        child.wait_until_ready(1)


def test_a_child_that_was_not_started_is_never_ready(make: Make) -> None:
    """There is nobody to wait for."""
    with pytest.raises(ProcessError, match="was not started"):
        make(SLEEP).wait_until_ready(1)


def test_the_word_of_an_earlier_life_does_not_count(make: Make, tmp_path: Path) -> None:
    """Killed after it was ready, it must say so again."""
    child = make(f"import os\nif not os.path.exists({str(tmp_path / 'again')!r}):" + indent(READY))
    child.argv[-1] += SLEEP
    child.start()
    wait_until_up(child)  # its word is waiting to be heard
    child.kill()
    (tmp_path / "again").touch()
    child.start()
    with pytest.raises(ProcessError, match="not ready"):
        child.wait_until_ready(1)


def indent(code: str) -> str:
    """``code`` as the body of a statement."""
    return code.replace("\n", "\n    ") + "\n"


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    """SIGKILL the parent: the child is gone soon after."""
    argv = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs([child], timeout=PATIENCE_S)
    assert not alive
