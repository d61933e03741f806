"""Reports go to those who asked for them: on Monday, or once published; nothing twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from analytics.closed.book import Book
from analytics.closed.library import read_book
from analytics.improvement.drafts import NewDraft
from analytics.improvement.subscriptions import Wish
from analytics.improvement.who import ImprovementError, Who
from analytics.period import Period
from analytics.reports.content.make import make
from analytics.reports.content.telling import Telling
from analytics.reports.kept import new, to_content
from broker.fleet.places import add_location
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_touchpoint
from broker.store.tables import RatingDay, table_of
from portal.improvement import sending
from portal.improvement.running import Reporting
from portal.improvement.tables import ImprovementSubscription
from portal.mail.tables import OutgoingMail
from portal.web.portal import Portal
from tests.fixtures.portals import SITE
from tests.portal.improvement.house import House, a_plan
from tests.portal.improvement.test_contract import portal_house

__all__ = ["portal_house"]

_mails = table_of(OutgoingMail)
SOFIA = ZoneInfo("Europe/Sofia")
DAYS = 60


@pytest.fixture
def portal_of_town(portal: Portal, portal_house: House) -> Portal:
    """Two units of forty votes a day."""
    now = portal_house.clock()
    today = now.astimezone(SOFIA).date()
    first = today - timedelta(DAYS)
    rows = []
    for unit in ("revenue", "registry"):
        hall, desk = Place("location", f"hall-{unit}"), Place("touchpoint", f"desk-{unit}")
        add_location(portal.feedback, hall.code, site=SITE, now=now, name=f"Зала {unit}",
                     from_on=first)  # fmt: skip
        add_touchpoint(portal.feedback, desk.code, site=SITE, name=f"Гише {unit}", is_test=False)
        with portal.feedback.transaction() as connection:
            put_placement(connection, desk, first, hall.code)
            put_setting(connection, hall, "unit", f'"{unit}"', from_on=first, now=now)
        for number in range(DAYS):
            for value, n in ((1, 4), (4, 36)):
                rows.append(_row(desk.code, first + timedelta(number), value, n))
    with portal.feedback.transaction() as connection:
        connection.execute(insert(table_of(RatingDay)), rows)
    return portal


def _row(code: str, on: date, value: int, n: int) -> dict[str, object]:
    return {
        "touchpoint": code, "day": on, "survey": "reception", "question": "overall",
        "scale": "faces-4", "channel": "device", "value": value, "raw": n, "filtered": n,
    }  # fmt: skip


def book_of(portal: Portal) -> Book:
    """As the dashboard would have it."""
    with portal.feedback.reading() as connection:
        return read_book(connection, portal.clock())


def send_reports(portal: Portal, now: datetime) -> int:
    """One round."""
    return sending.send_reports(portal, now, lambda: book_of(portal))


def mails(portal: Portal) -> list[tuple[str, str, str]]:
    """Recipient, subject, text, the first first."""
    with portal.database.reading() as connection:
        wanted = select(_mails.c.recipient, _mails.c.subject, _mails.c.text)
        found = connection.execute(wanted.where(_mails.c.id.like("%-%")).order_by(_mails.c.id))
        return [tuple(row) for row in found]


def monday_after(house: House, hour: int = 7) -> datetime:
    """The first Monday morning to come."""
    local = house.clock().astimezone(SOFIA)
    day = local.date() + timedelta(7 - local.weekday())
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=SOFIA)


def subscribe_guest(house: House, wish: Wish, email: str) -> None:
    """Somebody without an account, who followed the link."""
    made = house.desk.invite_subscriber(house.mayor, wish, email)
    house.desk.confirm(house.token_of(made))


def wish(kind: str = "weekly-letter", unit: str = "", language: str = "bg") -> Wish:
    """What somebody wants."""
    return Wish(kind=kind, unit=unit, language=language)  # type: ignore[arg-type]


def test_the_weekly_letter_goes_out_on_monday_once(
    portal_of_town: Portal, portal_house: House
) -> None:
    """Not before seven, and not twice; of one's own unit alone."""
    house = portal_house
    house.desk.subscribe(house.manager, wish(unit="revenue"))
    house.desk.make_action(house.head, a_plan(house.head, due_on=date(2020, 1, 1)))
    monday = monday_after(house)
    assert send_reports(portal_of_town, monday - timedelta(hours=1)) == 0
    house.clock.now = monday
    assert [send_reports(portal_of_town, monday), send_reports(portal_of_town, monday)] == [1, 0]
    ((to, subject, text),) = mails(portal_of_town)
    assert to == "manager@example.bg"
    assert subject.startswith("Седмично писмо: Зала revenue")
    assert "Второ гише по обяд (head," in text
    assert "registry" not in text
    assert "Не ми изпращайте повече: http" in text
    house.clock.now = monday + timedelta(days=2)
    assert send_reports(portal_of_town, house.clock.now) == 0
    house.clock.now = monday + timedelta(days=7)
    assert send_reports(portal_of_town, house.clock.now) == 1


def test_who_has_no_account_gets_no_letter(portal_of_town: Portal, portal_house: House) -> None:
    """It tells of a week, and names what is due; outside, figures are of months."""
    house = portal_house
    with pytest.raises(ImprovementError):
        house.desk.invite_subscriber(house.mayor, wish(), "ivan@example.bg")
    subscribe_guest(house, wish("periodic", unit="revenue", language="en"), "ivan@example.bg")
    house.clock.now = monday_after(house)
    assert send_reports(portal_of_town, house.clock.now) == 0


def test_who_subscribes_on_tuesday_waits(portal_of_town: Portal, portal_house: House) -> None:
    """For the next Monday."""
    house = portal_house
    house.clock.now = monday_after(house) + timedelta(days=1)
    house.desk.subscribe(house.mayor, wish())
    assert send_reports(portal_of_town, house.clock.now) == 0
    house.clock.now += timedelta(days=6)
    assert send_reports(portal_of_town, house.clock.now) == 1


def publish(portal: Portal, house: House, who: Who, unit: str = "") -> str:
    """The analysis of last month, published; its id."""
    today = house.clock().date()
    last = today.replace(day=1) - timedelta(1)
    month = Period(last.replace(day=1), last)
    told = Telling(book_of(portal), month, "bg", today, unit=unit)
    about = NewDraft(
        kind="periodic", unit=unit, from_on=month.from_on, to_on=month.to_on, language="bg"
    )
    draft = house.desk.keep_draft(who, about, to_content(new(make("periodic", told))))
    house.desk.approve(who, draft.id, version=1)
    return house.desk.publish_draft(who, draft.id).id


def test_what_is_published_is_told_once(
    portal_of_town: Portal, portal_house: House, client: TestClient
) -> None:
    """To those who wanted it, in its language and of its unit; the link leads to it."""
    house = portal_house
    house.desk.subscribe(house.mayor, wish("periodic"))
    house.desk.subscribe(house.mayor, wish("periodic", language="en"))
    house.desk.subscribe(house.manager, wish("periodic", unit="revenue"))
    house.desk.subscribe(house.mayor, wish("annual"))
    report = publish(portal_of_town, house, house.mayor)
    now = house.clock()
    assert [send_reports(portal_of_town, now), send_reports(portal_of_town, now)] == [1, 0]
    ((to, subject, text),) = mails(portal_of_town)
    assert (to, subject) == ("mayor@example.bg", "Периодичен анализ на анкетата")
    assert f"/reports/{report}" in text
    house.desk.subscribe(house.editor, wish("periodic"))
    assert send_reports(portal_of_town, now + timedelta(days=30)) == 0
    assert client.get(f"/reports/{report}").status_code == 503
    Reporting(portal_of_town, lambda: book_of(portal_of_town)).attend(now)
    page = client.get(f"/reports/{report}")
    assert page.status_code == 200
    assert "Периодичен анализ на анкетата" in page.text
    assert "Чернова" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src")


def test_published_reports_are_for_everybody(
    portal_of_town: Portal, portal_house: House, client: TestClient
) -> None:
    """As a page, PDF and DOCX; what is not published is not there."""
    house = portal_house
    assert "Все още няма публикуван доклад." in client.get("/reports").text
    report = publish(portal_of_town, house, house.mayor)
    Reporting(portal_of_town, lambda: book_of(portal_of_town)).attend(house.clock())
    listed = client.get("/reports").text
    assert f"/reports/{report}/pdf" in listed
    assert client.get(f"/reports/{report}/pdf").content.startswith(b"%PDF")
    assert client.get(f"/reports/{report}/docx").content.startswith(b"PK")
    about = NewDraft(
        kind="annual", unit="", from_on=date(2025, 1, 1), to_on=date(2025, 12, 31), language="bg"
    )
    draft = house.desk.keep_draft(house.mayor, about, "{}")
    for path in (f"/reports/{draft.id}", f"/reports/{draft.id}/pdf", "/reports/nothing"):
        assert client.get(path).status_code == 404


def test_one_bad_report_or_letter_holds_up_no_other(
    portal_of_town: Portal, portal_house: House, client: TestClient
) -> None:
    """A report that can't be read, a shelf that is no folder, a letter of a place that is gone."""
    house = portal_house
    last = house.clock().date().replace(day=1) - timedelta(1)
    about = NewDraft(
        kind="periodic", unit="", from_on=last.replace(day=1), to_on=last, language="bg"
    )
    bad = house.desk.keep_draft(house.mayor, about, "[]")
    house.desk.approve(house.mayor, bad.id, version=1)
    good = publish(portal_of_town, house, house.mayor)
    house.desk.publish_draft(house.mayor, bad.id)
    gone = Wish(kind="weekly-letter", unit="", language="bg", place=Place("location", "gone"))
    house.desk.subscribe(house.mayor, gone)
    house.desk.subscribe(house.manager, wish(unit="revenue"))
    house.clock.now = monday_after(house)
    reporting = Reporting(portal_of_town, lambda: book_of(portal_of_town))
    reporting.attend(house.clock())
    assert [to for to, _subject, _text in mails(portal_of_town)] == ["manager@example.bg"]
    assert client.get(f"/reports/{good}").status_code == 200
    assert client.get(f"/reports/{bad.id}").status_code == 503


def test_an_address_that_can_t_be_read_holds_up_no_other(
    portal_of_town: Portal, portal_house: House
) -> None:
    """Nobody else goes without."""
    house, subscriptions = portal_house, table_of(ImprovementSubscription)
    for name in ("ivan", "ana"):
        subscribe_guest(house, wish("periodic"), f"{name}@example.bg")
    with portal_of_town.database.transaction() as connection:
        first = connection.scalars(select(subscriptions.c.id).order_by(subscriptions.c.id)).first()
        broken = update(subscriptions).where(subscriptions.c.id == first)
        connection.execute(broken.values(email=b"\0" * 40))
    publish(portal_of_town, house, house.mayor)
    assert send_reports(portal_of_town, house.clock()) == 1
    assert [to for to, _s, text in mails(portal_of_town) if "/reports/" in text] == [
        "ana@example.bg"
    ]


def test_mails_go_whatever_becomes_of_files(portal_of_town: Portal, portal_house: House) -> None:
    """Even if none can be written at all."""
    house = portal_house
    publish(portal_of_town, house, house.mayor)
    house.desk.subscribe(house.manager, wish(unit="revenue"))
    house.clock.now = monday_after(house)
    folder = portal_of_town.settings.data / "reports"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    Reporting(portal_of_town, lambda: book_of(portal_of_town)).attend(house.clock())
    assert [to for to, _subject, _text in mails(portal_of_town)] == ["manager@example.bg"]


def test_the_gate_does_it_by_itself(portal_of_town: Portal, portal_house: House) -> None:
    """In a thread; a book that can't be made ends nothing."""
    house = portal_house
    house.desk.subscribe(house.mayor, wish())
    house.clock.now = monday_after(house)
    asked = Event()

    def book() -> Book:
        if not asked.is_set():
            asked.set()
            raise ValueError("not yet")
        return book_of(portal_of_town)

    with Reporting(portal_of_town, book, first_after_s=0.0, every_s=0.05):
        for _ in range(200):
            if mails(portal_of_town):
                break
            asked.wait(0.05)
            Event().wait(0.05)
    assert [to for to, _subject, _text in mails(portal_of_town)] == ["mayor@example.bg"]
