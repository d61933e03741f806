"""Child processes that are started again when they die, and never outlive us.

For the virtual kiosk, which has no systemd. One thread, so that the kernel's promise to end our
children with us (which looks at the thread that started them) holds.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

_log: Final = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 5.0
STEADY_S: Final = 60.0
"""A child that lived so long did not die of its start: its pause begins anew."""

END_S: Final = 10.0
"""How long children have to end when they are asked to."""

_PR_SET_PDEATHSIG: Final = 1


@dataclass
class Child:
    """One child.

    Attributes:
        name: for the log.
        argv: its program and arguments.
        verdicts: its exit status → ours: then all is over, instead of a new start.
    """

    name: str
    argv: Sequence[str]
    verdicts: Mapping[int, int] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    due_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S

    def start(self, now_s: float) -> None:
        """Start it, in a process group of its own: Ctrl-C is for us, and we end it in order."""
        self.process = subprocess.Popen(
            self.argv,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_dying_with(os.getpid()),  # noqa: PLW1509 there is one thread
        )
        self.started_s = now_s

    def bury(self, now_s: float) -> int | None:
        """Note that it ended, and when it is due again; returns our verdict, if it has one."""
        if self.process is None or (status := self.process.poll()) is None:
            return None
        self.process = None
        if status in self.verdicts:
            return self.verdicts[status]
        if now_s - self.started_s > STEADY_S:
            self.pause_s = FIRST_PAUSE_S
        self.due_s = now_s + self.pause_s
        _log.warning("the %s ended (%d): again in %.1f s", self.name, status, self.pause_s)
        self.pause_s = min(2 * self.pause_s, LONGEST_PAUSE_S)
        return None


def supervise(children: Sequence[Child]) -> int:
    """Keep ``children`` running until SIGINT or SIGTERM (0), or one's verdict; returns it.

    To be called in the main thread. When it returns, no child is left.
    """
    with _ear() as ear:
        try:
            while True:
                now_s = time.monotonic()
                for child in children:
                    verdict = child.bury(now_s)
                    if verdict is not None:
                        return verdict
                    if child.process is None and now_s >= child.due_s:
                        child.start(now_s)
                if _is_asked_to_end(ear, _patience_s(children, now_s)):
                    return 0
        finally:
            _end(children)


def _patience_s(children: Sequence[Child], now_s: float) -> float | None:
    """How long until a child is due; ``None`` while all are running."""
    due = [child.due_s - now_s for child in children if child.process is None]
    return max(0.0, min(due)) if due else None


@contextlib.contextmanager
def _ear() -> Iterator[socket.socket]:
    """A socket that hears the numbers of the signals that concern us."""
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)  # noqa: FBT003 the method takes no name
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
    before = {number: signal.signal(number, _heard) for number in numbers}
    outer = signal.set_wakeup_fd(mouth.fileno())
    try:
        yield ear
    finally:
        signal.set_wakeup_fd(outer)
        for number, handler in before.items():
            signal.signal(number, handler)
        ear.close()
        mouth.close()


def _heard(_number: int, _frame: FrameType | None) -> None:
    """Nothing: Python has written the number to the socket."""


def _is_asked_to_end(ear: socket.socket, timeout_s: float | None) -> bool:
    """Wait for a signal, at most ``timeout_s``; whether it asks us to end."""
    ready, _, _ = select.select([ear], [], [], timeout_s)
    heard = ear.recv(64) if ready else b""
    return signal.SIGINT in heard or signal.SIGTERM in heard


def _end(children: Sequence[Child]) -> None:
    """End all at the same time: ask, wait, kill."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline_s = time.monotonic() + END_S
    for process in running:
        try:
            process.wait(max(0.0, deadline_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _dying_with(parent: int) -> Callable[[], None]:
    """What binds a child, before it becomes its program, to the life of ``parent`` (on Linux)."""
    # Loaded here: between fork and exec as little as possible should happen.
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None

    def bind() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return bind
