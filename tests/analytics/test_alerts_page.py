"""The page *Alerts*: who sees which, what may be done with them, and where messages lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from analytics.alerts.alert import ITSELF, Alert, RuleCode, Topic, opened
from analytics.alerts.virtual_record import VirtualRecord
from analytics.dashboard import handed, person
from analytics.dashboard.alert_doing import snoozed_until
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.person import Person
from analytics.improvement_virtual import VirtualImprovement
from analytics.measures.wording import Wording
from broker.fleet.places import add_location
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_touchpoint
from tests.analytics.feedback import SITE, Feedback
from tests.analytics.screen import day_before, open_screen, rate, shown

FIGURES = Wording(
    "{count} of the last {n} ratings are unhappy; {usual} of 100 are usual",
    "sure",
    {"count": 9, "n": 14, "usual": 15},
)
ADMINISTRATOR = Person("Ана", frozenset({"administrator"}), "https://portal.test", id="a")
MANAGER = Person(
    "Мария", frozenset({"manager"}), "https://portal.test", frozenset({"revenue"}), "m"
)
EDITOR = Person("Петър", frozenset({"editor"}), "https://portal.test", id="p")
CENTRE, REVENUE = Place("location", "hall-centre"), Place("location", "hall-revenue")
Show = Callable[..., AppTest]


@pytest.fixture
def town(feedback: Feedback) -> Feedback:
    """Two units with a hall and a desk each, and votes of a week."""
    now, first = datetime.now(UTC), day_before(100)
    for unit in ("centre", "revenue"):
        hall, desk = Place("location", f"hall-{unit}"), Place("touchpoint", f"desk-{unit}")
        add_location(
            feedback.database, hall.code, site=SITE, now=now, name=f"Зала {unit}", from_on=first
        )
        add_touchpoint(feedback.database, desk.code, site=SITE, name=unit, is_test=False)
        with feedback.database.transaction() as connection:
            put_placement(connection, desk, first, hall.code)
            put_setting(connection, hall, "unit", f'"{unit}"', from_on=first, now=now)
            put_setting(connection, hall, "staff", "5", from_on=first, now=now)
        for days in range(1, 8):
            rate(feedback, desk.code, day_before(days), [("overall", "faces-4", "device", 4, 9, 9)])
    return feedback


@pytest.fixture
def record() -> Iterator[VirtualRecord]:
    """What the page is handed."""
    record = VirtualRecord({each.id: each.name for each in (ADMINISTRATOR, MANAGER, EDITOR)})
    people = [ADMINISTRATOR, MANAGER, EDITOR]
    handed.hand(VirtualImprovement(people, lambda: datetime.now(UTC)), record)
    yield record
    handed.hand(None)


@pytest.fixture
def show(
    town: Feedback, record: VirtualRecord, project: Path, monkeypatch: pytest.MonkeyPatch
) -> Show:
    """Opens a page as somebody sees it."""
    assert record is handed.alerts()

    def open_as(who: Person | None, path: str = "alerts", **params: str) -> AppTest:
        monkeypatch.setenv(DATABASE, town.url)
        monkeypatch.setattr(person, "person_of", lambda _: who)
        return open_screen(project, path, **params)

    return open_as


def an_alert(
    record: VirtualRecord, place: Place, rule: RuleCode = "unhappy", ago: timedelta = timedelta(1)
) -> Alert:
    """An alert that was opened a while ago."""
    at = datetime.now(UTC) - ago
    alert = opened(Topic(rule, place), at - timedelta(hours=1), at, FIGURES)
    assert record.open(alert)
    return alert


def _press(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception


def test_open_ones_come_first_then_those_closed_lately(show: Show, record: VirtualRecord) -> None:
    """What was closed a hundred days ago is not there."""
    an_alert(record, CENTRE)
    for days, rule in ((50, "silence"), (120, "burst")):
        closed = an_alert(record, CENTRE, rule, timedelta(days))  # type: ignore[arg-type]
        record.close(closed.id, ITSELF, datetime.now(UTC) - timedelta(days - 20))
    app = show(ADMINISTRATOR)
    assert not app.exception
    assert [each.value for each in app.header] == ["Отворени", "Приключени през последните 90 дни"]
    assert [each.value for each in app.subheader] == [
        "Зала centre\\: Недоволните са повече от обичайното",
        "Зала centre\\: Няма оценки",
    ]
    assert "9 от последните 14 оценки" in shown(app)
    assert "отмина от само себе си" in shown(app)


def test_nothing_open_is_a_good_answer(show: Show) -> None:
    """And says so."""
    (said,) = show(ADMINISTRATOR).success
    assert said.value.startswith("Няма открито предупреждение.")


def test_a_manager_sees_no_other_units_alert(show: Show, record: VirtualRecord) -> None:
    """Neither by address nor beside his own; one of no unit is the municipality's."""
    own, other = an_alert(record, REVENUE), an_alert(record, CENTRE)
    whole = an_alert(record, Place("site", SITE))
    for alert, is_there in ((own, True), (other, False), (whole, False)):
        app = show(MANAGER, "start", alert=alert.id)
        assert not app.exception
        assert len(app.subheader) == int(is_there)
        assert [each.value for each in app.warning] == (
            [] if is_there else ["Тук няма такова предупреждение."]
        )
    assert len(show(ADMINISTRATOR).subheader) == 3


def test_a_messages_link_leads_there(show: Show, record: VirtualRecord) -> None:
    """At the bare address, for managers too, whose menu has no such page."""
    alert = an_alert(record, REVENUE)
    app = show(MANAGER, "", alert=alert.id)
    assert [each.value for each in app.title] == ["Предупреждения"]
    assert [each.value for each in app.subheader] == [
        "Зала revenue\\: Недоволните са повече от обичайното"
    ]
    assert [each.value for each in show(MANAGER, "", alert="0" * 16).warning]
    assert [each.value for each in show(MANAGER, "").title] == ["Днес"]


def test_it_is_acknowledged_commented_snoozed_and_closed(show: Show, record: VirtualRecord) -> None:
    """And the page says by whom."""
    alert = an_alert(record, REVENUE)
    app = show(MANAGER, "start", alert=alert.id)
    _press(app, "Отбележи като видяно")
    assert record.find(alert.id).acknowledged_by == "m"
    assert "видяно от Мария" in shown(app)
    app.text_area[0].input("Две колежки са болни.\n**Утре** ще са тук.")
    next(each for each in app.button if each.label == "Запази").click().run()
    assert record.find(alert.id).comments[0].text.startswith("Две колежки")
    assert "\\*\\*Утре\\*\\*" in shown(app)
    app.selectbox[0].select(7)
    _press(app, "Отложи")
    until = record.find(alert.id).snoozed_until
    assert until is not None
    assert until - datetime.now(UTC) > timedelta(days=5)
    assert "отложено до" in shown(app)
    _press(app, "Приключи")
    assert record.find(alert.id).closed_by == "m"
    assert "приключено от Мария" in shown(app)


def test_an_empty_comment_is_none(show: Show, record: VirtualRecord) -> None:
    """The page says what is missing."""
    alert = an_alert(record, REVENUE)
    app = show(MANAGER, "start", alert=alert.id)
    _press(app, "Запази")
    assert [each.value for each in app.error] == ["Първо напишете нещо."]
    assert record.find(alert.id).comments == ()


def test_what_was_closed_meanwhile_is_said(show: Show, record: VirtualRecord) -> None:
    """Nothing is undone by who comes too late."""
    alert = an_alert(record, REVENUE)
    app = show(MANAGER, "start", alert=alert.id)
    record.close(alert.id, ITSELF, datetime.now(UTC))
    _press(app, "Отбележи като видяно")
    assert record.find(alert.id).acknowledged_at is None
    assert not app.exception


def test_an_action_is_made_of_it(show: Show, record: VirtualRecord) -> None:
    """It knows why, and where."""
    alert = an_alert(record, REVENUE)
    app = show(MANAGER, "start", alert=alert.id)
    app.text_input[0].input("Второ гише сутрин")
    _press(app, "Създай мярката")
    improvement = handed.improvement()
    assert improvement is not None
    (action,) = improvement.actions(MANAGER)
    assert (action.title, action.unit, action.place) == ("Второ гише сутрин", "revenue", REVENUE)
    assert (action.ground.kind, action.ground.reference) == ("alert", alert.id)
    assert "9 от последните 14" in action.ground.words


def test_who_only_reads_has_no_buttons(show: Show, record: VirtualRecord) -> None:
    """He sees what became of it."""
    an_alert(record, REVENUE)
    app = show(EDITOR)
    assert app.subheader
    assert not app.button


def test_without_a_portal_it_is_said_where_they_are(show: Show) -> None:
    """And in English, too."""
    (said,) = show(None, lang="en").info
    assert said.value == "Alerts are kept by the portal: sign in there to see them here."


def test_a_snooze_ends_in_the_morning_there() -> None:
    """Also over a change of the clock."""
    zone = ZoneInfo("Europe/Sofia")
    now = datetime(2026, 10, 24, 15, tzinfo=UTC)
    assert snoozed_until(1, zone, now).astimezone(UTC) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert snoozed_until(0, zone, now) == now + timedelta(hours=4)
