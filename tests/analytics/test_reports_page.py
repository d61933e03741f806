"""*Reports*: made, written in, approved, published, commented; and never another unit's."""

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
from analytics.dashboard.report_kinds import may_go_out
from analytics.improvement.drafts import Kind, NewDraft
from analytics.improvement_virtual import VirtualImprovement
from analytics.reports.document import plain
from analytics.reports.kept import from_content, new, prose, to_content
from broker.fleet.places import add_location
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_touchpoint
from broker.store.tables import RatingDay, table_of
from tests.analytics.feedback import SITE, Feedback
from tests.analytics.screen import open_screen, shown
from tests.reports.content.towns import sample

DAYS = 100
MANAGER = Person("Мария", frozenset({"manager"}), "https://portal.test", id="m")
OF_CENTRE = Person(
    "Петър", frozenset({"manager"}), "https://portal.test", frozenset({"centre"}), id="p"
)
READER = Person("Ана", frozenset({"auditor"}), "https://portal.test", id="a")


@pytest.fixture
def town(feedback: Feedback) -> Feedback:
    """Two units of 40 votes a day."""
    today, now = datetime.now(UTC).date(), datetime.now(UTC)
    first = today - timedelta(DAYS)
    rows = []
    for unit in ("revenue", "centre"):
        hall, desk = Place("location", f"hall-{unit}"), Place("touchpoint", f"desk-{unit}")
        add_location(feedback.database, hall.code, site=SITE, now=now, name=unit, from_on=first)
        add_touchpoint(feedback.database, desk.code, site=SITE, name=f"Гише {unit}", is_test=False)
        with feedback.database.transaction() as connection:
            put_placement(connection, desk, first, hall.code)
            put_setting(connection, hall, "unit", f'"{unit}"', from_on=first, now=now)
        days = [first + timedelta(number) for number in range(DAYS)]
        rows += [_row(desk.code, on, value, n) for on in days for value, n in ((1, 4), (4, 36))]
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
    people = [MANAGER, OF_CENTRE, READER]
    improvement = VirtualImprovement(people, lambda: datetime.now(UTC))
    handed.hand(improvement)
    yield improvement
    handed.hand(None)


@pytest.fixture(autouse=True)
def pages(town: Feedback, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard over the town, for the manager of all."""
    monkeypatch.setenv(DATABASE, town.url)
    look_as(monkeypatch, MANAGER)


def look_as(monkeypatch: pytest.MonkeyPatch, who: Person | None) -> None:
    """Let this person look."""
    monkeypatch.setattr(person, "person_of", lambda _: who)


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that label."""
    found = next(each for each in app.button if each.label == label)
    return found.click().run()


def keep(desk: VirtualImprovement, kind: Kind, unit: str = "", who: Person = MANAGER) -> str:
    """A draft of last month; its id."""
    first = (datetime.now(UTC).date().replace(day=1) - timedelta(1)).replace(day=1)
    last = (first + timedelta(32)).replace(day=1) - timedelta(1)
    about = NewDraft(kind=kind, unit=unit, from_on=first, to_on=last, language="bg")
    return desk.keep_draft(who, about, to_content(new(sample(kind, unit)))).id


def test_a_report_is_made_and_kept(desk: VirtualImprovement, project: Path) -> None:
    """By one press; its figures are those of the town, and the page shows them."""
    app = open_screen(project, "reports")
    assert not app.exception
    app.selectbox[0].select("periodic").run()
    press(app, "Изготвяне")
    assert not app.exception
    (draft,) = desk.drafts(MANAGER)
    assert (draft.kind, draft.unit, draft.made_by) == ("periodic", "", "Мария")
    kept = from_content(desk.content(MANAGER, draft.id))
    assert kept.generated == kept.now
    assert "Периодичен анализ на анкетата" in shown(app)
    assert "90 от 100 доволни" in shown(app)


def _has(app: AppTest, label: str) -> bool:
    return any(each.label == label for each in app.button)


def test_texts_are_edited_and_figures_marked(desk: VirtualImprovement, project: Path) -> None:
    """Paragraph by paragraph; a number that was changed is told, and the old version stays."""
    draft = keep(desk, "annual")
    app = open_screen(project, "reports", report=draft)
    assert not app.exception
    first = next(each for each in app.text_area if "доволни" in str(each.value))
    first.input(str(first.value).replace("90", "95", 1))
    press(app, "Запази")
    assert not app.exception
    after = desk.draft(MANAGER, draft)
    assert (after.state, after.version) == ("edited", 2)
    kept = from_content(desk.content(MANAGER, draft))
    assert any("95" in plain(each.text) for each in prose(kept.now))
    assert "Числа, променени от човек" in shown(app)
    assert desk.content(MANAGER, draft, 1) != desk.content(MANAGER, draft, 2)


def test_it_is_approved_and_published(desk: VirtualImprovement, project: Path) -> None:
    """In this order, by a manager."""
    draft = keep(desk, "annual")
    app = press(open_screen(project, "reports", report=draft), "Одобряване")
    assert desk.draft(MANAGER, draft).state == "approved"
    press(app, "Публикуване")
    assert not app.exception
    assert [each.id for each in desk.published_drafts()] == [draft]
    assert not any(each.label == "Редактиране на текстовете" for each in app.expander)


def test_what_is_not_over_stays_inside(desk: VirtualImprovement) -> None:
    """Nor does what is of weeks, or of a unit's team."""
    today = datetime.now(UTC).date()
    year = (date(today.year, 1, 1), date(today.year + 1, 12, 31))
    about = NewDraft(kind="annual", unit="", from_on=year[0], to_on=year[1], language="bg")
    draft = desk.keep_draft(MANAGER, about, to_content(new(sample("annual"))))
    assert not may_go_out(draft, today)
    assert may_go_out(desk.draft(MANAGER, keep(desk, "periodic")), today)
    assert not may_go_out(desk.draft(MANAGER, keep(desk, "weekly-letter")), today)


def test_a_team_sees_its_sheet_first(
    desk: VirtualImprovement, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it may be approved; the team's comment stands below it."""
    draft = keep(desk, "team-sheet", "centre")
    app = open_screen(project, "reports", report=draft)
    assert not _has(app, "Одобряване")
    press(app, "Показване на екипа")
    look_as(monkeypatch, OF_CENTRE)
    app = open_screen(project, "reports", report=draft)
    next(each for each in app.text_area if each.label == "Вашият коментар").input("Вярно е.")
    press(app, "Изпращане")
    assert [(each.by, each.text) for each in desk.comments(MANAGER, draft)] == [
        ("Петър", "Вярно е.")
    ]


def test_one_unit_does_not_get_anothers(
    desk: VirtualImprovement, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the list of what to make, not in the list of reports, and not by address."""
    theirs, whole = keep(desk, "periodic", "revenue"), keep(desk, "annual")
    look_as(monkeypatch, OF_CENTRE)
    app = open_screen(project, "reports")
    assert not app.exception
    about = next(each for each in app.selectbox if each.label == "За кое място или звено")
    assert about.options == ["centre"]
    assert not [each for each in app.button if str(each.key).startswith("open-")]
    assert "revenue" not in shown(app)
    for draft in (theirs, whole):
        app = open_screen(project, "reports", report=draft)
        assert [each.value for each in app.warning] == [
            "Няма такъв доклад или нямате достъп до него."
        ]
        assert not app.get("download_button")
    assert not app.exception


def test_who_only_reads_makes_nothing(
    desk: VirtualImprovement, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He can read and download, and have reports sent to him."""
    draft = keep(desk, "annual")
    look_as(monkeypatch, READER)
    app = open_screen(project, "reports", report=draft)
    assert not app.exception
    assert len(app.get("download_button")) == 3
    assert not _has(app, "Одобряване")
    app = open_screen(project, "reports")
    press(app, "Абониране")
    (found,) = desk.my_subscriptions(READER)
    assert found.kind == "weekly-letter"
    press(app, "Прекратяване")
    assert not desk.my_subscriptions(READER)


def test_without_a_portal_one_is_made_and_downloaded(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept, and the page says so; English, too."""
    look_as(monkeypatch, None)
    app = open_screen(project, "reports", lang="en")
    assert "Reports are kept by the portal" in app.info[0].value
    press(app, "Make the report")
    assert not app.exception
    assert len(app.get("download_button")) == 3
    assert "Weekly letter" in shown(app)
