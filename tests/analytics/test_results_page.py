"""*Results*: what is published, by whom, and what the page says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.closed.library import read_book
from analytics.dashboard import handed, person
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.person import Person
from analytics.improvement_virtual import VirtualImprovement
from analytics.published.months import before, month_of
from analytics.published.publishing import publish, withdraw
from analytics.published.results import read_results
from broker.fleet.place_changes import set_setting
from tests.analytics.feedback import Feedback
from tests.analytics.screen import day_before, open_screen, shown

NOW = datetime.now(UTC)
MAYOR = Person("Ана", frozenset({"manager"}), "http://portal", frozenset(), "mayor")
HEAD = Person("Иво", frozenset({"manager"}), "http://portal", frozenset({"revenue"}), "head")
LAST_MONTH = before(month_of(NOW.date()))


@pytest.fixture
def desk() -> Iterator[VirtualImprovement]:
    """Where results are kept, handed to the dashboard."""
    made = VirtualImprovement([], lambda: NOW)
    handed.hand(made)
    yield made
    handed.hand(None)


@pytest.fixture
def town(feedback: Feedback, monkeypatch: pytest.MonkeyPatch) -> Feedback:
    """Two desks of two units with votes of the last months."""
    for code, unit in (("desk-1", "revenue"), ("desk-2", "registry")):
        feedback.place(code, name=f"Гише {code[-1]}")
        set_setting(feedback.database, "touchpoint", code, "unit", unit, day_before(90), NOW)
        for days in range(1, 70):
            at = datetime.combine(day_before(days), NOW.time(), UTC)
            feedback.press(code, 4, times=4, at=at)
            feedback.press(code, 1, times=1, at=at)
    monkeypatch.setenv(DATABASE, feedback.url)
    return feedback


def open_page(
    project: Path, monkeypatch: pytest.MonkeyPatch, who: Person | None, language: str = "bg"
) -> AppTest:
    """The page as ``who`` sees it."""
    monkeypatch.setattr(person, "person_of", lambda _headers: who)
    return open_screen(project, "results", lang=language)


def press(app: AppTest, label: str) -> AppTest:
    """Press a button by what it says."""
    (button,) = [each for each in app.button if each.label == label]
    return button.click().run()


@pytest.mark.usefixtures("town")
def test_a_month_is_seen_published_and_taken_back(
    desk: VirtualImprovement, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page shows what is published then, to the digit."""
    app = open_page(project, monkeypatch, MAYOR)
    assert not app.exception
    assert "От този месец още нищо не е публикувано." in shown(app)
    assert desk.published_months() == []
    app = press(app, "Публикуване на месеца")
    assert not app.exception
    assert desk.published_months() == [LAST_MONTH]
    kept = {
        unit: read_results(each.content)
        for unit, each in desk.published_results(LAST_MONTH).items()
    }
    assert set(kept) == {"", "revenue", "registry"}
    figure = kept["revenue"].main
    assert figure is not None
    assert figure.satisfied.share == pytest.approx(0.8)
    press(app, "Оттегляне")
    assert desk.published_months() == []


def test_what_was_taken_back_does_not_go_out_with_a_vote_more(
    desk: VirtualImprovement, town: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says why there is no button."""
    with town.database.reading() as connection:
        publish(read_book(connection, NOW), desk, MAYOR, LAST_MONTH)
    withdraw(desk, MAYOR, LAST_MONTH)
    last_day = NOW.replace(day=1, hour=9) - timedelta(days=1)
    town.press("desk-1", 4, times=1, at=last_day)
    app = open_page(project, monkeypatch, MAYOR)
    assert "Този месец е оттеглен." in shown(app)
    assert "Публикуване на месеца" not in [each.label for each in app.button]


@pytest.mark.usefixtures("town", "desk")
def test_a_unit_s_manager_does_not_publish(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page isn't there for him, and the verbs refuse him besides."""
    app = open_page(project, monkeypatch, HEAD)
    assert "Публикуване на месеца" not in [each.label for each in app.button]
    assert "доволни" not in "\n".join(str(each.value) for each in app.header)


@pytest.mark.usefixtures("town")
def test_without_a_portal_nothing_can_be_published(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says where it is done; in English, too."""
    app = open_page(project, monkeypatch, None, "en")
    assert "Results are published by the portal" in shown(app)
