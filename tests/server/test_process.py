"""Children die with their parent, whatever happens to it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from broker.server.process import LOOPBACK, end, free_port, is_free, popen_bound

PATIENCE_S = 20.0

PARENT = """
import sys, time
from broker.server.process import popen_bound
child = popen_bound([sys.executable, "-c", {child!r}], when_parent_dies=__import__("signal").{sig})
print(child.pid, flush=True)
time.sleep(60)
"""
SLEEPER = "import time; time.sleep(60)"


def is_gone(pid: int) -> bool:
    """Whether the process has ended (or waits for its new parent to notice)."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(pid: int) -> None:
    """Wait for the end of a process that isn't our child."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_gone(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.02)


@pytest.fixture
def parent(project: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A Python process that starts a bound child and prints its process id."""
    code = [sys.executable, "-c", request.param]
    with subprocess.Popen(code, stdout=subprocess.PIPE, text=True, cwd=project) as process:
        yield process
        process.kill()


def child_of(parent: subprocess.Popen[str]) -> int:
    """The process id that the parent prints."""
    assert parent.stdout is not None
    return int(parent.stdout.readline())


@pytest.mark.parametrize("parent", [PARENT.format(child=SLEEPER, sig="SIGKILL")], indirect=True)
def test_a_killed_parent_takes_its_child_along(parent: subprocess.Popen[str]) -> None:
    """SIGKILL leaves the parent no time for anything, and still nothing stays behind."""
    child = child_of(parent)
    assert not is_gone(child)
    parent.kill()
    wait_until_gone(child)


@pytest.mark.parametrize(
    "parent",
    [
        PARENT.format(
            child="import signal, sys, time, pathlib\n"
            "signal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
            "time.sleep(60)",
            sig="SIGTERM",
        )
    ],
    indirect=True,
)
def test_the_signal_can_be_chosen(parent: subprocess.Popen[str]) -> None:
    """A program that should tidy up is asked to end."""
    child = child_of(parent)
    parent.kill()
    wait_until_gone(child)


def test_the_program_itself_has_the_process_id_and_the_status() -> None:
    """No wrapper stays between us and the program."""
    code = "import os, sys; print(os.getpid()); sys.exit(7)"
    with popen_bound([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert int(process.stdout.read()) == process.pid
    assert process.returncode == 7


def test_a_program_that_cannot_run_says_so() -> None:
    """Status 127 and a line that names it."""
    with popen_bound(["/no/such/program"], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert b"cannot run /no/such/program: No such file" in process.stderr.read()
    assert process.returncode == 127


def test_a_child_whose_parent_is_gone_already_does_not_start(project: Path) -> None:
    """Between fork and prctl a parent can die; then nobody would end the child."""
    script = project / "broker/server/bound.py"
    ended = subprocess.run(
        [sys.executable, "-I", "-S", script, "9", "1", sys.executable, "-c", "print('ran')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "parent 1 has ended" in ended.stderr


def test_the_environment_can_be_given() -> None:
    """``env`` is the program's whole environment."""
    code = "import os; print(os.environ['OTZIV_X'])"
    args = [sys.executable, "-c", code]
    with popen_bound(args, stdout=subprocess.PIPE, env={"OTZIV_X": "да"}) as process:
        assert process.stdout is not None
        assert process.stdout.read().decode() == "да\n"


def test_ending_kills_what_does_not_listen() -> None:
    """SIGTERM first; a program that ignores it is killed."""
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(60)"
    )
    with popen_bound([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert end(process, timeout_s=0.2) == -signal.SIGKILL


def test_a_free_port_is_free_until_somebody_listens() -> None:
    """What ``is_free`` says is what binding would find."""
    port = free_port()
    assert is_free(port)
    with socket.create_server((LOOPBACK, port)):
        assert not is_free(port)
