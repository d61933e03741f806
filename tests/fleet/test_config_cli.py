"""``otziv device config``: every verb as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broker.fleet.configurations import refresh
from broker.fleet.errors import FleetError
from otziv.cli.device_config import app
from otziv.installation import open_installation
from tests.fleet.config_town import NOW, build, say


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation whose two kiosks have their first configuration."""
    with open_installation(tmp_path).store() as database:
        refresh(build(database), NOW)
        say(database, "kiosk-1", 1)
    return tmp_path


def run(data: Path, *words: str) -> str:
    """What it prints."""
    result = CliRunner().invoke(app, [*words, "--data", str(data)])
    if result.exception is not None:
        raise result.exception
    return result.output


def renew(data: Path) -> None:
    """What the fleet's process does."""
    with open_installation(data).store() as database:
        refresh(database, NOW)


def test_show_tells_people_and_programs(data: Path) -> None:
    """In lines, with all that is in it if asked, or as JSON."""
    told = run(data, "show", "kiosk-1")
    assert "device kiosk-1 at desk-1 (troyan): in use" in told
    assert "newest    1, made " in told
    assert "survey.questions" not in told
    assert "survey.questions.overall.texts.bg: Доволни" in run(data, "show", "kiosk-1", "--content")
    document = json.loads(run(data, "show", "kiosk-1", "--json"))
    assert (document["in_use"], document["is_due"]) == (1, False)
    assert document["latest"]["configuration"]["touchpoint"] == "desk-1"


def test_set_and_unset_change_the_touchpoint(data: Path) -> None:
    """And say what it was, what it became, and what is to come."""
    told = run(data, "set", "kiosk-1", "languages", '["bg"]')
    assert "touchpoint desk-1: languages from " in told
    assert '["bg", "en"] → ["bg"]' in told
    assert "the fleet's process will make a new one" in told
    assert run(data, "diff", "kiosk-1") == "  languages: bg; en → bg\n"
    assert run(data, "diff", "kiosk-2", "2") == "no difference\n"
    assert '["bg"] → ["bg", "en"]' in run(data, "unset", "kiosk-1", "languages")
    assert json.loads(run(data, "diff", "kiosk-1", "--json")) == []


def test_a_bad_one_is_refused(data: Path) -> None:
    """With the reason; and nothing is to come."""
    with pytest.raises(FleetError, match=r"texts\.tr: is missing"):
        run(data, "set", "kiosk-1", "languages", '["bg", "en", "tr"]')
    assert run(data, "diff", "kiosk-1") == "no difference\n"


def test_a_bare_word_is_a_text(data: Path) -> None:
    """Quotes inside quotes are nobody's joy."""
    assert '→ "revenue"' in run(data, "set", "kiosk-1", "unit", "revenue")
    later = run(data, "set", "kiosk-1", "unit", "taxes", "--from", "2099-01-01")
    assert "unit from 2099-01-01 on" in later


def test_rollback_history_and_follow(data: Path) -> None:
    """There and back again."""
    run(data, "set", "kiosk-1", "presentation.is_slow", "true")
    renew(data)
    told = run(data, "rollback", "kiosk-1")
    assert "device kiosk-1 is held to revision 1" in told
    assert "it gets revision 4:\n  presentation.is_slow: taken out, was yes\n" in told
    assert "held to   1" in run(data, "show", "kiosk-1")
    assert [each["revision"] for each in json.loads(run(data, "history", "kiosk-1", "--json"))] == [
        4,
        3,
        1,
    ]
    assert "published never  held to 1" in run(data, "history", "kiosk-1")
    assert "it gets revision 5:" in run(data, "follow", "kiosk-1")
    assert "nothing changes" in run(data, "follow", "kiosk-1")
