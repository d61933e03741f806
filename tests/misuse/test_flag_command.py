"""``otziv feedback flag``: what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from broker.misuse.rules import UnknownRulesError
from otziv.cli.flag import flag
from otziv.installation import open_installation
from tests.intake.making import register
from tests.misuse.pressing import admit, pressed

runner = CliRunner()
app = typer.Typer()
app.command()(flag)


@pytest.fixture
def data(tmp_path: Path) -> str:
    """An installation in which a child pressed eight times."""
    with open_installation(tmp_path).store() as database:
        register(database)
        admit(database, pressed([number * 0.7 for number in range(8)], value=1))
    return str(tmp_path)


def test_it_tells_what_it_flagged(data: str) -> None:
    """First what it would do, then what it did; for people and as JSON."""
    dry = runner.invoke(app, ["--rules", "1", "--dry-run", "--data", data])
    assert "burst: 8" in dry.output
    assert "flags would be set: " in dry.output
    done = json.loads(runner.invoke(app, ["--rules", "1", "--json", "--data", data]).output)
    assert (done["visits"], done["doubted"]["burst"]) == (8, 8)
    assert done["change"]["set"] >= 8
    again = json.loads(runner.invoke(app, ["--rules", "1", "--json", "--data", data]).output)
    assert again["change"] == {"set": 0, "taken_back": 0}


def test_only_the_days_meant_are_judged(data: str) -> None:
    """And days that end before they begin are refused."""
    early = ["--rules", "1", "--from", "2026-01-01", "--to", "2026-01-31", "--json"]
    assert json.loads(runner.invoke(app, [*early, "--data", data]).output)["visits"] == 0
    turned = ["--rules", "1", "--from", "2026-02-01", "--to", "2026-01-31"]
    result = runner.invoke(app, [*turned, "--data", data])
    assert (result.exit_code, "nothing lies between" in result.output) == (2, True)


def test_unknown_rules_are_an_error_for_people(data: str) -> None:
    """One that ``otziv`` shows as a line, with the versions there are."""
    result = runner.invoke(app, ["--rules", "7", "--data", data])
    assert isinstance(result.exception, UnknownRulesError)
    assert "there are 0, 1" in str(result.exception)
