"""The demo's kiosks get identities the way every kiosk does: a code each, typed on the kiosk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from broker.fleet.offers import enrol
from otziv.installation import Installation
from otziv.kiosk_process import KioskProcess
from otziv.process import ProcessError
from otziv.protection import protection_of

PATIENCE_S: Final = 120.0
"""A Raspberry Pi needs some seconds for it; twelve at once on a small machine need more."""


def enrol_kiosks(installation: Installation, kiosks: Iterable[KioskProcess], server: str) -> None:
    """Enrol all ``kiosks`` at ``server``, at the same time; each anew, as the ports are others.

    Raises:
        ProcessError: one was not enrolled; with what it said.
    """
    authority = protection_of(installation).authority()
    started = {}
    with installation.store() as database:
        for kiosk in kiosks:
            now = datetime.now(UTC)
            offered = enrol(database, authority, kiosk.name, kiosk.name, now, server=server)
            started[kiosk.name] = _start(kiosk, str(offered.code), server)
    for name, child in started.items():
        said, _ = child.communicate(timeout=PATIENCE_S)
        if child.returncode:
            raise ProcessError(f"{name} was not enrolled: {said.decode(errors='replace').strip()}")


def _start(kiosk: KioskProcess, code: str, server: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kiosk", "enrol", code, "--server", server]
    return subprocess.Popen(
        [*command, "--settings", str(kiosk.settings)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
