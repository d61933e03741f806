"""The dashboard's pages as Streamlit runs them: both languages, no error, nobody exposed."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from analytics.dashboard.devices_page import MAX_STRANGERS
from analytics.dashboard.launch import DATABASE
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import Site, table_of
from tests.analytics.feedback import SITE, Feedback


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


def test_channels_are_told_apart(app: AppTest, feedback: Feedback) -> None:
    """Once somebody answered by another one than the device."""
    app.run()
    assert "По канали" not in [each.value for each in app.subheader]
    feedback.fill_in("trial-1", 4, "qr", at=datetime.now(UTC))
    app.run()
    assert "По канали" in [each.value for each in app.subheader]
    assert any("QR код" in each.proto.body for each in app.get("html"))


def test_the_page_is_bulgarian(app: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    """Unasked the page is in Bulgarian, without an error or a warning of Streamlit's."""
    with caplog.at_level(logging.WARNING, logger="streamlit"):
        app.run()
    assert not app.exception
    assert not caplog.records
    assert app.title[0].value == "Днес"
    assert [header.value for header in app.header] == [
        "Новото",
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
    assert error.value.startswith("Базата данни е временно недостъпна.")


def test_a_fault_in_one_part_leaves_the_others(
    app: AppTest, feedback: Feedback, caplog: pytest.LogCaptureFixture
) -> None:
    """When the ratings can't be reckoned, it is told, and the devices are still there."""
    with feedback.database.transaction() as connection:
        connection.execute(update(table_of(Site)).values(timezone="Nowhere/Nothing"))
    app.run()
    assert not app.exception
    assert app.error
    for error in app.error:
        assert error.value.startswith("Тази част от страницата не може да бъде показана")
    assert "kiosk-desk-1" in _html(app)
    assert "Nowhere/Nothing" in caplog.text


def test_a_kept_word_of_the_broker_does_no_harm(app: AppTest, feedback: Feedback) -> None:
    """A device of which only ``offline`` was heard is shown, and so is all the rest."""
    who = Who(SITE, "stranger")
    told = Heard(availability={who: ("offline", datetime.now(UTC))})
    StatusWriter(feedback.database).write(told)
    app.run()
    assert not app.exception
    assert not app.error
    assert "нерегистрирано, твърди, че е от troyan" in _html(app)
    assert "все още няма сигнал" in _html(app)


def test_strangers_are_told_and_not_ours(app: AppTest, feedback: Feedback) -> None:
    """However many strangers there are: a line has their number, and a few are listed."""
    heard = {Who(SITE, f"stranger-{number}"): datetime.now(UTC) for number in range(30)}
    StatusWriter(feedback.database).write(Heard(heard))
    app.run()
    (warning,) = app.warning
    assert warning.value.startswith("Нерегистрирани устройства: 30.")
    assert _html(app).count("нерегистрирано") == MAX_STRANGERS
    assert {metric.label: metric.value for metric in app.metric}["На линия"] == "0 / 2"


def test_quarantine_is_told_while_something_waits(app: AppTest, feedback: Feedback) -> None:
    """Nothing is said of an empty quarantine; else how many wait, why, and what to do."""
    assert not app.run().warning
    feedback.refuse("kiosk-desk-1", 3)
    (warning,) = app.run().warning
    assert "включително чужди и нечетими: 3 (`not-json` 3)." in warning.value
    assert "`otziv feedback quarantine list`" in warning.value


def test_a_copied_card_is_told(app: AppTest, feedback: Feedback) -> None:
    """A device whose numbers were used twice has a line that says what that means."""
    assert "копирана карта" not in _html(app.run())
    feedback.rewind("desk-1", 1)
    feedback.press("desk-1", 1, at=datetime.now(UTC))
    found = _html(app.run())
    assert found.count("Има записи с еднакъв номер: вероятно копирана карта") == 1


def _html(app: AppTest) -> str:
    """All tables of the page."""
    return "".join(element.proto.body for element in app.get("html"))


def test_live_counts_do_not_tell_who_voted(app: AppTest) -> None:
    """Beside a total that moves by votes, a desk's own count would: it moves by hundreds."""
    app.run()
    devices = _html(app).split("Събития по устройства")[1]
    trial, desk = devices.split("kiosk-trial-1")[1], devices.split("kiosk-trial-1")[0]
    assert "&lt; 100" in desk
    assert ">7<" not in desk
    assert ">6<" in trial
    assert {metric.label: metric.value for metric in app.metric}["Записани"] == "< 100"
