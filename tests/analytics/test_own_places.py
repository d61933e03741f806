"""Whoever works for some units sees what is of their places, and nothing of others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard import person
from analytics.dashboard.devices import read_devices
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.own_places import touchpoints_of
from analytics.dashboard.person import Person, header_of, person_of
from analytics.dashboard.releases import Releases
from analytics.dashboard.today import read_today
from broker.fleet.place_changes import set_setting
from broker.store.status import Heard, StatusWriter, Who
from tests.analytics.feedback import NOW, SITE, Feedback

REVENUE = frozenset({"revenue"})


def serve(feedback: Feedback, code: str, unit: str) -> None:
    """Let a unit serve at a touchpoint, since long ago."""
    set_setting(feedback.database, "touchpoint", code, "unit", unit, None, NOW)


@pytest.fixture
def two(feedback: Feedback) -> Feedback:
    """Two desks and two trials, each of another unit."""
    for code, unit, is_test in (
        ("desk-1", "revenue", False),
        ("desk-2", "registry", False),
        ("trial-1", "revenue", True),
        ("trial-2", "registry", True),
    ):
        feedback.place(code, is_test=is_test)
        serve(feedback, code, unit)
    return feedback


def test_a_unit_serves_where_it_is_set(two: Feedback) -> None:
    """And nowhere else; a touchpoint of no unit is nobody's."""
    two.place("desk-3")
    with two.database.reading() as connection:
        assert touchpoints_of(connection, REVENUE, NOW) == {"desk-1", "trial-1"}
        assert touchpoints_of(connection, frozenset({"nobody"}), NOW) == frozenset()


def test_figures_are_of_the_own_places(two: Feedback) -> None:
    """The total, the trials, their channels and their single presses."""
    two.press("desk-1", 4, times=6)
    two.press("desk-2", 1, times=9)
    for trial in ("trial-1", "trial-2"):
        two.press(trial, 4)
        two.fill_in(trial, 1, "qr")
    (whole,) = read_today(two.database, NOW, Releases())
    (own,) = read_today(two.database, NOW, Releases(), REVENUE)
    assert [figure.n for figure in whole.everywhere] == [15]
    assert [figure.n for figure in own.everywhere] == [6]
    assert (own.places, own.recent) == (1, 6)
    assert {trial.name for trial in own.trials} == {"Place trial-1"}
    assert {each.place for each in own.channels} == {"Place trial-1"}
    assert {press.place for press in own.presses} == {"Place trial-1"}
    assert read_today(two.database, NOW, Releases(), frozenset({"nobody"})) == []


@pytest.mark.parametrize("others", [1, 4])
def test_no_difference_tells_of_the_others(two: Feedback, others: int) -> None:
    """Where the rest is too few, whoever knows the total would know them."""
    two.press("desk-1", 4, times=6)
    two.press("desk-2", 1, times=others)
    (own,) = read_today(two.database, NOW, Releases(), REVENUE)
    assert (own.everywhere, own.recent) == ([], None)


def test_devices_are_those_at_the_own_places(two: Feedback) -> None:
    """No others', and no strangers."""
    StatusWriter(two.database).write(Heard({Who(SITE, "stranger"): NOW}))
    assert len(read_devices(two.database, NOW)) == 5
    found = [device.who.device for device in read_devices(two.database, NOW, REVENUE)]
    assert found == ["kiosk-desk-1", "kiosk-trial-1"]


def test_the_gate_s_word_is_read_as_written() -> None:
    """Units, too."""
    said = Person("Ева Илиева", frozenset({"manager"}), "https://portal.test", REVENUE)
    assert person_of({"X-Otziv-Person": header_of(said)}) == said


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_page_shows_nothing_of_others(
    two: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """In none of its parts."""
    now = datetime.now(UTC)
    for code in ("desk-1", "desk-2", "trial-1", "trial-2"):
        two.press(code, 4, times=6, at=now)
    two.refuse("kiosk-desk-2")
    StatusWriter(two.database).write(Heard({Who(SITE, "stranger"): now}))
    monkeypatch.setenv(DATABASE, two.url)
    known = Person("Ева", frozenset({"head-of-unit"}), "https://portal.test", REVENUE)
    monkeypatch.setattr(person, "person_of", lambda _: known)
    app = AppTest.from_file(str(project / "analytics" / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert not app.error
    assert not app.warning
    shown = "".join(element.proto.body for element in app.get("html"))
    assert "trial-1" in shown
    assert "kiosk-desk-1" in shown
    assert not [name for name in ("trial-2", "desk-2", "stranger") if name in shown]
    assert {metric.value for metric in app.metric} >= {"6", "0 / 2"}
    heads = [header.value for header in app.header]
    assert heads[1] == {"bg": "Места на Вашите звена", "en": "Places of your units"}[language]
