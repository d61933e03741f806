"""The services of an installed kiosk: systemd reads them, and they can do little harm."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path
from typing import Final

import pytest

from kiosk.__main__ import make_parser
from kiosk.cli.places import FIRMWARE_UNIT, SCREEN_UNIT
from kiosk.cli.setup import main as set_up

UNITS: Final = (FIRMWARE_UNIT, SCREEN_UNIT)
EXPOSURE: Final = 20
"""Tenths, as systemd-analyze counts: 2.0."""

GROUPS: Final = ("audio", "gpio", "input", "render", "video")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units of a kiosk with everything, as setup writes them into an image."""
    root = tmp_path_factory.mktemp("root")
    etc = root / "etc"
    etc.mkdir()
    (etc / "hostname").write_text("hall-desk-3\n")
    (etc / "passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    (etc / "group").write_text(
        "root:x:0:\n" + "".join(f"{n}:x:{i + 50}:\n" for i, n in enumerate(GROUPS))
    )
    (root / "sys/class/backlight/10-0045").mkdir(parents=True)
    program = root / "usr/bin/python3"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    set_up(_options("--root", str(root), "--screen", "7", "--python", "/usr/bin/python3"))
    return root / "etc/systemd"


def _options(*more: str) -> argparse.Namespace:
    told = ["--site", "troyan", "--broker", "10.0.0.5", "--board", "otziv-touch-stand"]
    return make_parser("kiosk", ["setup"]).parse_args(["setup", *told, *more])


def _analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_hardly_exposed(installed: Path, unit: str) -> None:
    """``systemd-analyze security`` counts 2.0 at most, of 10."""
    found = _analyze(
        "security", "--offline=true", f"--threshold={EXPOSURE}", installed / "system" / unit
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_can_be_read(installed: Path, unit: str) -> None:
    """``systemd-analyze verify`` finds nothing to say: no unknown key, no wrong value."""
    found = _analyze("verify", "--man=no", installed / "system" / unit)
    assert (found.returncode, found.stderr) == (0, "")


def _values(path: Path, key: str) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_started_again_for_ever(installed: Path, unit: str) -> None:
    """Within two seconds, however often it died."""
    path = installed / "system" / unit
    assert _values(path, "Restart") == ["always"]
    assert _values(path, "StartLimitIntervalSec") == ["0"]
    assert float(*_values(path, "RestartSec")) <= 2


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_watched(installed: Path, unit: str) -> None:
    """It says when it is ready, and that it lives: else it is ended."""
    path = installed / "system" / unit
    assert (_values(path, "Type"), _values(path, "WatchdogSec")) == (["notify"], ["30"])


def test_the_firmware_sees_its_clock_and_its_boot(installed: Path) -> None:
    """The sandbox leaves what presses are dated by: adjtimex(2), and the boot's id in /proc/sys."""
    path = installed / "system" / FIRMWARE_UNIT
    assert _values(path, "ProtectClock") == []
    assert _values(path, "ProcSubset") == []
    assert {"adjtimex", "clock_adjtime"} <= set(_values(path, "SystemCallFilter")[-1].split())


def test_each_service_has_its_devices_and_no_other(installed: Path) -> None:
    """Pins and sound for the firmware; display, touch, console and backlight for the screen."""
    firmware, screen = (installed / "system" / unit for unit in UNITS)
    assert _values(firmware, "SupplementaryGroups") == ["gpio audio"]
    assert _values(firmware, "DeviceAllow") == ["char-gpiochip rw", "char-alsa rw"]
    assert _values(screen, "SupplementaryGroups") == ["video render input"]
    assert _values(screen, "DeviceAllow") == ["char-drm rw", "char-input rw", "/dev/tty1 rw"]
    assert _values(screen, "ReadWritePaths") == ["-/sys/class/backlight/10-0045"]
    assert all(_values(unit, "DevicePolicy") == ["closed"] for unit in (firmware, screen))


def test_the_screen_has_no_network(installed: Path) -> None:
    """What shows a QR code of a web address needs no way to it."""
    screen = installed / "system" / SCREEN_UNIT
    assert "AF_INET" not in " ".join(_values(screen, "RestrictAddressFamilies"))
    assert _values(screen, "IPAddressDeny") == ["any"]


@pytest.mark.parametrize("name", ["system", "journald", "logind"])
def test_a_drop_in_is_taken_up(installed: Path, name: str) -> None:
    """It is found where it stands, among the settings of the system."""
    shown = _analyze("cat-config", f"systemd/{name}.conf", f"--root={installed.parent.parent}")
    assert shown.returncode == 0, shown.stderr
    assert "50-otziv-kiosk.conf" in shown.stdout


def test_the_journal_and_the_watchdog_are_bounded(installed: Path) -> None:
    """32 MB of log at most, and the Pi's watchdog within the 15 s that it can wait."""
    journal = installed / "journald.conf.d/50-otziv-kiosk.conf"
    assert _values(journal, "SystemMaxUse") == _values(journal, "RuntimeMaxUse") == ["32M"]
    system = installed / "system.conf.d/50-otziv-kiosk.conf"
    assert 0 < int(*_values(system, "RuntimeWatchdogSec")) <= 15


def test_there_is_no_way_out_of_the_screen(installed: Path) -> None:
    """No login on its console nor on another one, no restart by three keys."""
    system = installed / "system"
    for name in ("getty@tty1.service", "ctrl-alt-del.target"):
        assert (system / name).readlink() == Path("/dev/null")
    logind = installed / "logind.conf.d/50-otziv-kiosk-screen.conf"
    assert (_values(logind, "NAutoVTs"), _values(logind, "ReserveVT")) == (["0"], ["0"])
