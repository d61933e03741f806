"""A broker as a child process: start, wait, kill, stop, restart on the same port and data."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Final, Self

from broker.server.process import LOOPBACK, end, free_port, is_free, popen_bound

MAX_PACKET_BYTES: Final = 512 * 1024
"""What brokers are set to, well above the 256 KiB that anybody sends: at its exact limit a
broker disconnects or drops in silence, and the client sends the same again for ever."""

MAX_IN_FLIGHT: Final = 10_000
"""Messages that a subscriber may hold unacknowledged. Brokers stop delivering at it, so it must
be more than one batch of the collector; it is no back-pressure to rely on."""

_LOG_LINES: Final = 15
_POLL_S: Final = 0.02
_CONNECT: Final = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x0a\x00\x00"
"""MQTT 3.1.1 CONNECT: clean session, keep-alive 10 s, no client id."""
_CONNACK_ACCEPTED: Final = b"\x20\x02\x00\x00"


class BrokerServerError(Exception):
    """A broker that can't be started or doesn't come up; the message says what to do."""


class BrokerServer(ABC):
    """One broker process on 127.0.0.1 with its data in one folder.

    Used as a context manager it is started, waited for, and stopped. The process dies with ours,
    and with the thread that started it (:func:`broker.server.process.popen_bound`).

    Attributes:
        name: of the program.
        data: its folder: configuration, log and everything that it keeps.
    """

    name: ClassVar[str]
    install_with: ClassVar[str]
    """What a person does to have the program."""

    def __init__(self, data: Path, port: int = 0) -> None:
        """Make a broker that isn't running; port 0 takes a free one at the first start."""
        self.data = data.absolute()
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @abstractmethod
    def find_program(cls) -> Path | None:
        """Where the program is on this machine; ``None`` if it isn't."""

    @abstractmethod
    def render(self, port: int) -> str:
        """The configuration file's text, for MQTT on ``port``, with all its files in ``data``."""

    @classmethod
    def what_is_missing(cls) -> str | None:
        """Why this broker can't run on this machine, and what to do; ``None`` if it can."""
        program = cls.find_program()
        if program is None:
            return f"{cls.name} is not installed: {cls.install_with}"
        try:
            ran = subprocess.run([program, "-h"], capture_output=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{program} does not run on this machine ({error}): {cls.install_with}"
        if ran.returncode < 0:
            return f"{program} does not run on this machine (signal {-ran.returncode})"
        return None

    @property
    def port(self) -> int:
        """The MQTT port, the same over restarts; 0 before the first start if none was given."""
        return self._port

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether the process is there; it may not be ready yet."""
        return self._process is not None and self._process.poll() is None

    @property
    def log_path(self) -> Path:
        """Where the broker logs."""
        return self.data / f"{self.name}.log"

    @property
    def configuration_path(self) -> Path:
        """The configuration that was written at the last start."""
        return self.data / f"{self.name}.conf"

    def start(self) -> None:
        """Start the process, without waiting for it.

        Raises:
            BrokerServerError: it runs already, the program isn't there, or the port is taken.
        """
        program = self._checked_program()
        self._port = self._port or free_port()
        if not is_free(self._port):
            raise BrokerServerError(
                f"cannot start {self.name}: port {self._port} of {LOOPBACK} is taken by another "
                f"process; end it, or choose another port"
            )
        self.data.mkdir(parents=True, exist_ok=True)
        self.configuration_path.touch(mode=0o600)
        self.configuration_path.write_text(self.render(self._port), encoding="utf-8")
        with self.log_path.open("ab") as log:
            self._process = popen_bound(
                [program, "-c", self.configuration_path], stdout=log, stderr=log
            )

    def _checked_program(self) -> Path:
        if self.is_running:
            raise BrokerServerError(f"{self.name} on port {self._port} runs already")
        program = self.find_program()
        if program is None:
            raise BrokerServerError(f"{self.name} is not installed: {self.install_with}")
        return program

    def wait_until_ready(self, timeout_s: float = 20.0) -> None:
        """Wait until it accepts an MQTT connection.

        Raises:
            BrokerServerError: it ended or isn't ready in time; with its last words.
        """
        deadline = time.monotonic() + timeout_s
        while not accepts_mqtt(self._port):
            if self._has_ended(within_s=_POLL_S):
                raise BrokerServerError(f"{self.name} ended at its start{self._last_words()}")
            if time.monotonic() > deadline:
                raise BrokerServerError(
                    f"{self.name} does not answer on port {self._port} "
                    f"after {timeout_s:g} s{self._last_words()}"
                )

    def _has_ended(self, within_s: float) -> bool:
        if self._process is None:
            return True
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _last_words(self) -> str:
        try:
            lines = self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return f" and left no log in {self.log_path}"
        return f"; the end of {self.log_path}:\n" + "\n".join(lines[-_LOG_LINES:])

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it in good order (SIGTERM, SIGKILL after 5 s), and wait until it is gone."""
        if self._process is not None:
            end(self._process)

    def restart(self) -> None:
        """Start it again with the same port and data, after stopping it if it runs."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        """Start and wait until it is ready."""
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()


def accepts_mqtt(port: int, timeout_s: float = 2.0) -> bool:
    """Whether a broker on ``port`` of 127.0.0.1 accepts an MQTT connection now."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout_s) as connection:
            connection.sendall(_CONNECT)
            return connection.recv(4) == _CONNACK_ACCEPTED
    except OSError:
        return False


def find_on_path(program: str) -> Path | None:
    """``program`` on the path, or where system programs are that users don't have on theirs."""
    for path in (None, "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"):
        found = shutil.which(program, path=path)
        if found is not None:
            return Path(found)
    return None
