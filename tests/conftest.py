"""What every test may use, and the rules of the house: no test is skipped in silence."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

PROJECT: Final = Path(__file__).parent.parent
ABSENT: Final = "shared data absent"

# The same examples in every run, and none remembered: a failure is everyone's.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "otziv-hypothesis")
settings.register_profile("otziv", derandomize=True, database=None, deadline=None)
settings.load_profile("otziv")


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the project."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data, ``OTZIV_SHARED`` or ``../shared``; the one reason to skip."""
    folder = (PROJECT / os.environ.get("OTZIV_SHARED", "../shared")).resolve()
    if not folder.is_dir():
        pytest.skip(f"{ABSENT}: no folder {folder}; set OTZIV_SHARED")
    return folder


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Take back how a test lets the process log: the next one looks at its own lines."""
    root, events = logging.getLogger(), sys.modules.get("structlog")  # a kiosk has none
    handlers, level = list(root.handlers), root.level
    as_told = None if events is None else events.get_config()
    yield
    for handler in set(root.handlers).difference(handlers):
        root.removeHandler(handler)
    root.setLevel(level)
    events = sys.modules.get("structlog")
    if events is not None and as_told is not None:
        events.configure(**as_told)
    elif events is not None:
        events.reset_defaults()


ON_ONE_DATABASE: Final = tuple(
    f"tests/{folder}/"
    for folder in (
        "alerts",
        "analytics",
        "collector",
        "fleet",
        "misuse",
        "places",
        "portal",
        "published",
        "questions",
    )
)
"""They stand on a store that is tested on both databases, as locks and races are everywhere."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the second configuration of some folders to ``make test-all``."""
    for item in items:
        is_second = item.get_closest_marker("postgres") is not None
        is_race = "race" in item.nodeid and "death" not in item.nodeid
        if is_second and item.nodeid.startswith(ON_ONE_DATABASE) and not is_race:
            item.add_marker("slow")


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, unless shared data are absent."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr)
    if ABSENT not in reason:
        report.outcome = "failed"
        report.longrepr = f"Only absent shared data may be skipped; deselect by marker: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test be skipped for any other reason than absent shared data."""
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let no file be skipped either."""
    report = yield
    _forbid_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what was skipped, so that a run without shared data does not look whole."""
    skipped = len(terminalreporter.getreports("skipped"))
    if skipped:
        terminalreporter.write_line(
            f"{skipped} tests skipped: {ABSENT} (set OTZIV_SHARED to run them)", yellow=True
        )
