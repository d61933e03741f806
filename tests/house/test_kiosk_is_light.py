"""The kiosk fits a Raspberry Pi Zero 2 W: what it loads is listed, and it runs by itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from kiosk.version import FIRMWARE
from tests.house.test_locks import pins

LIBRARIES: Final = {"msgspec", "paho", "polib"}
"""All that the firmware may load besides Python. gpiozero joins when a GPIO panel is opened."""

TAKEN_WHERE_FOUND: Final = {"typing_extensions"}
"""msgspec loads it where it is installed; ``kiosk.lock`` does not install it."""

MODULES: Final = """
broker broker.link broker.wire hardware kiosk
broker.link.backoff broker.link.dial broker.link.link broker.link.matching broker.link.mqtt
broker.link.reconnecting broker.link.settings broker.link.stream broker.link.tls broker.link.waker
broker.wire.askable broker.wire.codec broker.wire.configuration broker.wire.depth broker.wire.errors
broker.wire.events broker.wire.legible broker.wire.messages broker.wire.opening
broker.wire.presentable broker.wire.reading broker.wire.scales broker.wire.shown
broker.wire.standard_survey broker.wire.surveys broker.wire.texts
broker.wire.topics
hardware.address hardware.bare hardware.buttons hardware.debounce hardware.errors hardware.files
hardware.ids hardware.inbox hardware.lines hardware.machine hardware.open hardware.panel
hardware.plug hardware.sound
kiosk.alone kiosk.backlog kiosk.ballast kiosk.built_in kiosk.changing_link kiosk.clock
kiosk.commands kiosk.configuration kiosk.connecting kiosk.custody kiosk.damage kiosk.database
kiosk.dates
kiosk.destination kiosk.door kiosk.drafts kiosk.faces kiosk.facts kiosk.faults kiosk.firmware
kiosk.focus kiosk.front kiosk.gestures kiosk.health kiosk.house kiosk.housekeeping kiosk.identity
kiosk.identity_file kiosk.inside kiosk.kept_identity kiosk.log_ring kiosk.maintenance kiosk.means
kiosk.opening kiosk.orders kiosk.outbox kiosk.owner kiosk.pace kiosk.pin kiosk.press
kiosk.programme kiosk.reception
kiosk.recorder kiosk.rehearsal kiosk.relay kiosk.relay_thread kiosk.renewer kiosk.report
kiosk.restart kiosk.salvage kiosk.scene kiosk.scenes kiosk.session kiosk.settings kiosk.situation
kiosk.speech kiosk.speech.cues kiosk.speech.phrases kiosk.speech.reading kiosk.speech.recordings
kiosk.stage kiosk.standing kiosk.streams kiosk.timetable kiosk.version kiosk.visit kiosk.vitals
kiosk.voice kiosk.watchdog kiosk.words kiosk.wrong_pins
"""
"""All that ``import kiosk.firmware`` loads of ours. The panel's driver is loaded when opened."""

TESTED: Final = ("hardware", "kiosk")
"""Folders of tests that must pass where nothing but a kiosk is installed."""

HEAVY: Final = {
    "asyncio",
    "concurrent.futures",
    "ctypes.util",
    "importlib.metadata",
    "multiprocessing",
    "pydoc",
    "sqlite3.dump",
    "unittest",
    "xml",
    "zipfile",
}
"""Of Python's own: each costs start and memory, and the firmware has no use for it."""

LIST_MODULES: Final = """
import sys
before = set(sys.modules)
import {module}
print(*sorted(set(sys.modules) - before))
"""


def _loaded(module: str) -> set[str]:
    """The modules that importing ``module`` loads, Python's own left out."""
    return {name for name in _all_loaded(module) if not _is_pythons(name)}


def _all_loaded(module: str) -> set[str]:
    """The modules that importing ``module`` loads."""
    code = LIST_MODULES.format(module=module)
    found = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    )
    return set(found.stdout.split())


def _is_pythons(name: str) -> bool:
    """Python's own; the build's data (which zoneinfo asks for) has the machine in its name."""
    return name.partition(".")[0] in sys.stdlib_module_names or name.startswith("_sysconfigdata")


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in {"analytics", "broker", "hardware", "kiosk", "otziv", "portal"}


def test_importing_kiosk_loads_nothing_else() -> None:
    """``import kiosk`` costs nothing: what is heavy stays out of ``__init__``."""
    assert _loaded("kiosk") == {"kiosk"}


def test_the_firmware_loads_three_libraries() -> None:
    """A fourth one needs a reason, a look at memory and start-up time, and a line up there."""
    libraries = {name.partition(".")[0] for name in _loaded("kiosk.firmware") if not _is_ours(name)}
    assert libraries - TAKEN_WHERE_FOUND == LIBRARIES


def test_the_firmware_loads_the_modules_listed() -> None:
    """A module that joins or leaves is noticed, and its cost with it: change the list up there."""
    assert {name for name in _loaded("kiosk.firmware") if _is_ours(name)} == set(MODULES.split())


def test_the_firmware_knows_its_version(project: Path) -> None:
    """The heartbeat tells the version that ``pyproject.toml`` gives the package."""
    packaged = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    assert packaged["project"]["version"] == FIRMWARE


@pytest.mark.parametrize("module", ["kiosk.firmware", "kiosk.cli.run"])
def test_the_firmware_leaves_heavy_modules_alone(module: str) -> None:
    """Libraries load more of Python than we do: one that loads these needs another look."""
    assert _all_loaded(module) & HEAVY == set()


def _install_kiosk(project: Path, tmp_path: Path) -> Path:
    """Make an environment with ``otziv[kiosk]``, from a wheel and by its lock, and pytest."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    build: list[str | Path] = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        tmp_path,
    ]
    subprocess.run(build, cwd=project, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("otziv-*.whl")
    lock = project / "locks/kiosk.lock"
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    subprocess.run([python, "-m", "pip", "check"], check=True, capture_output=True)
    versions = tmp_path / "versions.txt"
    versions.write_text("\n".join(f"{p.name}{p.specifier}" for p in pins(project, "dev").values()))
    tools = ["hypothesis", "pytest", "pytest-timeout"]
    subprocess.run([*pip, "-c", versions, *tools], check=True)
    return python


@pytest.mark.network
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "chosen",
    [
        "tests/hardware tests/kiosk/test_outbox.py tests/kiosk/test_session.py",
        pytest.param(" ".join(f"tests/{folder}" for folder in TESTED), marks=pytest.mark.slow),
    ],
    ids=["some", "all"],
)
def test_the_kiosk_passes_its_tests_by_itself(project: Path, tmp_path: Path, chosen: str) -> None:
    """From its wheel and its lock alone, away from the source, the kiosk's own tests pass.

    All test files are loaded, whichever are chosen: none of them needs what a kiosk lacks.
    """
    python = _install_kiosk(project, tmp_path)
    away = tmp_path / "away"
    shutil.copytree(project / "tests", away / "tests")
    shutil.copy(project / "pyproject.toml", away)
    folders = [f"tests/{folder}" for folder in TESTED]
    for words in (["--collect-only", *folders], chosen.split()):
        ran = subprocess.run(
            [python, "-m", "pytest", "-q", "-m", "not slow", *words],
            cwd=away,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
