"""A handle to a broker that is not our child: told to read its files again, or to start anew."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from broker.server.server import BrokerServerError

_PATIENCE_S: Final = 30.0
_POLL_S: Final = 0.05


class BrokerControl(Protocol):
    """What the fleet may do to the broker. Both raise :class:`BrokerServerError` when they can't.

    Neither tells whether the broker liked what it read: that is to be tried at its door.
    """

    def reload(self) -> None:
        """Have it read its certificates and lists again; who is connected may stay."""

    def restart(self) -> None:
        """End it and have it started again; returns once that has happened."""


@dataclass(frozen=True, slots=True)
class ProcessControl:
    """A broker that another process of ours started, found by the file with its process id.

    Attributes:
        pid_path: written by :class:`broker.server.server.BrokerServer` at each start.
    """

    pid_path: Path

    def reload(self) -> None:
        """Send SIGHUP."""
        self._send(signal.SIGHUP)

    def restart(self) -> None:
        """Send SIGTERM; whoever started it starts it again when it has ended."""
        before = self._send(signal.SIGTERM)
        deadline_s = time.monotonic() + _PATIENCE_S
        while self._read() in (before, None) or not self._is_broker(self._read()):
            if time.monotonic() > deadline_s:
                raise BrokerServerError(
                    f"the broker of {self.pid_path} was ended and nobody started it again within "
                    f"{_PATIENCE_S:.0f} s: start it"
                )
            time.sleep(_POLL_S)  # noqa: TID251  # another's child: nothing of it can wake us

    def _send(self, number: signal.Signals) -> int:
        pid = self._read()
        if pid is None or not self._is_broker(pid):
            raise BrokerServerError(f"no broker is running that {self.pid_path} names: start it")
        os.kill(pid, number)
        return pid

    def _read(self) -> int | None:
        try:
            return int(self.pid_path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def _is_broker(self, pid: int | None) -> bool:
        """Whether it still is the broker: numbers are used again, and SIGHUP ends most programs."""
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        configuration = self.pid_path.with_suffix(".conf")
        is_ours = os.fsencode(configuration) in words
        return is_ours and Path(os.fsdecode(words[0])).name == self.pid_path.stem


@dataclass(frozen=True, slots=True)
class CommandControl:
    """A broker that the system runs, told by commands.

    Attributes:
        reload_command: such as ``systemctl reload mosquitto``.
        restart_command: such as ``systemctl restart mosquitto``.
    """

    reload_command: str
    restart_command: str

    def reload(self) -> None:
        """Run the first."""
        _run(self.reload_command)

    def restart(self) -> None:
        """Run the second."""
        _run(self.restart_command)


def _run(command: str) -> None:
    try:
        ran = subprocess.run(
            shlex.split(command),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise BrokerServerError(f"{command!r}: {error}") from error
    if ran.returncode:
        raise BrokerServerError(
            f"{command!r} ended with status {ran.returncode}: {ran.stderr.strip()[-500:]}"
        )
