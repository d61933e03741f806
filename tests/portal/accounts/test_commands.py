"""``otziv user`` and ``otziv audit``: the first administrator, and the proof of the log."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from otziv.cli.app import app
from portal.accounts.accounts import find, make_citizen
from portal.store.schema import open_portal

RUNNER = CliRunner()
PYTHON = sys.executable


def run(data: Path, *words: str, status: int = 0) -> str:
    """What a command prints."""
    done = RUNNER.invoke(app, [*words, "--data", str(data)])
    assert done.exit_code == status, (done.output, done.exception)
    return done.output


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of an installation with its first administrator."""
    run(
        tmp_path,
        *("user", "add", "kmet", "--name", "Първи", "--role", "administrator", "--role", "auditor"),
    )
    return tmp_path


def test_the_first_administrator_gets_a_link(data: Path) -> None:
    """Once; who lost it gets another one."""
    said = run(data, "user", "reset", "kmet")
    assert re.search(r"^link +http://127.0.0.1:\d+/welcome/[0-9A-Z]{16}$", said, re.MULTILINE)
    (user,) = json.loads(run(data, "user", "list", "--json"))
    assert (user["sign_in_name"], user["state"]) == ("kmet", "invited")
    assert user["roles"] == ["administrator", "auditor"]


def test_users_are_locked_and_unlocked(data: Path) -> None:
    """But not the last administrator."""
    run(data, "user", "add", "ivanova", "--name", "Ева", "--role", "clerk")
    run(data, "user", "lock", "ivanova")
    assert "locked" in run(data, "user", "list")
    run(data, "user", "unlock", "ivanova")
    run(data, "user", "lock", "kmet", status=2)


def test_citizens_are_locked_and_signed_out_by_their_number(data: Path) -> None:
    """As it is printed on the slip; a new slip is not for the command line."""
    opened = open_portal(f"sqlite:///{data / 'portal.sqlite3'}")
    with opened.transaction() as connection:
        account = make_citizen(connection, None, datetime.now(UTC), "Мария")
        found = find(connection, account)
    opened.close()
    assert found is not None
    number = found.sign_in_name
    grouped = f"{number[:3]} {number[3:6]} {number[6:]}"
    assert "0 sessions ended" in run(data, "user", "sign-out", grouped)
    run(data, "user", "lock", grouped)
    run(data, "user", "unlock", number)
    for more in ((), ("--second-factor",)):
        assert "at the desk" in run(data, "user", "reset", number, *more, status=2)


@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", "kmet", "--name", "Пак", "--role", "clerk"),
        ("user", "add", "x", "--name", "Кратък", "--role", "clerk"),
        ("user", "add", "ivanova", "--name", "Ева", "--role", "king"),
        ("user", "add", "ivanova", "--name", "Ева", "--role", "clerk", "--unit", "nowhere"),
        ("user", "lock", "nobody"),
        ("user", "reset", "nobody"),
        ("user", "unlock", "kmet"),
    ],
)
def test_what_can_not_be_is_refused(data: Path, words: tuple[str, ...]) -> None:
    """With status 2, and nothing is changed."""
    before = run(data, "user", "list", "--json")
    run(data, *words, status=2)
    assert run(data, "user", "list", "--json") == before


def test_the_log_is_proved(data: Path) -> None:
    """And its head is kept for the next time."""
    said = json.loads(run(data, "audit", "verify", "--json"))
    assert said["whole"]
    assert said["entries"] == 2
    heads = (data / "portal" / "audit-heads.txt").read_text().splitlines()
    assert ":".join(heads[-1].split()[1:3]) == said["head"]
    run(data, "audit", "verify", "--head", said["head"])


def test_a_log_that_was_rewritten_is_told(data: Path) -> None:
    """By the head that was kept, with status 1."""
    run(data, "audit", "verify")
    opened = open_portal(f"sqlite:///{data / 'portal.sqlite3'}")
    with opened.transaction() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_stays"))
        connection.execute(text("DELETE FROM audit_entry WHERE number = 2"))
    opened.close()
    assert "cut off" in run(data, "audit", "verify", status=1)
    said = json.loads(run(data, "audit", "verify", "--json", status=1))
    assert (said["whole"], said["broken_at"]) == (False, 2)


def test_what_is_no_head_is_one_line(data: Path) -> None:
    """On standard error, with status 2, as of any command."""
    words = [PYTHON, "-m", "otziv", "audit", "verify", "--head", "5:x", "--data", str(data)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "NUMBER:HASH" in done.stderr
