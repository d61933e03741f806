"""Findings taken up, and actions moved, on the pages: by who may, and with their effect told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from analytics.dashboard import handed, person
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.person import Person
from analytics.improvement.actions import Ground, Plan
from analytics.improvement.targets import NewTarget
from analytics.improvement_virtual import VirtualImprovement
from broker.fleet.places import add_location
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_site, add_touchpoint
from broker.store.tables import RatingDay, table_of
from tests.analytics.feedback import SITE, Feedback
from tests.analytics.screen import open_screen

DAYS = 150
MANAGER = Person("Мария", frozenset({"manager"}), "https://portal.test", id="m")
READER = Person("Ана", frozenset({"auditor"}), "https://portal.test", id="a")
HALLS = {"revenue": 0, "centre": 12}
"""Unit → for how many days it has been worse."""


@pytest.fixture
def town(feedback: Feedback) -> Feedback:
    """Two units of 40 votes a day; *centre* has been worse for twelve days."""
    today = datetime.now(UTC).date()
    first = today - timedelta(DAYS)
    rows = []
    for unit, worse in HALLS.items():
        hall, desk = Place("location", f"hall-{unit}"), Place("touchpoint", f"desk-{unit}")
        now = datetime.now(UTC)
        add_location(feedback.database, hall.code, site=SITE, now=now, name=unit, from_on=first)
        add_touchpoint(feedback.database, desk.code, site=SITE, name=f"Гише {unit}", is_test=False)
        with feedback.database.transaction() as connection:
            put_placement(connection, desk, first, hall.code)
            put_setting(connection, hall, "unit", f'"{unit}"', from_on=first, now=now)
        for number in range(DAYS):
            bad = 16 if number >= DAYS - worse else 4 + number % 3
            for value, n in ((1, bad), (4, 40 - bad)):
                rows.append(_row(desk.code, first + timedelta(number), value, n))
    with feedback.database.transaction() as connection:
        connection.execute(insert(table_of(RatingDay)), rows)
    return feedback


def _row(code: str, on: date, value: int, n: int) -> dict[str, object]:
    return {
        "touchpoint": code, "day": on, "survey": "reception", "question": "overall",
        "scale": "faces-4", "channel": "device", "value": value, "raw": n, "filtered": n,
    }  # fmt: skip


@pytest.fixture
def desk() -> Iterator[VirtualImprovement]:
    """What the pages are handed."""
    improvement = VirtualImprovement([MANAGER, READER], lambda: datetime.now(UTC))
    handed.hand(improvement)
    yield improvement
    handed.hand(None)


@pytest.fixture
def app(
    town: Feedback,
    desk: VirtualImprovement,  # noqa: ARG001  # handed before the page runs
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AppTest:
    """The dashboard as the manager sees it."""
    monkeypatch.setenv(DATABASE, town.url)
    monkeypatch.setattr(person, "person_of", lambda _: MANAGER)
    return AppTest.from_file(
        str(project / "analytics" / "dashboard" / "app.py"), default_timeout=60
    )


def test_a_finding_is_acknowledged_and_becomes_an_action(
    app: AppTest, desk: VirtualImprovement
) -> None:
    """In two presses; the action knows why it was made, and where."""
    app.run()
    assert not app.exception
    assert [each.value for each in app.subheader] == [":material/trending_down: centre"]
    app.button(key=_only(app, "seen-")).click().run()
    assert not app.exception
    (seen,) = desk.handled(MANAGER, [_only(app, "action-").removeprefix("action-")]).values()
    assert seen.acknowledged_by == "m"
    app.text_input[1].input("Второ гише сутрин")
    next(each for each in app.button if each.label == "Създай мярката").click().run()
    assert not app.exception
    (action,) = desk.actions(MANAGER)
    assert (action.title, action.unit) == ("Второ гише сутрин", "centre")
    assert action.place == Place("location", "hall-centre")
    assert action.ground.kind == "finding"
    assert "centre" in action.ground.words


def test_what_can_not_be_entered_is_said(app: AppTest, desk: VirtualImprovement) -> None:
    """An action without a title is none, and the page says what is missing."""
    app.run()
    next(each for each in app.button if each.label == "Създай мярката").click().run()
    assert not desk.actions(MANAGER)
    assert [each.value for each in app.error] == ["Попълнете това поле"]


def test_who_only_reads_has_no_buttons(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, desk: VirtualImprovement
) -> None:
    """He sees the finding, and what became of it."""
    monkeypatch.setattr(person, "person_of", lambda _: READER)
    app.run()
    assert not app.exception
    assert app.subheader
    assert not app.button
    assert not desk.actions(READER)


@pytest.mark.usefixtures("app")
def test_an_action_shows_what_came_of_it(desk: VirtualImprovement, project: Path) -> None:
    """28 days before and after, and whether it is more than chance."""
    today = datetime.now(UTC).date()
    plan = Plan(
        title="Нови табели",
        ground=Ground("suggestion", "", "Предложение на граждани"),
        unit="revenue",
        owner="m",
        due_on=today,
        place=Place("location", "hall-revenue"),
    )
    action = desk.make_action(MANAGER, plan)
    on = today - timedelta(60)
    desk.move_action(MANAGER, action.id, "done", on=on, revision=action.revision)
    app = open_screen(project, "actions")
    assert not app.exception
    assert [each.value for each in app.title] == ["Мерки"]
    assert [each.value for each in app.subheader] == ["Нови табели"]
    said = " ".join(str(each.value) for each in app.markdown)
    assert "Няма разлика извън случайната" in said
    shown = "".join(each.proto.body for each in app.get("html"))
    assert "28 дни преди това" in shown


@pytest.mark.usefixtures("app")
def test_actions_of_a_place_are_those_within_it_and_of_its_unit(
    desk: VirtualImprovement, project: Path
) -> None:
    """At the hall those of its desk and of all its unit; at the site all; elsewhere none."""
    today = datetime.now(UTC).date()
    promise = NewTarget(
        unit="revenue",
        measure="satisfied",
        level=0.8,
        from_on=date(2020, 1, 1),
        text_bg="Харта на клиента",
    )
    target = desk.set_target(MANAGER, promise)
    places = {
        "На гишето": Place("touchpoint", "desk-revenue"),
        "В залата": Place("location", "hall-revenue"),
        "Навсякъде": None,
    }
    for title, where in places.items():
        plan = Plan(
            title=title,
            ground=Ground("suggestion", "", "Предложение"),
            unit="revenue",
            owner="m",
            due_on=today,
            place=where,
            target=target.id if where is None else "",
        )
        desk.make_action(MANAGER, plan)
    for place, titles in (
        ("location:hall-revenue", set(places)),
        (f"site:{SITE}", set(places)),
        ("location:hall-centre", set()),
    ):
        app = open_screen(project, "actions", place=place)
        assert not app.exception
        assert {str(each.value) for each in app.subheader} == titles
        assert ("Цел: Харта на клиента" in [each.value for each in app.caption]) == bool(titles)
        page = open_screen(project, "place", place=place)
        listed = " ".join(str(each.value) for each in page.markdown)
        assert {title for title in places if title in listed} == titles


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("is_chosen", [True, False])
def test_an_effect_without_a_place_is_of_the_site(
    town: Feedback,
    desk: VirtualImprovement,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_chosen: bool,
) -> None:
    """The chosen place's, or the dashboard's own: not of another municipality in the store."""
    today = datetime.now(UTC).date()
    on = today - timedelta(60)
    _add_village(town, today, on)
    plan = Plan(
        title="Харта на клиента",
        ground=Ground("suggestion", "", "Предложение"),
        unit="",
        owner="m",
        due_on=on,
    )
    action = desk.make_action(MANAGER, plan)
    desk.move_action(MANAGER, action.id, "done", on=on, revision=action.revision)
    if not is_chosen:
        monkeypatch.setenv("OTZIV_SITE", SITE)
    app = open_screen(project, "actions", **({"place": f"site:{SITE}"} if is_chosen else {}))
    assert not app.exception
    said = " ".join(str(each.value) for each in app.markdown)
    assert "Няма разлика извън случайната" in said
    assert "делът на доволните е 88 от 100" in said


def _add_village(town: Feedback, today: date, worse_from: date) -> None:
    """Another municipality, where it got worse on that day."""
    first = today - timedelta(DAYS)
    add_site(town.database, "village", name="Село")
    add_touchpoint(town.database, "desk-far", site="village", name="Гише", is_test=False)
    rows = []
    for number in range(DAYS):
        day = first + timedelta(number)
        bad = 300 if day >= worse_from else 30
        rows += [_row("desk-far", day, 1, bad), _row("desk-far", day, 4, 400 - bad)]
    with town.database.transaction() as connection:
        connection.execute(insert(table_of(RatingDay)), rows)


@pytest.mark.usefixtures("app")
def test_a_target_stands_on_its_place(desk: VirtualImprovement, project: Path) -> None:
    """With its verdict: met there, not met where it got worse."""
    for unit in HALLS:
        target = NewTarget(
            unit=unit,
            measure="satisfied",
            level=0.8,
            from_on=date(2020, 1, 1),
            text_bg="Харта на клиента",
        )
        desk.set_target(MANAGER, target)
    for unit, verdict in (("revenue", "изпълнена"), ("centre", "неизпълнена")):
        app = open_screen(project, "place", place=f"location:hall-{unit}", period="7d")
        assert not app.exception
        said = [str(each.value) for each in app.markdown]
        assert any("поне 80" in text and f"**{verdict}**" in text for text in said), said


def _only(app: AppTest, prefix: str) -> str:
    """The key of the one widget or form that begins so."""
    keys = {str(each.key) for each in app.button if each.key}
    forms = {str(each.proto.form_id) for each in app.button if each.proto.form_id}
    (found,) = {key for key in keys | forms if key.startswith(prefix)}
    return found
