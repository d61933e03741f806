"""A broker as a child process: start, wait, kill, stop, restart on the same port and data."""

from __future__ import annotations

import shutil
import signal
import socket
import ssl
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Final, Self

from broker.files import write_whole
from broker.server.process import LOOPBACK, end, free_port, is_free, popen_bound
from broker.server.security import Security

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
    """One broker process with its data in one folder.

    Without ``security`` it is for this machine only (127.0.0.1) and lets everybody in; with it,
    it listens where that says, and certificates tell who may do what. Used as a context manager
    it is started, waited for, and stopped. The process dies with ours, and with the thread that
    started it (:func:`broker.server.process.popen_bound`).

    Attributes:
        name: of the program.
        data: its folder: configuration, log, process id and everything that it keeps.
        security: certificates; ``None`` for a broker of this machine only.
    """

    name: ClassVar[str]
    install_with: ClassVar[str]
    """What a person does to have the program."""
    reads_lists: ClassVar[bool]
    """Whether it bars clients by revocation lists, which it reads again at a reload."""
    rereads_trust: ClassVar[bool]
    """Whether a reload takes up new roots; else only a restart does."""

    def __init__(self, data: Path, port: int = 0, security: Security | None = None) -> None:
        """Make a broker that isn't running; port 0 takes a free one at the first start."""
        self.data = data.absolute()
        self.security = security
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @abstractmethod
    def find_program(cls) -> Path | None:
        """Where the program is on this machine; ``None`` if it isn't."""

    @abstractmethod
    def render(self, port: int) -> str:
        """The configuration file's text, for MQTT on ``port``, with all its files in ``data``."""

    def render_files(self, port: int) -> dict[Path, str]:
        """All that is written at a start: the configuration, and what it names besides."""
        return {self.configuration_path: self.render(port)}

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

    @property
    def pid_path(self) -> Path:
        """The process id of the last start, for whoever tells it to reload."""
        return self.data / f"{self.name}.pid"

    @property
    def address(self) -> str:
        """The address of this machine at which it listens."""
        return LOOPBACK if self.security is None else self.security.listen

    def start(self) -> None:
        """Start the process, without waiting for it.

        Raises:
            BrokerServerError: it runs already, the program isn't there, or the port is taken.
        """
        program = self._checked_program()
        self._port = self._port or free_port()
        if not is_free(self._port, self.address):
            raise BrokerServerError(
                f"cannot start {self.name}: port {self._port} of {self.address} is taken by "
                f"another process; end it, or choose another port"
            )
        self.data.mkdir(parents=True, exist_ok=True)
        for path, text in self.render_files(self._port).items():
            write_whole(path, text.encode())
        with self.log_path.open("ab") as log:
            self._process = popen_bound(
                [program, "-c", self.configuration_path], stdout=log, stderr=log
            )
        self.pid_path.write_text(f"{self._process.pid}\n", encoding="ascii")

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
        while not self._answers():
            if self._has_ended(within_s=_POLL_S):
                raise BrokerServerError(f"{self.name} ended at its start{self._last_words()}")
            if time.monotonic() > deadline:
                raise BrokerServerError(
                    f"{self.name} does not answer on port {self._port} "
                    f"after {timeout_s:g} s{self._last_words()}"
                )

    def _answers(self) -> bool:
        if self.security is None:
            return accepts_mqtt(self._port)
        return accepts_tls(reachable(self.security.listen), self._port, self.security.trust)

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

    def reload(self) -> None:
        """Have it read its files again (SIGHUP); what it can't use it only logs.

        Raises:
            BrokerServerError: it isn't running.
        """
        if self._process is None or not self.is_running:
            raise BrokerServerError(f"{self.name} is not running, so it can't read its files again")
        self._process.send_signal(signal.SIGHUP)

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


def accepts_tls(host: str, port: int, trust: Path, timeout_s: float = 2.0) -> bool:
    """Whether a broker that ``trust`` vouches for answers there now.

    We show no certificate, and with TLS 1.3 hear only later that we should have: so nobody needs
    to be let in for this.

    Raises:
        BrokerServerError: ``trust`` can't be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # it may answer by the machine's name only, which is enough here
    try:
        context.load_verify_locations(trust)
    except OSError as error:
        raise BrokerServerError(f"{trust} has no roots to believe: {error}") from error
    try:
        with socket.create_connection((host, port), timeout_s) as plain:
            context.wrap_socket(plain).close()
    except OSError:
        return False
    return True


def reachable(listen: str) -> str:
    """Where this machine finds what listens at ``listen``: "all addresses" is none."""
    return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(listen, listen)  # noqa: S104  # compared only


def find_on_path(program: str) -> Path | None:
    """``program`` on the path, or where system programs are that users don't have on theirs."""
    for path in (None, "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"):
        found = shutil.which(program, path=path)
        if found is not None:
            return Path(found)
    return None
