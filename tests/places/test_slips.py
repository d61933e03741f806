"""Slips of the pen: what would be lost or go wrong in silence is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import typer

from broker.fleet.errors import FleetError
from broker.fleet.place_changes import set_setting
from broker.fleet.places import retire
from broker.fleet.surveys import read_survey
from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.registry import add_touchpoint
from broker.store.setting_keys import SettingError, check_value
from otziv.cli.place_options import day_of, json_of
from tests.intake.making import NOON, delivery, rating, register
from tests.places.town import NOW, SITE

HOUR = timedelta(hours=1)
TWICE = [
    {"on": "2026-12-12", "hours": [{"opens_at": "09:00", "closes_at": "13:00"}]},
    {"on": "2026-12-12"},
]


def test_a_survey_with_a_field_that_nobody_reads_is_refused() -> None:
    """It would be frozen without it."""
    with pytest.raises(FleetError, match="no field 'folow_ups'"):
        read_survey(
            '{"code": "rx", "version": 1, "questions": [{"code": "overall", "scale": "faces-4", '
            '"texts": {"bg": "Как беше?"}, "folow_ups": []}]}'
        )


def test_one_special_day_has_one_entry() -> None:
    """Of two that contradict each other one would be lost."""
    with pytest.raises(SettingError, match="2026-12-12 is there twice"):
        check_value("opening.special_days", TWICE)


@pytest.mark.parametrize("text", ['{"bg": "Ж"', "{'bg': 'Ж'}", "{", '["bg"'])
def test_broken_json_is_no_text(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who begins with a bracket means JSON."""
    with pytest.raises(typer.Exit):
        json_of(text)
    assert "is no JSON" in capsys.readouterr().err


def test_a_bare_word_is_a_text() -> None:
    """So that a code needs no quotes inside quotes; a number is one."""
    assert [json_of("revenue"), json_of("-5"), json_of("null")] == ["revenue", -5, None]


def test_a_mistyped_year_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody plans for the year 206."""
    with pytest.raises(typer.Exit):
        day_of(NOW.replace(year=206))
    assert "use a day between" in capsys.readouterr().err


def test_a_place_is_not_retired_before_its_last_votes(database: Database) -> None:
    """They would be of a place that was not there, and it can't be taken back."""
    register(database, 1)
    add_touchpoint(database, "gone", site="troyan")
    Intake(database).admit([delivery(rating(1, touchpoint="gone"), received_at=NOON)])
    day = NOON.date()
    with pytest.raises(FleetError, match=f"has votes of {day}"):
        retire(database, "touchpoint", "gone", now=NOON + HOUR, on=date(2020, 1, 1))
    assert retire(database, "touchpoint", "gone", now=NOON + HOUR, on=day) == day


def test_what_a_kiosk_could_not_show_is_told_before_one_stands_there(town: Database) -> None:
    """Places are set up before devices come."""
    add_touchpoint(town, "desk-9", site=SITE)
    choice = {"code": "nosuch"}
    change = set_setting(town, "touchpoint", "desk-9", "survey", choice, None, NOW)
    assert any(fault.startswith("desk-9: ") for fault in change.faults)
