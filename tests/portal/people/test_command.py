"""``otziv settlements``, as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import CliRunner, Result

from otziv.cli import settlements
from tests.portal.people.town import SETTLEMENTS, list_of

Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def otziv(tmp_path: Path) -> Run:
    """Run a command in an installation of its own."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(settlements.app, [*words, "--data", str(tmp_path / "data")])

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The invented list."""
    path = tmp_path / "list.csv"
    path.write_text(SETTLEMENTS, "utf-8")
    return path


def test_a_list_is_shown_and_taken(otziv: Run, file: Path) -> None:
    """A dry run takes nothing; the JSON tells what was and what becomes."""
    dry = otziv("import", str(file), "--on", "2024-01-01", "--dry-run")
    assert "would be taken, true on 2024-01-01: 7 new" in dry.stdout
    taken = json.loads(otziv("import", str(file), "--on", "2024-01-01", "--json").stdout)
    assert (len(taken["new"]), taken["taken"]) == (7, True)
    file.write_bytes(list_of(SETTLEMENTS.splitlines()[2].replace("Стара", "Нова")))
    again = json.loads(otziv("import", str(file), "--complete", "--json").stdout)
    assert again["changed"] == [
        {
            "kind": "settlement",
            "code": "00028",
            "name": "Нова бара",
            "was": {"name": "Стара бара"},
            "becomes": {"name": "Нова бара"},
        }
    ]
    assert (sorted(e["code"] for e in again["missing"]), again["ended"]) == (["00014", "00031"], 2)


def test_what_is_missing_is_told(otziv: Run, file: Path) -> None:
    """And stays without ``--complete``."""
    otziv("import", str(file), "--on", "2024-01-01")
    file.write_bytes(list_of(SETTLEMENTS.splitlines()[2].replace("Стара", "Нова")))
    told = otziv("import", str(file)).stdout
    assert "settlement 00028 name 'Стара бара' → 'Нова бара'" in told
    assert "2 not in it stay: 00014, 00031" in told


def test_a_settlement_is_merged(otziv: Run, file: Path) -> None:
    """Into one that is there."""
    otziv("import", str(file), "--on", "2024-01-01")
    merged = otziv("merge", "00028", "--into", "00014", "--on", "2025-01-01")
    assert "settlement 00028 is a part of 00014 from 2025-01-01 on" in merged.stdout
    refused = otziv("merge", "00014", "--into", "99909")
    assert refused.exit_code == 2
    assert "no settlement 99909" in refused.stderr


@pytest.mark.parametrize(
    ("content", "said"), [("a,b\n1,2\n", "no list known"), (SETTLEMENTS[:-9], "cells instead")]
)
def test_a_bad_file_is_refused(otziv: Run, file: Path, content: str, said: str) -> None:
    """In one line, with status 2."""
    file.write_text(content, "utf-8")
    refused = otziv("import", str(file))
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert otziv("import", str(file.parent / "none.csv")).exit_code == 2
