"""The dashboard's pages as Streamlit runs them: both languages, no error, nobody exposed."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.launch import DATABASE
from tests.analytics.feedback import Feedback


@pytest.fixture
def app(feedback: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard over ``feedback``: a trial place with six votes, a desk with seven."""
    now = datetime.now(UTC)
    feedback.place("trial-1", name="Пробно гише", is_test=True)
    feedback.place("desk-1", name="Гише 1")
    feedback.press("trial-1", 4, times=5, at=now)
    feedback.press("trial-1", 1, at=now)
    feedback.press("desk-1", 4, times=7, at=now)
    monkeypatch.setenv(DATABASE, feedback.url)
    return AppTest.from_file(
        str(project / "analytics" / "dashboard" / "app.py"), default_timeout=60
    )


def test_the_page_is_bulgarian(app: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    """Unasked the page is in Bulgarian, without an error or a warning of Streamlit's."""
    with caplog.at_level(logging.WARNING, logger="streamlit"):
        app.run()
    assert not app.exception
    assert not caplog.records
    assert app.title[0].value == "Днес"
    assert [header.value for header in app.header] == [
        "Всички места",
        "Места в пробен режим",
        "Устройства и пълнота на данните",
    ]


def test_the_page_can_be_english(app: AppTest) -> None:
    """``?lang=en`` asks for English; what is no language of ours is ignored."""
    app.query_params["lang"] = "en"
    assert app.run().title[0].value == "Today"
    app.query_params["lang"] = "<script>"
    assert app.run().title[0].value == "Днес"


def test_figures_are_there(app: AppTest) -> None:
    """The total of all places, and each trial for itself, with n and interval."""
    app.run()
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Оценки днес (четири лица)"] == "7"
    assert metrics["Доволни"] == "100 %"
    assert "Пробно гише" in _html(app)
    assert "44–97 % · още е рано" in _html(app)


def test_no_place_is_shown_but_trials(app: AppTest) -> None:
    """The name of a touchpoint that is not in test mode stands beside no rating."""
    app.run()
    rated = _html(app).split("Събития по устройства")[0]
    assert "Гише 1" not in rated


def test_a_store_that_is_away_is_said_so(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the database can't be read the page says it, and shows no error of a program."""
    monkeypatch.setenv(DATABASE, "postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=1")
    app.run()
    assert not app.exception
    (error,) = app.error
    assert error.value.startswith("В момента базата данни не може да бъде прочетена.")


def _html(app: AppTest) -> str:
    """All tables of the page."""
    return "".join(element.proto.body for element in app.get("html"))
