"""*Now*: totals by five, single ratings in test mode only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.dashboard.launch import DATABASE
from analytics.dashboard.now import read_now
from analytics.dashboard.releases import Releases
from broker.fleet.place_changes import set_setting
from tests.analytics.feedback import NOW, Feedback
from tests.analytics.screen import open_screen, shown


def ratings(feedback: Feedback, releases: Releases, now: datetime = NOW, *units: str) -> int | None:
    """What is shown of the only site."""
    (found,) = read_now(feedback.database, now, releases, frozenset(units))
    return found.ratings


def test_a_total_is_renewed_by_five(feedback: Feedback) -> None:
    """Who watches it learns of no single rating; and it goes away with the ratings."""
    feedback.place("desk-1")
    releases = Releases()
    told = []
    for times in (4, 1, 4, 1):
        feedback.press("desk-1", 4, times=times)
        told.append(ratings(feedback, releases))
    assert told == [None, 5, 5, 10]
    assert ratings(feedback, releases, NOW + timedelta(minutes=20)) is None


def test_the_rest_may_not_be_few(feedback: Feedback) -> None:
    """Whoever sees the total of all would know it."""
    for code, unit in (("desk-1", "revenue"), ("desk-2", "registry")):
        feedback.place(code)
        set_setting(feedback.database, "touchpoint", code, "unit", unit, None, NOW)
    releases = Releases()
    feedback.press("desk-1", 4, times=6)
    assert ratings(feedback, releases, NOW, "revenue") == 6
    feedback.press("desk-2", 4, times=2)
    assert ratings(feedback, releases, NOW, "revenue") is None
    feedback.press("desk-2", 4, times=3)
    assert ratings(feedback, releases, NOW, "revenue") == 6


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_page(
    feedback: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Nothing of a desk by its name, each rating of a trial."""
    monkeypatch.setenv(DATABASE, feedback.url)
    assert not open_screen(project, "now", lang=language).exception
    now = datetime.now(UTC)
    feedback.place("trial-1", name="Пробно гише", is_test=True)
    feedback.place("desk-1", name="Гише 1")
    feedback.press("trial-1", 2, times=2, at=now)
    feedback.press("desk-1", 4, times=7, at=now)
    app = open_screen(project, "now", lang=language)
    assert not app.exception
    assert not app.error
    found = shown(app)
    assert [metric.value for metric in app.metric] == ["7"]
    assert "Гише 1" not in found
    assert {"bg": "2 от 4", "en": "2 of 4"}[language] in found
    few = open_screen(project, "now", lang=language)
    assert [metric.value for metric in few.metric] == ["7"]
