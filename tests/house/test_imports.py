"""The import rules of the house hold (``pyproject.toml`` tells the reason of each)."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path


def test_every_import_contract_holds(project: Path) -> None:
    """No room imports what it may not."""
    lint = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run(
        [lint, "--no-cache", "--no-logo"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_every_contract_gives_its_reason(project: Path) -> None:
    """Above each contract's name stands a comment: a rule without a reason gets bent."""
    lines = (project / "pyproject.toml").read_text("utf-8").splitlines()
    starts = [i for i, line in enumerate(lines) if line == "[[tool.importlinter.contracts]]"]
    assert starts
    bare = [lines[i + 1] for i in starts if not lines[i + 1].startswith("# ")]
    assert not bare


def test_every_room_is_under_contract(project: Path) -> None:
    """The wheel's packages and those that the import rules look at are the same."""
    tools = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]
    shipped = tools["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(shipped) == sorted(tools["importlinter"]["root_packages"])
