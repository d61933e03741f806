"""One child process: started, watched, ended; it never outlives us."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from broker.server.process import popen_bound


class ProcessError(Exception):
    """A child that ended when it should have gone on; carries the end of its log."""


class Process:
    """A child process with a log, which can be started again."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Describe the child; nothing is started yet. ``environment`` is added to ours."""
        self.name = name
        self.argv = list(argv)
        self.log = log
        self.environment = dict(environment or {})
        self._child: subprocess.Popen[bytes] | None = None
        self._ears: socket.socket | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child is not None and self.is_running else None

    def start(self) -> None:
        """Start it, unless it runs already; what it says is added to its log."""
        if self.is_running:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        address = self._listen()
        with self.log.open("ab") as log:
            self._child = popen_bound(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment, "NOTIFY_SOCKET": address},
            )

    def wait_until_ready(self, timeout_s: float) -> None:
        """Wait until it says that it is ready (sd_notify(3)).

        Raises:
            ProcessError: it ended, or said nothing in time.
        """
        if self._ears is None:
            raise ProcessError(f"{self.name} was not started")
        deadline_s = time.monotonic() + timeout_s
        while True:
            try:
                if b"READY=1" in self._ears.recv(4096):
                    return
            except TimeoutError:
                self.check()
            if time.monotonic() > deadline_s:
                raise ProcessError(
                    f"{self.name} is not ready after {timeout_s:.0f} s; see {self.log}"
                )

    def kill(self) -> None:
        """End it without a chance to tidy up (SIGKILL)."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._deafen()

    def ask_to_end(self) -> None:
        """Ask it to end (SIGTERM), without waiting: so that many end at the same time."""
        if self._child is not None:
            self._child.terminate()

    def stop(self, timeout_s: float = 10) -> None:
        """Ask it to end, and make it end after ``timeout_s``."""
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self._deafen()

    def _listen(self) -> str:
        """Open what the child may say that it is ready to; returns its address.

        An abstract name that the kernel chooses: no file that could be left behind.
        """
        self._deafen()  # what an earlier life said must not count for this one
        self._ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ears.bind("")
        self._ears.settimeout(0.1)
        name: bytes = self._ears.getsockname()
        return "@" + name[1:].decode("ascii")

    def _deafen(self) -> None:
        if self._ears is not None:
            self._ears.close()
            self._ears = None

    def check(self) -> None:
        """Raise if it has ended by itself.

        Raises:
            ProcessError: with the end of its log.
        """
        if self._child is None or self.is_running:
            return
        said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        raise ProcessError(
            f"{self.name} ended with status {self._child.returncode}; "
            f"the end of {self.log}:\n" + "\n".join(said)
        )
