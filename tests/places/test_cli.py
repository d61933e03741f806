"""The commands about places, as a clerk types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner

from broker.fleet.errors import FleetError
from broker.fleet.surveys import STANDARD_SURVEY, write_survey
from broker.store.registry import add_device
from otziv.cli import device_places, place, served, site, survey, touchpoint
from otziv.installation import open_installation
from tests.places.test_surveys import TOML
from tests.places.town import HOURS, NOW, SOFIA

APPS = {
    "device": device_places.app,
    "place": place.app,
    "served": served.app,
    "site": site.app,
    "survey": survey.app,
    "touchpoint": touchpoint.app,
}
DAY = timedelta(days=1)

Run: TypeAlias = Callable[..., str]


@pytest.fixture
def otziv(tmp_path: Path) -> Run:
    """Run a command in an installation of its own; what it printed."""

    def run(command: str, *words: str) -> str:
        result = CliRunner().invoke(APPS[command], [*words, "--data", str(tmp_path / "data")])
        if isinstance(result.exception, FleetError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def document(text: str) -> Any:  # noqa: ANN401  whatever JSON can say
    """What ``--json`` printed."""
    return json.loads(text)


@pytest.fixture
def hall(otziv: Run) -> Run:
    """A hall with a desk in it."""
    otziv("place", "add", "hall", "--name", "Приемна")
    otziv("touchpoint", "add", "desk", "--name", "Гише 1", "--in", "hall")
    return otziv


def test_the_tree_is_shown_with_names_and_as_json(hall: Run) -> None:
    """Each place below the one it stands in."""
    assert hall("place", "tree").splitlines() == [
        "site town",
        "  location hall  Приемна",
        "    touchpoint desk  Гише 1",
    ]
    found = {each["code"]: each for each in document(hall("place", "tree", "--json"))}
    assert found["desk"]["in"] == {"kind": "location", "code": "hall"}
    assert found["town"]["in"] is None


def test_a_setting_is_set_shown_and_taken_back(hall: Run) -> None:
    """With where it comes from and since when; a word that is no JSON is a text."""
    hall("place", "set", "town", "opening.weekly", json.dumps(HOURS))
    told = hall("place", "set", "hall", "unit", "revenue", "--from", "2026-01-01")
    assert "location hall: unit from 2026-01-01 on" in told
    shown = hall("place", "show", "desk")
    assert 'unit                           "revenue"  (location hall, since 2026-01-01)' in shown
    assert "(default)" in shown
    settings = document(hall("place", "show", "desk", "--json"))["settings"]
    assert settings["opening.weekly"]["value"] == HOURS
    assert settings["opening.weekly"]["kind"] == "site"
    assert '"revenue"' not in hall("place", "show", "desk", "--on", "2025-12-31")
    hall("place", "unset", "hall", "unit")
    assert '"revenue"' not in hall("place", "show", "desk")


def test_a_setting_comes_from_a_file(hall: Run, tmp_path: Path) -> None:
    """And one that is wrong is refused with a good example."""
    days = tmp_path / "days.json"
    days.write_text('[{"on": "2026-12-12", "texts": {"bg": "Празник", "en": "Feast"}}]', "utf-8")
    hall("place", "set", "hall", "opening.special_days", "--file", str(days))
    assert "Празник" in hall("place", "show", "desk")
    with pytest.raises(FleetError, match="for example 30"):
        hall("place", "set", "hall", "opening.grace_min", "soon")


def test_places_are_renamed_moved_and_retired(hall: Run) -> None:
    """Locations and touchpoints alike; a site is renamed only."""
    hall("place", "add", "annex", "--in", "hall")
    hall("touchpoint", "move", "desk", "--in", "annex")
    hall("place", "move", "annex")
    hall("place", "retire", "hall")
    hall("place", "rename", "annex", "Пристройка")
    hall("touchpoint", "rename", "desk", "Гише 2")
    hall("site", "rename", "town", "Община Троян")
    assert "test mode on" in hall("touchpoint", "test", "desk", "on")
    assert hall("place", "tree").splitlines() == [
        "site town  Община Троян",
        "  location annex  Пристройка",
        "    touchpoint desk  Гише 2  (test mode)",
    ]
    hall("touchpoint", "retire", "desk")
    assert "retired from" in hall("touchpoint", "list")
    assert document(hall("touchpoint", "list", "--json"))[0]["retired_on"]


def test_a_survey_is_published_and_edited_on(otziv: Run, tmp_path: Path) -> None:
    """What is shown can be published as the next version."""
    file = tmp_path / "survey.toml"
    file.write_text(TOML.replace("reception", "hall"), "utf-8")
    assert "version 1: published" in otziv("survey", "publish", str(file))
    assert "was published already" in otziv("survey", "publish", str(file))
    shown = document(otziv("survey", "show", "hall"))
    file.write_text(json.dumps(shown | {"version": 2}), "utf-8")
    otziv("survey", "publish", str(file))
    assert [each["version"] for each in document(otziv("survey", "list", "--json"))] == [1, 2]
    assert "Доволни ли сте?" in otziv("survey", "list")


def test_the_built_in_survey_is_not_mixed_up_with_another(otziv: Run, tmp_path: Path) -> None:
    """Version 1 of it says what kiosks ask by themselves; what says something else is version 2."""
    file = tmp_path / "survey.toml"
    file.write_text(TOML, "utf-8")
    with pytest.raises(FleetError, match=r"built in, and says something else.* as version 2"):
        otziv("survey", "publish", str(file))
    assert document(otziv("survey", "list", "--json")) == []
    file.write_text(TOML.replace("version = 1", "version = 2"), "utf-8")
    assert "version 2: published" in otziv("survey", "publish", str(file))
    file.write_text(TOML, "utf-8")
    with pytest.raises(FleetError, match="is at version 2 already"):
        otziv("survey", "publish", str(file))


def test_the_built_in_survey_itself_is_published(otziv: Run, tmp_path: Path) -> None:
    """Its version 1 as it is; what was published before the rule stays publishable again."""
    file = tmp_path / "survey.json"
    file.write_text(write_survey(STANDARD_SURVEY), "utf-8")
    assert "version 1: published" in otziv("survey", "publish", str(file))
    assert "was published already" in otziv("survey", "publish", str(file))
    file.write_text(TOML, "utf-8")
    with pytest.raises(FleetError, match="was published and says something else"):
        otziv("survey", "publish", str(file))


def test_people_served_are_imported_and_shown(hall: Run, tmp_path: Path) -> None:
    """Not before the hall was there; a rehearsal records nothing; then all is in local time."""
    yesterday = f"{NOW.astimezone(SOFIA) - DAY:%Y-%m-%d}"
    file = tmp_path / "served.csv"
    file.write_text(f"place,hour,people,source\nhall,{yesterday} 09:00,12,queue\n", "utf-8")
    with pytest.raises(FleetError, match=rf"line 2: .*otziv place move hall --from {yesterday}"):
        hall("served", "import", str(file))
    hall("place", "move", "hall", "--from", yesterday)
    assert "would be recorded: 1 new" in hall("served", "import", str(file), "--dry-run")
    assert "recorded: 1 new" in hall("served", "import", str(file))
    days = ("--from", yesterday, "--to", yesterday)
    assert hall("served", "show", "town", *days).splitlines() == [
        f"{yesterday} 09:00  location hall  12  (queue)",
        "12 people in 1 hours; rated 0 (as pressed 0): 0.0%",
    ]
    found = document(hall("served", "show", "hall", *days, "--json"))
    assert (found["people"], found["rated_filtered"], found["response_rate"]) == (12, 0, 0.0)


def test_bad_rows_of_people_served_are_all_named(hall: Run, tmp_path: Path) -> None:
    """What can't be read, and what can't be, with their lines."""
    file = tmp_path / "served.csv"
    file.write_text(
        "place,hour,people,source\nhall,0001-01-01 00:00,1,hand\nhall,tomorrow,1,hand\n", "utf-8"
    )
    with pytest.raises(FleetError, match=r"line 2: .*1991 to 2099\n  line 3: hour is 'tomorrow'"):
        hall("served", "import", str(file))


def test_people_served_of_a_strange_year_are_not_looked_for() -> None:
    """The last day of the calendar has no day after."""
    days = ["--from", "2026-01-01", "--to", "9999-12-31"]
    result = CliRunner().invoke(served.app, ["show", "hall", *days])
    assert result.exit_code == 2
    assert "9999-12-31: use a day between 1991 and 2099" in result.output


def test_a_device_is_carried_about_and_retired(hall: Run, tmp_path: Path) -> None:
    """To another touchpoint, into the drawer, and out of use; what is unclear is asked back."""
    with open_installation(tmp_path / "data").store() as database:
        add_device(database, "kiosk-1", touchpoint="desk")
    hall("touchpoint", "add", "desk-2", "--in", "hall")
    assert hall("device", "move", "kiosk-1", "desk-2") == "device kiosk-1 stands at desk-2\n"
    assert "touchpoint desk-2  ← kiosk-1" in hall("place", "tree")
    assert "is in the drawer\n  it asks nobody" in hall("device", "move", "kiosk-1", "--drawer")
    assert "kiosk-1" not in hall("place", "tree")
    assert "is retired from" in hall("device", "retire", "kiosk-1")
    for words in (("kiosk-1",), ("kiosk-1", "desk", "--drawer")):
        result = CliRunner().invoke(device_places.app, ["move", *words])
        assert (result.exit_code, "name the touchpoint, or --drawer" in result.output) == (2, True)
