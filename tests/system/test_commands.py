"""The command line as people and scripts use it: what it prints, where, and with which status."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.serving import environment

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Json = Callable[..., Any]

HEAVY = {"alembic", "altair", "numpy", "paho", "pandas", "sqlalchemy", "sqlmodel", "streamlit"}
KEYS = ("touchpoint", "channel", "day", "week", "value")

WITHOUT = """
import runpy, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
sys.argv = ["otziv", "touchpoint", "list", "--data", {data!r}]
runpy.run_module("otziv", run_name="__main__")
"""


def refused(done: subprocess.CompletedProcess[str], *told: str) -> None:
    """Status 2, nothing on stdout, and one line on stderr that tells what to do."""
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("otziv: ")
    assert done.stderr.count("\n") == 1
    for text in told:
        assert text in done.stderr


def commands() -> Iterator[tuple[str, ...]]:
    """Every command and group of commands; the kiosk's own have their tests beside the kiosk."""
    from typer.core import TyperGroup
    from typer.main import get_command

    from otziv.cli.app import app

    def walk(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield words
        if isinstance(command, TyperGroup):
            for name, inner in command.commands.items():
                if name != "kiosk":
                    yield from walk(inner, (*words, name))

    yield from walk(get_command(app), ())


def test_touchpoints_are_added_once_and_listed(otziv: Run, otziv_json: Json) -> None:
    """Again with the same words changes nothing; test mode and names are kept."""
    assert otziv("touchpoint", "add", "desk-1").stdout == "touchpoint desk-1 of town: added\n"
    again = otziv("touchpoint", "add", "desk-1")
    assert (again.returncode, again.stdout) == (
        0,
        "touchpoint desk-1 of town: was there already\n",
    )
    otziv("touchpoint", "add", "demo", "--test", "--name", "Опитна точка")

    listed = otziv_json("touchpoint", "list")
    assert [(each["code"], each["name"], each["is_test"]) for each in listed] == [
        ("demo", "Опитна точка", True),
        ("desk-1", "desk-1", False),
    ]
    assert "Опитна точка  (test mode)" in otziv("touchpoint", "list").stdout
    refused(otziv("touchpoint", "add", "desk-1", "--test"), "desk-1", "is there already")


@pytest.mark.parametrize("code", ["гише-1", "desk 1", "Desk-1", "", "a" * 64, "desk/1", "desk\n"])
def test_a_bad_code_is_refused_with_the_rule(otziv: Run, code: str) -> None:
    """In one line that shows it and says what a code is made of."""
    done = otziv("touchpoint", "add", code)
    refused(done, f"touchpoint {code!r}", "1 to 63 small Latin letters, digits and hyphens")


def test_a_device_gets_its_topics(otziv: Run, otziv_json: Json) -> None:
    """What somebody needs who writes a device; the broker only where one runs."""
    refused(
        otziv("device", "add", "kiosk-1", "--touchpoint", "desk-1"),
        "unknown touchpoint 'desk-1'",
        "otziv touchpoint add desk-1",
    )
    otziv("touchpoint", "add", "desk-1")
    done = otziv("device", "add", "kiosk-1", "--touchpoint", "desk-1")
    assert done.returncode == 0
    assert "otziv/v1/town/kiosk-1/events" in done.stdout
    assert "otziv/v1/town/kiosk-1/receipts" in done.stdout
    assert "broker" not in done.stdout
    again = otziv("device", "add", "kiosk-1", "--touchpoint", "desk-1")
    assert (again.returncode, "was there already" in again.stdout) == (0, True)
    (found,) = otziv_json("device", "list")
    assert (found["site"], found["device"], found["touchpoint"]) == ("town", "kiosk-1", "desk-1")
    assert (found["standing"], found["is_online"], found["last_seen_at"]) == ("none", False, None)
    refused(otziv("device", "add", "Киоск", "--touchpoint", "desk-1"), "small Latin letters")


@pytest.mark.parametrize("key", KEYS)
def test_a_summary_of_nothing(otziv: Run, otziv_json: Json, key: str) -> None:
    """An empty list for programs, a sentence for people."""
    assert otziv_json("feedback", "summary", "--by", key) == []
    if key == "day":
        assert otziv("feedback", "summary", "--by", key).stdout.startswith("no ratings")


def test_a_summary_of_some_days(otziv: Run, otziv_json: Json) -> None:
    """Days are dates, in their order; anything else is refused."""
    days = ("feedback", "summary", "--by", "day", "--from", "2026-11-01", "--to", "2026-11-30")
    assert otziv_json(*days) == []
    backwards = ("--from", "2026-12-01", "--to", "2026-11-30")
    refused(otziv("feedback", "summary", "--by", "day", *backwards), "--from 2026-12-01 is after")
    for words in (("--by", "colour"), ("--by", "day", "--from", "1.11.2026"), ()):
        done = otziv("feedback", "summary", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--from" in done.stderr or "--by" in done.stderr


def test_an_empty_store_has_nothing_to_tell(otziv: Run, otziv_json: Json) -> None:
    """Completeness, quarantine and rebuilding work before the first press."""
    assert otziv_json("feedback", "completeness") == []
    assert otziv_json("feedback", "quarantine", "list") == []
    assert otziv("feedback", "rebuild").stdout == "rollups rebuilt from 0 events\n"
    readmit = ("feedback", "quarantine", "readmit")
    assert "0 of 0 are in the store now" in otziv(*readmit, "--all").stdout
    refused(otziv(*readmit), "which ones?", "--reason", "--all")
    refused(otziv(*readmit, "7"), "no entry 7", "list it")
    refused(otziv("feedback", "quarantine", "show", "7"), "no entry 7", "list it")


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('site = "Троян"', "site: "),
        ('sitte = "troyan"', "sitte: "),
        ("site = troyan", "otziv.toml: "),
        ('database = "mysql://u@h/d"', "mysql is not supported"),
        ('database = "sqlite:////proc/nowhere/f"', "folder /proc/nowhere "),
    ],
)
def test_wrong_settings_stop_every_command(
    otziv: Run, tmp_path: Path, toml: str, told: str
) -> None:
    """One line, and nothing is begun."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "otziv.toml").write_text(toml, encoding="utf-8")
    refused(otziv("touchpoint", "list"), told)


def test_a_data_folder_that_cannot_be_made(otziv: Run, tmp_path: Path) -> None:
    """A file where the folder should be is named."""
    (tmp_path / "data").write_text("")
    refused(otziv("touchpoint", "list"), str(tmp_path / "data"), "can't be made")


@pytest.mark.parametrize("words", [("demo", "--headless"), ("demo", "--chaos")])
def test_a_demo_without_an_end_is_refused(otziv: Run, words: tuple[str, ...]) -> None:
    """Nobody would be there to end it."""
    refused(otziv(*words), "--for SECONDS")


@pytest.mark.parametrize(
    "words",
    [
        # A group loads what its commands are made of; theirs are asked one by one in the slow run.
        pytest.param(words, id=" ".join(words), marks=[] if len(words) < 2 else pytest.mark.slow)
        for words in commands()
    ],
)
def test_help_is_quick_since_it_loads_little(words: tuple[str, ...]) -> None:
    """Every ``--help`` works, and none loads a library that takes its time."""
    argv = [sys.executable, "-X", "importtime", "-m", "otziv", *words, "--help"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert "Usage: " in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "otziv.cli.app" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize(
    ("missing", "extra"),
    [("typer", "server"), ("pydantic", "server"), ("psycopg", "postgres")],
)
def test_a_kiosk_alone_is_told_what_the_command_needs(
    missing: str, extra: str, tmp_path: Path
) -> None:
    """Without the server's packages: status 1, and what to install."""
    argv = [sys.executable, "-c", WITHOUT.format(missing=missing, data=str(tmp_path))]
    env = environment(OTZIV_DATABASE="postgresql://nobody@127.0.0.1:1/nothing")
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60, env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"otziv: {missing} is not installed" in done.stderr
    assert f"pip install 'otziv[{extra}]'" in done.stderr
    assert "otziv kiosk" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_words_it_tells_what_there_is(project: Path) -> None:
    """``otziv`` alone shows its commands."""
    argv = [sys.executable, "-m", "otziv"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=project)
    for name in ("demo", "serve", "replay", "bench", "touchpoint", "device", "feedback"):
        assert name in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", ["ingest", "kiosk"])
def test_a_benchmarks_status_is_its_verdict(otziv: Run, name: str) -> None:
    """One JSON document, and status 1 exactly where a target is not met."""
    done = otziv("bench", name, "--runs", "1", "--json", timeout_s=380)
    targets = json.loads(done.stdout)["targets"].values()
    assert done.returncode == (0 if all(target["met"] for target in targets) else 1)
