"""The installed command, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.databases import postgres_server
from tests.fixtures.settings import no_settings_of_ours

__all__ = ["no_settings_of_ours", "postgres_server"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def otziv(tmp_path: Path) -> Run:
    """``otziv WORDS…`` in a data folder of the test's own; the finished process."""

    def run(*words: str, timeout_s: float = 110) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "otziv", *words, "--data", str(tmp_path / "data")],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    return run


@pytest.fixture
def otziv_json(otziv: Run) -> Callable[..., Any]:
    """The same for commands that must go well and print JSON: what they printed."""

    def run(*words: str, timeout_s: float = 110) -> Any:  # noqa: ANN401  # whatever JSON can say
        done = otziv(*words, "--json", timeout_s=timeout_s)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    return run
