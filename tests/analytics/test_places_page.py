"""*Places*: what is ranked, and how changes are written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.dashboard.launch import DATABASE
from broker.fleet.place_changes import set_setting
from tests.analytics.feedback import Feedback
from tests.analytics.screen import day_before, open_screen, rate, shown

FACES = ("overall", "faces-4", "device")


def desks(feedback: Feedback, satisfied: tuple[int, ...]) -> None:
    """Desks with so many of 100 satisfied every day, and one fewer in the four weeks before."""
    now_at = datetime.now(UTC)
    for number, good in enumerate(satisfied, 1):
        code = f"desk-{number}"
        feedback.place(code, name=f"Гише {number}")
        set_setting(feedback.database, "touchpoint", code, "staff", 4, day_before(90), now_at)
        for days in range(1, 61):
            now = good if days <= 30 else good - 1
            rows = [(*FACES, 4, now, now), (*FACES, 1, 100 - now, 100 - now)]
            rate(feedback, code, day_before(days), rows)


@pytest.mark.parametrize("satisfied", [(80, 50), (80, 50, 80)])
def test_three_places_are_ranked_and_two_are_not(
    feedback: Feedback,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    satisfied: tuple[int, ...],
) -> None:
    """The end of one is "the lowest share", never "among the last 1"; and one point is one."""
    desks(feedback, satisfied)
    monkeypatch.setenv(DATABASE, feedback.url)
    app = open_screen(project, "places", lang="bg")
    assert not app.exception
    text = shown(app)
    assert "1 пункт" in text
    assert "1 пункта" not in text
    assert ("Сигурно с най-ниския дял доволни." in text) == (len(satisfied) > 2)
    assert "последните 1" not in text
    assert bool([each for each in app.header if "Подредба" in each.value]) == (len(satisfied) > 2)
