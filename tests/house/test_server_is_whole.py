"""The server runs with what ``locks/server.lock`` installs: nothing else is loaded."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.utils import canonicalize_name

from tests.house.test_locks import pins

PROGRAMS: Final = (
    "otziv.stack",
    "otziv.cli.portal",
    "otziv.cli.serve",
    "otziv.cli.backup",
    "otziv.backup.afterwards",
    "otziv.backup.making",
    "otziv.upkeep",
    "portal.__main__",
    "portal.gate.__main__",
)
"""What ``otziv serve``, its parts and the commands of an operator begin with."""

TAKEN_WHERE_FOUND: Final = {"greenlet", "httpx2"}
"""SQLAlchemy and Authlib load them where they are installed, and do without where not."""

LOADED: Final = """
import sys
before = set(sys.modules)
import {module}
print(*sorted({{name.partition(".")[0] for name in set(sys.modules) - before}}))
"""


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(", ".join(PROGRAMS), id="all"),
        *(pytest.param(program, marks=pytest.mark.slow) for program in PROGRAMS),
    ],
)
def test_it_loads_nothing_that_the_lock_lacks(project: Path, module: str) -> None:
    """A library of kiosks or of developers would keep a town's server from starting.

    Loaded together they load all that each of them does; one by one they tell which it is.
    """
    words = [sys.executable, "-c", LOADED.format(module=module)]
    told = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, cwd=project)
    homes = packages_distributions()
    loaded = {
        canonicalize_name(home)
        for name in told.stdout.split()
        if name not in sys.stdlib_module_names
        for home in homes.get(name, ())[:1]
    }
    locked = {canonicalize_name(pin.name) for pin in pins(project, "server").values()}
    assert loaded - locked - TAKEN_WHERE_FOUND - {"otziv"} == set()
    assert loaded
