"""``otziv feedback ruling``: people's word about votes, given, listed and taken back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from broker.misuse.flagging import reflag
from broker.misuse.rulings import CAUSES
from broker.store.flag_reasons import RULED_OUT
from broker.store.tables import Flag, table_of
from otziv.cli.feedback import app
from otziv.cli.ruling import Cause
from otziv.installation import open_installation
from tests.intake.making import TOUCHPOINT, register
from tests.misuse.pressing import admit, pressed

runner = CliRunner()
ABOUT = ["ruling", "add", TOUCHPOINT]
JANUARY = ["--from", "2026-01-05", "--to", "2026-01-05"]
DAY = (datetime.now(ZoneInfo("Europe/Sofia")) - timedelta(days=2)).date()
NOON = datetime.combine(DAY, time(12), ZoneInfo("Europe/Sofia"))


@pytest.fixture
def data(tmp_path: Path) -> str:
    """An installation in which a child pressed eight times, and the rules flagged it."""
    with open_installation(tmp_path).store() as database:
        register(database)
        admit(database, pressed([number * 0.7 for number in range(8)], value=1, since=NOON))
        reflag(database, 1, None, None, datetime.now(UTC))
    return str(tmp_path)


def run(data: str, *words: str) -> tuple[int, str]:
    """What a command ends with, and what it prints."""
    result = runner.invoke(app, [*words, "--data", data])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def reasons(data: str) -> set[str]:
    """What votes are flagged with."""
    with open_installation(Path(data)).store() as database, database.reading() as connection:
        return set(connection.execute(select(table_of(Flag).c.reason)).scalars())


def test_a_ruling_is_given_listed_and_taken_back(data: str) -> None:
    """It goes over the rules while it holds, and leaves nothing behind."""
    hours = ["--from", f"{DAY}", "--to", f"{DAY}"]
    before = reasons(data)
    assert "burst" in before
    code, said = run(data, *ABOUT, "no-votes", *hours, "--cause", "children")
    assert (code, "8 visits" in said) == (0, True), said
    assert RULED_OUT in reasons(data)
    (shown,) = json.loads(run(data, "ruling", "list", "--json", "--days", "36500")[1])
    assert (shown["verdict"], shown["reason"], shown["cause"]) == ("no-votes", "", "children")
    assert shown["from"].startswith(f"{DAY}T00:00")
    assert shown["to"].startswith(f"{DAY + timedelta(days=1)}T00:00")
    assert "because of children" in run(data, "ruling", "list", "--days", "36500")[1]
    back = ["ruling", "take-back", TOUCHPOINT, "no-votes", "--from", shown["from"]]
    assert run(data, *back)[0] == 0
    assert reasons(data) == before
    assert json.loads(run(data, "ruling", "list", "--json", "--days", "36500")[1]) == []


def test_genuine_is_for_all_rules_or_for_one(data: str) -> None:
    """One rule may be wrong about them, and the others right."""
    words = [*ABOUT, "genuine", "--from", f"{DAY}", "--to", f"{DAY}", "--cause", "known-crowd"]
    before = reasons(data)
    assert run(data, *words, "--reason", "burst")[0] == 0
    assert "burst" not in reasons(data)
    assert run(data, *words)[0] == 0
    assert not reasons(data) & before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere", "genuine", "--from", "2026-01-05", "--to", "2026-01-05"], "no touchpoint"),
        ([TOUCHPOINT, "genuine", "--from", "today", "--to", "2026-01-05"], "is no moment"),
        ([TOUCHPOINT, "genuine", "--from", "2026-01-05", "--to", "9999-12-31"], "is no moment"),
        (
            [TOUCHPOINT, "no-votes", "--reason", "burst", *JANUARY],
            "goes with genuine",
        ),
        (
            [TOUCHPOINT, "genuine", "--reason", "cheek", *JANUARY],
            "is no reason of a rule",
        ),
    ],
    ids=["touchpoint", "moment", "end", "reason", "unknown-reason"],
)
def test_what_can_not_be_is_said(data: str, words: list[str], said: str) -> None:
    """With what to write instead; nothing is ruled."""
    result = runner.invoke(app, ["ruling", "add", *words, "--cause", "other", "--data", data])
    assert result.exit_code == 2
    assert said in result.output
    assert json.loads(run(data, "ruling", "list", "--json")[1]) == []


def test_the_causes_are_those_of_rulings() -> None:
    """One list, named in two places."""
    assert tuple(each.value for each in Cause) == CAUSES
