"""What must not stand in the repository, and what must."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# Put together here, so that this file passes its own test.
HOSTS: Final = [
    ".".join(parts)
    for parts in (
        ("pythonhosted", "org"),
        ("pypi", "org"),
        ("npmjs", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("docker", "io"),
    )
]
MACHINE_PATHS: Final = re.compile(r"(?<![\w.])/(?:work|home|Users)/\w")
MADE: Final = {".git", ".venv", "__pycache__", "dist", "otziv-data", "node_modules"}


def _texts(project: Path) -> Iterator[tuple[str, str]]:
    """Path and text of every file of the project that is text and was not made by a tool."""
    for folder, folders, names in os.walk(project):
        folders[:] = [f for f in folders if f not in MADE and not f.endswith(("_cache", "-info"))]
        for name in names:
            path = Path(folder, name)
            try:
                yield str(path.relative_to(project)), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue  # a picture, or bytes that a test sends


def test_no_registry_is_named(project: Path) -> None:
    """Where packages come from is set on each machine, and differs between them."""
    found = [f"{path}: {host}" for path, text in _texts(project) for host in HOSTS if host in text]
    assert not found


def test_no_path_of_one_machine(project: Path) -> None:
    """Paths are relative to the project, or set."""
    found = [
        f"{path}: {match.group()}"
        for path, text in _texts(project)
        for match in MACHINE_PATHS.finditer(text)
    ]
    assert not found


def test_modules_are_short(project: Path) -> None:
    """300 lines are read at one sitting; what is longer has two subjects. Tests have 400."""
    long = {
        path: lines
        for path, text in _texts(project)
        if path.endswith(".py")
        and (lines := text.count("\n")) > (400 if path.startswith("tests/") else 300)
    }
    assert not long


def test_no_module_is_a_drawer(project: Path) -> None:
    """Modules are called after their subject."""
    drawers = {"utils.py", "helpers.py", "common.py", "const.py", "misc.py"}
    found = [path for path, _ in _texts(project) if Path(path).name in drawers]
    assert not found
