"""A collector that is killed has stored a transaction whole, or nothing of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from broker.store.database import Database
from tests.intake.making import register


def test_killed_between_any_two_statements(database: Database, project: Path) -> None:
    """After each death nothing is there; after the attempt that lives, everything."""
    register(database)
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.intake.dying", url]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=project, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    *deaths, lived = found["sights"]
    assert found["status"] == 0
    assert len(deaths) > 10, "deaths between statements"
    assert deaths == [[0] * len(lived)] * len(deaths)
    events, flags, quarantined, streams, *_, raw, filtered, greatest = lived
    assert (events, quarantined, streams, greatest) == (5, 1, 1, 5)
    assert (raw, filtered) == (3, 3)
    assert flags == 3
