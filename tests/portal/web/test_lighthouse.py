"""Lighthouse's own judgement of public pages, as a phone on a slow network sees them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from portal.web.portal import Portal
from tests.fixtures.portal_server import Served, pages_of, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.network,
    pytest.mark.timeout(1_800),
]

LOCKED: Final = Path(__file__).parents[1] / "lighthouse"
"""Its package, locked with hashes; it is installed anew, by npm as this machine is set up."""

RUNS: Final = 3

LEAST: Final = {"accessibility": 100, "performance": 95, "best-practices": 95}


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program."""
    folder = tmp_path_factory.mktemp("lighthouse")
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LOCKED / name, folder / name)
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        check=True,
        timeout=600,
    )
    return folder / "node_modules/.bin/lighthouse"


@pytest.fixture
def site(portal: Portal) -> Iterator[Served]:
    """The portal on a port."""
    with served(portal) as running:
        yield running


def test_public_pages_are_quick_and_accessible(
    site: Served, lighthouse: Path, tmp_path: Path
) -> None:
    """On its settings for phones: accessibility 100, performance 95 or more; each public page."""
    pages = [page for page in pages_of(site, is_staff=False).values() if page != "/style"]
    assert {"/", "/accessibility"} <= set(pages)
    poor = {}
    for address in pages:
        scores, failed = _best(lighthouse, site.url + address, tmp_path / "report.json")
        if not _is_enough(scores):
            poor[address] = (scores, failed)
    assert not poor


def _best(lighthouse: Path, url: str, path: Path) -> tuple[dict[str, int], list[str]]:
    """The scores of the best of a few runs, and what failed in it.

    A busy machine makes a page slower, never quicker; and now and then there is no trace at all.
    """
    best: tuple[dict[str, int], list[str]] = (dict.fromkeys(LEAST, 0), ["no report"])
    for _ in range(RUNS):
        report = _judge(lighthouse, url, path)
        if report is None:
            continue
        scores = {name: round(100 * report["categories"][name]["score"]) for name in LEAST}
        failed = [audit["id"] for audit in report["audits"].values() if audit.get("score") == 0]
        best = max(best, (scores, failed), key=lambda found: sum(found[0].values()))
        if _is_enough(scores):
            break
    return best


def _is_enough(scores: dict[str, int]) -> bool:
    return all(scores[name] >= least for name, least in LEAST.items())


def _judge(lighthouse: Path, url: str, path: Path) -> dict[str, Any] | None:
    """Its report; ``None`` where it asks to be run again."""
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    path.unlink(missing_ok=True)
    run = subprocess.run(
        [
            str(lighthouse),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={path}",
            f"--only-categories={','.join(LEAST)}",
            f"--chrome-flags={flags}",
        ],
        env={**os.environ, "CHROME_PATH": "/usr/bin/chromium"},
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    if run.returncode != 0:
        assert "run Lighthouse again" in run.stderr, run.stderr
        return None
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
