"""*Surveys*: every question of every version, both languages, and no figure under five votes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.dashboard import person
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.person import Person
from broker.fleet.place_changes import set_setting
from broker.fleet.surveys import publish, read_survey
from tests.analytics.feedback import Feedback
from tests.analytics.screen import answer, day_before, open_screen, rate, shown

ASKED = """
code = "reception"
version = {version}
title = {{bg = "Приемна", en = "Reception"}}
{questions}
"""
RATED = """
[[questions]]
code = "{code}"
scale = "{scale}"
texts = {{bg = "Въпрос {code}", en = "Question {code}"}}
"""
CHOSEN = """
[[questions]]
code = "came-for"
texts = {bg = "За какво дойдохте?", en = "What did you come for?"}
options = [
  {code = "tax", texts = {bg = "Данъци", en = "Taxes"}},
  {code = "id", texts = {bg = "Документи", en = "Documents"}},
]
"""


def ask(feedback: Feedback, version: int, questions: str) -> None:
    """Publish a version."""
    text = ASKED.format(version=version, questions=questions)
    publish(feedback.database, read_survey(text), datetime.now(UTC))


def rated(code: str, scale: str) -> str:
    """A rated question."""
    return RATED.format(code=code, scale=scale)


@pytest.fixture
def desk(feedback: Feedback, monkeypatch: pytest.MonkeyPatch) -> Feedback:
    """A desk, and the dashboard over its store."""
    feedback.place("desk-1", name="Гише 1")
    monkeypatch.setenv(DATABASE, feedback.url)
    return feedback


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("language", ["bg", "en"])
def test_nothing_was_ever_asked(project: Path, language: str) -> None:
    """An empty store has a page that says so."""
    app = open_screen(project, "surveys", lang=language)
    assert not app.exception
    assert not app.error
    assert not app.metric
    assert app.info


@pytest.mark.parametrize("language", ["bg", "en"])
def test_questions_of_all_versions(desk: Feedback, project: Path, language: str) -> None:
    """A survey changed half-way: what was dropped, what came, what nobody answered."""
    ask(desk, 1, rated("overall", "faces-4") + rated("dropped", "yes-no"))
    new = rated("overall", "faces-4") + rated("recommend", "nps-11") + rated("silent", "faces-5")
    ask(desk, 2, new + CHOSEN)
    rate(
        desk,
        "desk-1",
        day_before(9),
        [("overall", "faces-4", "device", 4, 6, 6), ("dropped", "yes-no", "device", 1, 7, 7)],
    )
    rate(
        desk,
        "desk-1",
        day_before(2),
        [
            ("overall", "faces-4", "device", 3, 5, 5),
            ("recommend", "nps-11", "device", 10, 8, 8),
            ("recommend", "nps-11", "device", 3, 2, 2),
        ],
    )
    answered = [("came-for", "device", "answered", "", 6), ("came-for", "device", "skipped", "", 2)]
    answer(desk, "desk-1", day_before(2), [*answered, ("came-for", "device", "answered", "tax", 6)])
    app = open_screen(project, "surveys", lang=language)
    assert not app.exception
    assert not app.error
    word = {"bg": "Въпрос", "en": "Question"}[language]
    codes = ["overall", "recommend", "silent"]
    last = {"bg": "За какво дойдохте?", "en": "What did you come for?"}[language]
    heads = [header.value for header in app.header]
    assert heads == [*(f"{word} {code}" for code in codes), last, f"{word} dropped"]
    numbers = [metric.value for metric in app.metric]
    assert [numbers[at] for at in (0, 3, 7)] == ["11", "10", "7"]
    assert "60" in numbers  # the Net Promoter Score of 8 and 2
    nobody = {"bg": "няма отговори на въпроса", "en": "Nobody answered this"}[language]
    assert sum(nobody in text.value for text in app.markdown) == 1
    assert {"bg": "6 от 8 запитани", "en": "6 of 8"}[language] in shown(app)


def test_fewer_than_five_are_no_figure(desk: Feedback, project: Path) -> None:
    """Not of a question, nor of a channel beside others."""
    ask(desk, 1, rated("overall", "faces-4") + rated("other", "yes-no"))
    channels = [("device", 9), ("web", 5), ("qr", 4)]
    rows = [("overall", "faces-4", channel, 4, n, n) for channel, n in channels]
    rate(desk, "desk-1", day_before(2), [*rows, ("other", "yes-no", "device", 1, 4, 4)])
    app = open_screen(project, "surveys", lang="en")
    found = shown(app)
    assert "Ratings=14" in found
    assert "device" in found
    assert "QR code" not in found
    assert "Nobody answered this" in found


def test_two_scales_of_one_question(desk: Feedback, project: Path) -> None:
    """Each for itself, and never added up."""
    ask(desk, 1, rated("overall", "faces-4"))
    ask(desk, 2, rated("overall", "faces-5"))
    rate(desk, "desk-1", day_before(9), [("overall", "faces-4", "device", 4, 6, 6)])
    rate(desk, "desk-1", day_before(2), [("overall", "faces-5", "device", 5, 8, 8)])
    app = open_screen(project, "surveys", lang="en")
    assert [each.value for each in app.subheader] == ["Scale: five faces", "Scale: four faces"]
    assert [each.value for each in app.metric if each.label == "Ratings"] == ["8", "6"]


def test_all_of_it_was_misuse(desk: Feedback, project: Path) -> None:
    """Filtered there is nothing, and no division by nothing."""
    ask(desk, 1, rated("overall", "faces-4"))
    rate(desk, "desk-1", day_before(2), [("overall", "faces-4", "device", 4, 9, 0)])
    for votes in ("filtered", "raw"):
        app = open_screen(project, "surveys", lang="en", votes=votes)
        assert not app.exception
        assert not app.metric


def test_somebody_of_a_unit_sees_its_own(
    desk: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of the others."""
    ask(desk, 1, rated("overall", "faces-4"))
    desk.place("desk-2", name="Гише 2")
    since, now = day_before(90), datetime.now(UTC)
    for code, unit, n in (("desk-1", "revenue", 6), ("desk-2", "registry", 30)):
        set_setting(desk.database, "touchpoint", code, "unit", unit, since, now)
        set_setting(desk.database, "touchpoint", code, "staff", 4, since, now)
        rate(desk, code, day_before(2), [("overall", "faces-4", "device", 4, n, n)])
    known = Person("Ева", frozenset({"manager"}), "https://portal.test", frozenset({"revenue"}))
    monkeypatch.setattr(person, "person_of", lambda _: known)
    app = open_screen(project, "surveys", lang="en")
    assert not app.exception
    assert [each.value for each in app.metric if each.label == "Ratings"] == ["6"]
