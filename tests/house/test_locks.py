"""The locks: exact versions with hashes, no addresses, and one version of everything."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS: Final = {"dev": "dev", "server": "postgres", "kiosk": "kiosk", "touch": "touch"}
"""Lock → the extra that it locks."""


def pins(project: Path, lock: str) -> dict[str, Requirement]:
    """Each pinned line of a lock, by what makes it differ from others: name and marker."""
    text = (project / "locks" / f"{lock}.lock").read_text("utf-8")
    lines = re.findall(r"^([a-z0-9].*?) *\\?$", text, re.MULTILINE)
    found = [Requirement(line) for line in lines]
    return {f"{pin.name};{pin.marker or ''}": pin for pin in found}


def _wanted(project: Path, extra: str) -> list[Requirement]:
    """What an extra asks for, the extras that it stands on included."""
    tables = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    extras = tables["project"]["optional-dependencies"]
    wanted: list[Requirement] = []
    for requirement in map(Requirement, extras[extra]):
        if requirement.name == "otziv":
            for inner in requirement.extras:
                wanted += _wanted(project, inner)
        else:
            wanted.append(requirement)
    return wanted


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashed_pins_and_nothing_else(project: Path, lock: str) -> None:
    """A lock names packages, versions and hashes; where to fetch them is the machine's affair."""
    text = (project / "locks" / f"{lock}.lock").read_text("utf-8")
    pin = r"[a-z0-9-]+==[a-z0-9.]+( ; [^\\\n]+)?"
    block = rf"{pin}( \\\n    --hash=sha256:[0-9a-f]{{64}})+\n"
    assert re.fullmatch(f"({block})+", text)
    assert "://" not in text


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock != "dev"])
def test_all_locks_agree_with_the_one_that_is_tested(project: Path, lock: str) -> None:
    """What dev.lock holds too has the same version and the same hashes in every lock."""
    dev = pins(project, "dev")
    versions = {(pin.name, str(pin.specifier)) for pin in dev.values()}
    names = {pin.name for pin in dev.values()}
    found = {(p.name, str(p.specifier)) for p in pins(project, lock).values() if p.name in names}
    assert found <= versions


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
def test_every_dependency_is_locked(project: Path, lock: str, extra: str) -> None:
    """A dependency of ``pyproject.toml`` stands in its lock, in a version that it allows."""
    locked = {canonicalize_name(pin.name): pin for pin in pins(project, lock).values()}
    for wanted in _wanted(project, extra):
        pin = locked.get(canonicalize_name(wanted.name))
        assert pin is not None, f"{wanted} is not in {lock}.lock; run make lock"
        (version,) = pin.specifier
        assert wanted.specifier.contains(version.version), f"{pin} is not {wanted}; run make lock"


def test_the_kiosk_is_locked_without_the_server(project: Path) -> None:
    """A kiosk installs a handful of packages."""
    names = {pin.name for pin in pins(project, "kiosk").values()}
    small = {"colorzero", "gpiod", "polib", "setuptools", "tzdata"}
    for_enrolment = {"cffi", "cryptography", "pycparser", "spake2"}  # the firmware loads none
    assert names == {"gpiozero", "msgspec", "paho-mqtt", *small, *for_enrolment}
