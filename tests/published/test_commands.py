"""``otziv results``: as a person types it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from analytics.published.months import before, days_of, month_of
from broker.store.registry import add_touchpoint
from broker.store.tables import RatingDay, table_of
from otziv.cli.results import app
from otziv.installation import open_installation

LAST_MONTH = before(month_of(datetime.now(UTC).date() - timedelta(days=1)))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation with a hundred ratings of the last month, five a day."""
    installation = open_installation(tmp_path)
    with installation.store() as database:
        site = installation.settings.site
        add_touchpoint(database, "desk-1", site=site)
        rows = [
            {
                "touchpoint": "desk-1",
                "survey": "reception",
                "question": "overall",
                "scale": "faces-4",
                "channel": "device",
                "day": day,
                "value": 4,
                "raw": 5,
                "filtered": 5,
            }
            for day in days_of(LAST_MONTH).days[:20]
        ]
        with database.transaction() as connection:
            connection.execute(insert(table_of(RatingDay)), rows)
    return tmp_path


def run(data: Path, *words: str) -> Result:
    """What it prints, and how it ends."""
    return CliRunner().invoke(app, [*words, "--data", str(data)])


def test_a_month_is_shown_published_and_withdrawn(data: Path) -> None:
    """Each verb says what it did; twice is told."""
    shown = json.loads(run(data, "show", "--month", LAST_MONTH, "--json").stdout)
    assert shown["published"] == {}
    (figure,) = shown["would_be"][""]["figures"]
    assert (figure["satisfied"]["n"], figure["satisfied"]["share"]) == (100, 1.0)
    assert "the whole municipality" in run(data, "publish", "--month", LAST_MONTH).output
    again = run(data, "show", "--month", LAST_MONTH)
    assert "it is published just so" in again.output
    assert "on kiosks at 1 places" in run(data, "kiosks", "--month", LAST_MONTH).output
    gone = run(data, "withdraw", "--month", LAST_MONTH)
    assert "taken from kiosks at 1 places" in gone.output
    refused = run(data, "withdraw", "--month", LAST_MONTH)
    assert refused.exit_code == 2
    assert "nothing of that month is published" in refused.output


def test_what_can_t_be_published_is_told_why(data: Path) -> None:
    """No month, and one that is not over."""
    now = month_of(datetime.now(UTC).date())
    for month, why in (("2026-13", "Write a month"), (now, "not over")):
        refused = run(data, "publish", "--month", month)
        assert refused.exit_code == 2
        assert why in refused.output
    refused = run(data, "kiosks", "--month", LAST_MONTH)
    assert refused.exit_code == 2
