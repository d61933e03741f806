"""A kiosk's process is killed at each step of enrolment and rotation; the next run ends well.

What is said is encrypted, so the steps are the pieces of the conversation: after so many the
network stalls, and the process is killed where it stands.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.enrolment import enrol
from kiosk.identity_file import IdentityFolder
from kiosk.rotation import rotate
from tests.fixtures.enrolment import Office, open_office
from tests.fixtures.stalling import StallingProxy

DEADLINE_S = 30.0
LAST_MS = (0, 3, 10, 30)
"""So long after the last piece it is killed: while what came is looked at and written."""


@pytest.fixture
def proxy() -> Iterator[StallingProxy]:
    """The network."""
    with StallingProxy() as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path, proxy: StallingProxy) -> Iterator[Office]:
    """An installation with its endpoint, behind the network."""
    with open_office(tmp_path / "office") as opened:
        opened.fleet_url = proxy.url
        with opened.endpoint():
            proxy.target = opened.fleet_port
            yield opened


def _run(proxy: StallingProxy, pieces: int | None, *command: str) -> int | None:
    """Run a command of a kiosk until it ends, or its network stalls after ``pieces``.

    Returns its status, and ``None`` where it was killed.
    """
    proxy.begin(pieces)
    argv = [sys.executable, "-m", "kiosk", *command]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + DEADLINE_S
        while process.poll() is None and not proxy.stalled.wait(0.005):
            assert time.monotonic() < deadline
        status = process.poll()
        process.kill()
    proxy.begin()
    return status


def _run_and_kill_at_the_end(
    proxy: StallingProxy, pieces: int, after_ms: int, *command: str
) -> None:
    """Let all ``pieces`` through, and kill it ``after_ms`` later."""
    proxy.begin()
    argv = [sys.executable, "-m", "kiosk", *command]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + DEADLINE_S
        while process.poll() is None and proxy.passed < pieces:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        time.sleep(after_ms / 1000)
        process.kill()


def _check_enrolled_once(office: Office, folder: IdentityFolder, device: str) -> None:
    kept = folder.current()
    assert kept is not None
    assert [each.serial for each in office.certificates(device)] == [kept.serial]
    assert not (folder.path / "enrolling.json").exists()


def test_a_kill_at_any_step_of_enrolment_is_mended_by_another_run(
    office: Office, proxy: StallingProxy, tmp_path: Path
) -> None:
    """With the same code: enrolled exactly once, with one certificate, whatever had happened."""
    statuses: list[int | None] = []
    while not statuses or statuses[-1] is None:
        device = f"hall-{len(statuses)}"
        code, data = office.offer(device), tmp_path / device
        command = ("enrol", str(code), "--server", proxy.url, "--data", str(data))
        statuses.append(_run(proxy, len(statuses), *command))
        folder = IdentityFolder(data / "identity")
        enrol(code, proxy.url, folder)
        _check_enrolled_once(office, folder, device)
    assert statuses[-1] == 0
    assert len(statuses) > 5
    for after_ms in LAST_MS:
        device = f"late-{after_ms}"
        code, data = office.offer(device), tmp_path / device
        command = ("enrol", str(code), "--server", proxy.url, "--data", str(data))
        _run_and_kill_at_the_end(proxy, len(statuses) - 1, after_ms, *command)
        folder = IdentityFolder(data / "identity")
        enrol(code, proxy.url, folder)
        _check_enrolled_once(office, folder, device)


def test_a_kill_at_any_step_of_rotation_is_mended_by_another_run(
    office: Office, proxy: StallingProxy, tmp_path: Path
) -> None:
    """The old certificate stays, and the next run brings one new one, not two."""
    statuses: list[int | None] = []
    while not statuses or statuses[-1] is None:
        device = f"hall-{len(statuses)}"
        folder = IdentityFolder(tmp_path / device)
        current = enrol(office.offer(device), proxy.url, folder)
        statuses.append(_run(proxy, len(statuses), "rotate", "--identity", str(folder.path)))
        assert folder.current() == current
        if statuses[-1] is None:
            rotate(folder, office.now())
        fresh = folder.next()
        assert fresh is not None
        serials = {each.serial for each in office.certificates(device)}
        assert serials == {current.serial, fresh.serial}
        assert not (folder.path / "rotating.json").exists()
    assert statuses[-1] == 0
    assert len(statuses) > 4
