"""Scanners for viruses: the virtual one, and the real one where it is installed."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.web.virtual_clamav import EICAR, VirtualClamAV

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")


@pytest.fixture(params=["virtual", pytest.param("clamd", marks=pytest.mark.slow)])
def clamav(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a daemon, once of each kind."""
    if request.param == "virtual":
        with VirtualClamAV() as daemon:
            yield daemon.address
        return
    if CLAMD is None:
        pytest.skip("clamd is not installed: apt-get install clamav-daemon")
    yield from _real(tmp_path)


def _real(folder: Path) -> Iterator[str]:
    """A clamd whose only signature is that of the test file: no network is needed."""
    signatures = folder / "signatures"
    signatures.mkdir()
    digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
    (signatures / "test.hdb").write_text(f"{digest}:{len(EICAR)}:Eicar-Signature\n")
    (signatures / "test.ndb").write_text(f"Eicar-Signature:0:*:{EICAR.hex()}\n")
    path = folder / "clamd.sock"
    settings = folder / "clamd.conf"
    settings.write_text(
        f"LocalSocket {path}\nDatabaseDirectory {signatures}\nForeground yes\n"
        f"LogFile {folder / 'clamd.log'}\nStreamMaxLength 25M\n"
    )
    daemon = subprocess.Popen([str(CLAMD), "--config-file", str(settings)])
    try:
        deadline = time.monotonic() + 60
        while not _is_up(path):
            assert time.monotonic() < deadline, (folder / "clamd.log").read_text()
            time.sleep(0.1)
        yield str(path)
    finally:
        daemon.terminate()
        daemon.wait()


def _is_up(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0
