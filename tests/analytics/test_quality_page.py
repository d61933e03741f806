"""*Data quality*: what was left out, counted so that no single press can be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.closed.doubts import LATE, Doubts, read_doubts
from analytics.closed.library import read_book
from analytics.closed.paired import Paired, paired
from analytics.closed.standing import Named
from analytics.dashboard import person
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.person import Person
from analytics.figures.quality import misuse, origins, raw_beside_filtered
from analytics.period import Period
from broker.fleet.place_changes import set_setting
from broker.store.flags import flag
from broker.store.places import Place
from broker.store.tables import Event, table_of
from tests.analytics.feedback import SITE, Feedback
from tests.analytics.screen import day_before, open_screen, shown

TOWN = Place("site", SITE)
NOW = datetime.now(UTC)


@pytest.fixture
def desks(feedback: Feedback, monkeypatch: pytest.MonkeyPatch) -> Feedback:
    """Two desks of two units at which enough people serve."""
    for code, unit in (("desk-1", "revenue"), ("desk-2", "registry")):
        feedback.place(code, name=f"Гише {code[-1]}")
        set_setting(feedback.database, "touchpoint", code, "unit", unit, day_before(90), NOW)
        set_setting(feedback.database, "touchpoint", code, "staff", 4, day_before(90), NOW)
    monkeypatch.setenv(DATABASE, feedback.url)
    return feedback


def noon(days: int) -> datetime:
    """Of a day so long ago."""
    return datetime.combine(day_before(days), time(12), UTC)


def press(feedback: Feedback, code: str, n: int, days: int, reason: str | None = None) -> None:
    """Presses of a day, all of them flagged if there is a reason."""
    event, at = table_of(Event).c, noon(days)
    with feedback.database.reading() as connection:
        before = set(connection.scalars(select(event.id)))
    feedback.press(code, 4, times=n, at=at)
    with feedback.database.reading() as connection:
        ids = [each for each in connection.scalars(select(event.id)) if each not in before]
    if reason is not None:
        flag(feedback.database, ids, reason=reason, rule_version=2, at=at)


def delay(feedback: Feedback, code: str, hours: int) -> None:
    """Let all that was pressed there arrive so much later."""
    table = table_of(Event)
    with feedback.database.transaction() as connection:
        for number, at in connection.execute(
            select(table.c.number, table.c.answered_at).where(table.c.touchpoint == code)
        ).all():
            late = update(table).where(table.c.number == number)
            connection.execute(late.values(received_at=at + timedelta(hours=hours)))


def read(feedback: Feedback, before: Doubts | None = None) -> tuple[Book, Doubts]:
    """The book, and its doubts."""
    with feedback.database.reading() as connection:
        book = read_book(connection, NOW)
        return book, read_doubts(connection, book, before)


def asked(book: Book, *places: Place) -> Asked:
    """All the time."""
    return Asked(book.period, frozenset(places or {TOWN}))


def test_a_reason_is_told_from_five_presses_on(desks: Feedback) -> None:
    """Per place; days wait for those after them."""
    press(desks, "desk-1", 3, 9, "burst")
    press(desks, "desk-2", 4, 9, "burst")
    book, doubts = read(desks)
    assert misuse(doubts, asked(book)) is None
    press(desks, "desk-1", 2, 8, "burst")
    book, doubts = read(desks, doubts)
    assert doubts.by_reason(TOWN, book.period) == {"burst": 5}
    assert doubts.by_reason(Place("touchpoint", "desk-2"), book.period) == {}
    assert doubts.by_reason(TOWN, Period(day_before(8), day_before(8))) == {}


def test_what_was_told_changes_by_five(desks: Feedback) -> None:
    """Who looks twice learns of no single press."""
    press(desks, "desk-1", 6, 9, "burst")
    book, doubts = read(desks)
    for more, told in ((1, 6), (3, 6), (1, 11)):
        press(desks, "desk-1", more, 9, "burst")
        book, doubts = read(desks, doubts)
        assert doubts.by_reason(TOWN, book.period) == {"burst": told}


def test_weeks_add_up_to_the_reasons(desks: Feedback) -> None:
    """Each press with its reasons counts in one week; long times are told by months."""
    for days in (3, 10, 17):
        press(desks, "desk-1", 5, days, "burst")
        press(desks, "desk-2", 7, days, "repeat")
    book, doubts = read(desks)
    found = misuse(doubts, asked(book))
    assert found is not None
    assert [(each.name, each.share.count) for each in found.reasons] == [
        ("repeat", 21),
        ("burst", 15),
    ]
    assert found.step == "week"
    assert sum(share.count for _, share in found.steps) == 36
    year = Asked(Period(book.period.to_on - timedelta(363), book.period.to_on), frozenset({TOWN}))
    longer = misuse(doubts, year)
    assert longer is not None
    assert longer.step == "month"
    assert sum(share.count for _, share in longer.steps) == 36


def test_late_presses_are_counted(desks: Feedback) -> None:
    """They are no misuse."""
    press(desks, "desk-1", 6, 9)
    press(desks, "desk-2", 6, 9)
    delay(desks, "desk-1", 2)
    book, doubts = read(desks)
    assert origins(doubts, asked(book)) == {LATE: 6}
    assert misuse(doubts, asked(book)) is None


def test_both_figures_are_of_the_same_days(desks: Feedback) -> None:
    """A day on which they differ by fewer than five waits, on both sides."""
    press(desks, "desk-1", 10, 9)
    press(desks, "desk-1", 10, 8)
    press(desks, "desk-1", 2, 8, "burst")
    book, _ = read(desks)
    (desk,) = raw_beside_filtered(book, asked(book), [place_of(book, "desk-1")])
    assert (desk.raw.n, desk.filtered.n) == (10, 10)
    press(desks, "desk-1", 5, 8, "burst")
    book, _ = read(desks)
    (desk,) = raw_beside_filtered(book, asked(book), [place_of(book, "desk-1")])
    assert (desk.raw.n, desk.filtered.n) == (27, 20)


def test_pairs_are_what_the_book_says(desks: Feedback) -> None:
    """Of what was pressed."""
    for days in range(2, 20):
        press(desks, "desk-1", 5 + days % 3, days)
        press(desks, "desk-1", 3, days, "burst")
        press(desks, "desk-2", 2, days)
    book, _ = read(desks)
    found: Paired = paired(book, asked(book))[TOWN, "faces-4"]
    (raw,) = book.votes(Asked(book.period, frozenset({TOWN}), is_filtered=False))
    (filtered,) = book.votes(asked(book))
    assert sum(found.raw) == raw.n
    assert sum(found.filtered) <= filtered.n
    assert found.raw[4] - found.filtered[4] >= 5


def place_of(book: Book, code: str) -> Named:
    """A touchpoint's place."""
    found = book.place(Place("touchpoint", code))
    assert found is not None
    return found


@pytest.mark.usefixtures("desks")
@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_page_over_an_empty_store(project: Path, language: str) -> None:
    """No votes at all."""
    app = open_screen(project, "quality", lang=language)
    assert not app.exception
    assert not app.error
    assert len(app.info) == 4  # nothing left out, no ratings, none late, nothing in quarantine


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_page_tells_all_of_it(desks: Feedback, project: Path, language: str) -> None:
    """Reasons, weeks, places, both figures, late presses, quarantine."""
    press(desks, "desk-1", 10, 9)
    press(desks, "desk-1", 6, 9, "burst")
    press(desks, "desk-2", 4, 9, "sweep")
    delay(desks, "desk-1", 3)
    desks.refuse("kiosk-desk-1", 3)
    app = open_screen(project, "quality", lang=language)
    assert not app.exception
    assert not app.error
    said = {
        "bg": ("много натискания наведнъж", "не може да се прочете", "всички лица поред"),
        "en": ("many presses in a row", "be read", "every face in a row"),
    }[language]
    found = shown(app)
    assert said[0] in found
    assert said[1] in found
    assert said[2] not in found
    heads = [each.value for each in app.header]
    assert len(heads) == 4


def test_all_of_it_was_misuse(desks: Feedback, project: Path) -> None:
    """The counts are there, and no figure is."""
    press(desks, "desk-1", 9, 9, "burst")
    app = open_screen(project, "quality", lang="en")
    assert not app.exception
    found = shown(app)
    assert "many presses in a row" in found
    assert "There are no ratings here in this period" in found


def test_somebody_of_a_unit_sees_its_own(
    desks: Feedback, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other's flags, and no quarantine."""
    press(desks, "desk-1", 6, 9, "burst")
    press(desks, "desk-2", 7, 9, "repeat")
    desks.refuse("kiosk-desk-2", 3)
    known = Person("Ева", frozenset({"auditor"}), "https://portal.test", frozenset({"revenue"}))
    monkeypatch.setattr(person, "person_of", lambda _: known)
    app = open_screen(project, "quality", lang="en")
    assert not app.exception
    found = shown(app)
    assert "many presses in a row" in found
    assert "the same face again" not in found
    assert "Quarantine" not in found


@pytest.mark.usefixtures("desks")
def test_who_manages_is_spared_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is not there, whatever the address says."""
    known = Person("Ева", frozenset({"manager"}), "https://portal.test", frozenset())
    monkeypatch.setattr(person, "person_of", lambda _: known)
    for path in ("quality", "fleet", "now"):
        titles = [title.value for title in open_screen(project, path, lang="en").title]
        assert titles in ([], ["Today"])


def test_days_begin_where_the_site_is(desks: Feedback) -> None:
    """What was flagged just before midnight belongs to the day before."""
    on = date(2023, 7, 9)
    at = datetime(2023, 7, 9, 20, 59, tzinfo=UTC)  # 23:59 in Sofia
    desks.press("desk-1", 4, times=5, at=at)
    event = table_of(Event).c
    with desks.database.reading() as connection:
        ids = list(connection.scalars(select(event.id)))
    flag(desks.database, ids, reason="burst", rule_version=2, at=at)
    with desks.database.reading() as connection:
        book = read_book(connection, datetime(2023, 7, 12, 9, tzinfo=UTC))
        doubts = read_doubts(connection, book)
    assert doubts.by_reason(TOWN, Period(on, on)) == {"burst": 5}
