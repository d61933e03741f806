"""The programs of the system that setup and uninstall call."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.cli.places import FIRMWARE_UNIT, SCREEN_UNIT, USER
from kiosk.cli.terminal import CommandError

_RUNNING_SYSTEMD: Final = Path("/run/systemd/system")
_USER_ABSENT: Final = 6
"""What userdel and groupdel end with when there is no such user or group."""


class System:
    """The system below ``root``: the running one, or an image that nothing runs in."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._is_live = root == Path("/")

    @property
    def is_running(self) -> bool:
        """Whether services can be started and stopped: systemd runs, and it is that of ``root``."""
        return self._is_live and _RUNNING_SYSTEMD.is_dir()

    def add_user(self) -> None:
        """Make the services' user; what it owns is set right at each boot (tmpfiles.d)."""
        _call("systemd-sysusers", f"--root={self._root}")

    def remove_user(self) -> None:
        """Remove the services' user and its group, where they are."""
        where = [] if self._is_live else ["--prefix", str(self._root)]
        for program in ("userdel", "groupdel"):
            _call(program, *where, USER, harmless=(0, _USER_ABSENT))

    def start(self, *, has_screen: bool) -> None:
        """Take up what was written, and start the services."""
        if not self.is_running:
            return
        _call("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/otziv-kiosk.conf")
        _call("systemctl", "daemon-reload")
        if has_screen:
            _call("udevadm", "control", "--reload")
            _call("systemctl", "stop", "getty@tty1.service")
        _call("systemctl", "restart", FIRMWARE_UNIT)

    def stop(self) -> None:
        """End the services, if they run."""
        if self.is_running:
            _call("systemctl", "stop", SCREEN_UNIT, FIRMWARE_UNIT, harmless=(0, 5))

    def forget(self) -> None:
        """Take up that the services are gone."""
        if self.is_running:
            _call("systemctl", "daemon-reload")


def _call(*argv: str, harmless: Sequence[int] = (0,)) -> None:
    """Run a program in silence.

    Raises:
        CommandError: it is not there, or ended badly; with what it said.
    """
    # Where only root looks for programs; an image may be built by somebody else.
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    try:
        ran = subprocess.run(
            argv, capture_output=True, text=True, check=False, env=os.environ | {"PATH": path}
        )
    except OSError as error:
        raise CommandError(f"{argv[0]} can't be run: {error.strerror}") from error
    if ran.returncode not in harmless:
        said = " ".join((ran.stderr or ran.stdout).split())
        raise CommandError(f"{' '.join(argv)} failed ({ran.returncode}): {said}")
