"""Child processes that don't outlive us, and ports for them to listen on."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final, TypeAlias

Stream: TypeAlias = int | IO[bytes] | None

LOOPBACK: Final = "127.0.0.1"

_PORTS: Final = range(15_000, 32_000)
"""Below the ports that Linux gives to outgoing connections (32768 and up): one of those could
take our port while the process that listens on it is being restarted."""

_BOUND: Final = Path(__file__).with_name("bound.py")


def popen_bound(
    args: Sequence[str | Path],
    *,
    when_parent_dies: signal.Signals = signal.SIGKILL,
    stdin: Stream = subprocess.DEVNULL,
    stdout: Stream = None,
    stderr: Stream = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program that dies with us, even when we are killed with SIGKILL.

    The result's ``pid`` and exit status are the program's own. It costs the start of a bare
    Python, some 15 ms.

    Three things to know. The kernel looks at the *thread* that started the program: start it
    from one that lives as long as the program shall. The program's own children are not bound.
    And a program that changes its user loses the binding. Where there is no ``prctl`` (not
    Linux) the program starts, but isn't bound.

    Args:
        args: the program and its arguments; the program is looked for on the path.
        when_parent_dies: SIGKILL for what survives a power cut anyway; SIGTERM for what should
            clean up, and can be trusted to end.
        stdin: as for :class:`subprocess.Popen`; nothing by default, so that a child doesn't take
            the terminal's input.
        stdout: as for :class:`subprocess.Popen`.
        stderr: as for :class:`subprocess.Popen`.
        env: its whole environment; ours if ``None``.

    Raises:
        OSError: Python itself can't be started. A program that can't be run is not seen here: it
            ends with status 127 and a line on ``stderr``.
    """
    signal_number, parent_pid = str(int(when_parent_dies)), str(os.getpid())
    binding = [sys.executable, "-I", "-S", str(_BOUND), signal_number, parent_pid]
    return subprocess.Popen(
        [*binding, *map(str, args)], stdin=stdin, stdout=stdout, stderr=stderr, env=env
    )


def end(process: subprocess.Popen[bytes], timeout_s: float = 5.0) -> int:
    """End a child: SIGTERM, and SIGKILL after ``timeout_s``; return its exit status."""
    process.terminate()
    try:
        return process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on ``port`` of this machine's address ``host`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens now; another process may still be quicker.

    Raises:
        OSError: none of a thousand tries was free.
    """
    for port in random.SystemRandom().sample(_PORTS, 1000):
        if is_free(port):
            return port
    raise OSError(f"no free port between {_PORTS.start} and {_PORTS.stop}")
