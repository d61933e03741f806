"""A kiosk is installed from wheels alone: nothing is compiled on a Raspberry Pi."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from packaging.utils import parse_wheel_filename

from tests.house.test_locks import pins

SYSTEMS: Final = {"bookworm": ("3.11", 36), "trixie": ("3.13", 41)}
"""Raspberry Pi OS, 64 bits: its Python, and the minor version of its C library."""

OLDEST_LIBRARY: Final = 17
"""The C library of the oldest wheels that there are for 64-bit ARM (manylinux2014)."""

LEAST_BYTES: Final = 1024
"""A wheel with less in it is a placeholder for something that isn't there."""


def _platforms(library: int) -> list[str]:
    """What wheels may be called that run with the C library 2.``library``."""
    tags = [f"manylinux_2_{minor}_aarch64" for minor in range(library, OLDEST_LIBRARY - 1, -1)]
    return [*tags, "manylinux2014_aarch64", "linux_aarch64"]


def _wanted(project: Path, lock: str, system: str) -> Iterator[str]:
    """The names of what ``lock`` has installed there, other systems' libraries left out."""
    there = {"sys_platform": "linux", "python_version": SYSTEMS[system][0]}
    for pin in pins(project, lock).values():
        if pin.marker is None or pin.marker.evaluate(there):
            yield pin.name


def _download(project: Path, lock: str, system: str, folder: Path) -> list[Path]:
    """Fetch what ``lock`` names, as pip on that system would choose it; by hash, only wheels."""
    python, library = SYSTEMS[system]
    platforms = [f"--platform={name}" for name in _platforms(library)]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-qq"]
    fetched = subprocess.run(
        [
            *pip,
            "--no-deps",
            "--only-binary=:all:",
            "--require-hashes",
            f"--python-version={python}",
            *platforms,
            f"--dest={folder}",
            f"--requirement={project / 'locks' / f'{lock}.lock'}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert fetched.returncode == 0, fetched.stdout + fetched.stderr
    return sorted(folder.iterdir())


def _content_bytes(wheel: Path) -> int:
    """How much a wheel holds besides what it tells of itself."""
    with ZipFile(wheel) as archive:
        return sum(
            entry.file_size for entry in archive.infolist() if ".dist-info/" not in entry.filename
        )


def _machines(wheel: Path) -> set[str]:
    """The processors that the compiled files in a wheel are for, by their ELF headers."""
    machines = {b"\xb7\x00": "aarch64"}
    with ZipFile(wheel) as archive:
        heads = [archive.read(name)[:20] for name in archive.namelist() if ".so" in name]
    return {machines.get(head[18:20], "another") for head in heads if head[:4] == b"\x7fELF"}


@pytest.mark.network
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("lock", "system"),
    [
        ("touch", "trixie"),
        pytest.param("touch", "bookworm", marks=pytest.mark.slow),
        pytest.param("kiosk", "trixie", marks=pytest.mark.slow),
        pytest.param("kiosk", "bookworm", marks=pytest.mark.slow),
    ],
)
def test_a_pi_installs_from_wheels(project: Path, tmp_path: Path, lock: str, system: str) -> None:
    """Each package has a wheel with something in it, compiled for that processor."""
    wheels = _download(project, lock, system, tmp_path)
    named = {parse_wheel_filename(wheel.name)[0] for wheel in wheels}
    assert named == set(_wanted(project, lock, system))
    assert not [wheel.name for wheel in wheels if _content_bytes(wheel) < LEAST_BYTES]
    assert {machine for wheel in wheels for machine in _machines(wheel)} == {"aarch64"}


def test_our_wheel_holds_what_is_no_code(project: Path, tmp_path: Path) -> None:
    """Units, catalogues and pin maps come along."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=project, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("otziv-*.whl")
    with ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for folder in ("kiosk/units", "kiosk/messages", "hardware/boards"):
        found = {str(p.relative_to(project)) for p in (project / folder).iterdir() if p.is_file()}
        assert found
        assert found <= held
