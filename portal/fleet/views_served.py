"""People served: what is known of a month, entering a day by hand, and a file of a queue system."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.served import ServedError, ServedRow, record_served
from broker.fleet.served_reports import COLUMNS, read_csv
from broker.store.errors import StoreError
from broker.store.places import Place
from broker.store.served import served_between
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.asking import Question, ask, ask_again
from portal.fleet.editors.parts import Choice, Group, Input, SomeDay, read_day
from portal.fleet.ledger import carry_out
from portal.fleet.refusals import Told, told, told_row
from portal.fleet.rules import Sight
from portal.fleet.sight import look
from portal.fleet.words import name_of
from portal.web.errors import not_found
from portal.web.forms import Filled, Form, FormError, blank
from portal.web.page import Page
from portal.web.routes import Here

HOURS: Final = range(6, 22)
"""Of a day, for entering by hand; other hours come by file."""
MOST_PEOPLE: Final = 10_000
MOST_BYTES: Final = 512 * 1024
"""Of a file: a year of a large hall."""
HAND: Final = "hand"


class DayForm(Form):
    """A day of a place; the hours are read as they stand."""

    place: str
    on: SomeDay


class FileForm(Form):
    """The content of a file that was checked."""

    content: str = ""
    step: str = "check"


@AREA.get("/served", READ)
def show_served(page: Here, place: str = "", month: str = "") -> Response:
    """What is known of a month at a place, day by day."""
    sight = look(page)
    chosen = _place(sight, place) or next(iter(sorted(sight.own)), None)
    if chosen is None:
        raise not_found("There is no place that you may look into.")
    first_on = _month(month) or sight.tree.on.replace(day=1)
    next_on = (first_on + timedelta(days=32)).replace(day=1)
    people, sources = _read(page, chosen, first_on, next_on)
    before = (first_on - timedelta(days=1)).replace(day=1)
    return page.render(
        "fleet/served.html",
        form=blank(place=_key(chosen), month=f"{first_on:%Y-%m}"),
        choices=_places(sight),
        chosen=_key(chosen),
        name=name_of(sight.tree, chosen),
        first_on=first_on,
        around=[f"{before:%Y-%m}", f"{next_on:%Y-%m}"],
        people=people,
        sources=sources,
        may_change=CHANGE.judge(page.actor) == "welcome",
    )


@AREA.get("/served/day", CHANGE)
def ask_served(page: Here, place: str = "", on: str = "") -> Response:
    """A form for a day, with what was entered by hand already."""
    sight = look(page)
    day = _day(on) or sight.tree.on
    chosen = _place(sight, place)
    known = _by_hand(page, chosen, day) if chosen is not None else {}
    form = blank(place=place, on=f"{day:%d.%m.%Y}", **known)
    return ask(page, _counting(page, sight), form)


@AREA.post("/served/day", CHANGE)
def enter_day(page: Here) -> Response:
    """Enter how many were served in each hour of a day."""
    sight, filled = look(page), page.fill(DayForm)
    form = filled.model
    chosen = _place(sight, form.place) if form is not None else None
    if form is not None and chosen is None:
        filled.refuse("place", page.text("Choose one of the answers"))
    rows = list(_rows(page, filled, chosen, form.on)) if form is not None and chosen else []
    if not rows and not filled.errors:
        filled.refuse("", page.text("Write how many were served in one hour at least"))
    if form is None or chosen is None or filled.errors:
        return ask(page, _counting(page, sight), filled)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        carry_out(
            page, "fleet.served-enter", chosen.code, lambda: record_served(store, rows, now),
            kind=chosen.kind, on=form.on.isoformat(),
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        return ask_again(page, _counting(page, sight), filled, error)
    return page.redirect("/staff/served", say="saved", place=_key(chosen), month=f"{form.on:%Y-%m}")


@AREA.get("/served/import", CHANGE)
def ask_file(page: Here) -> Response:
    """A form for a file, with what must stand in it."""
    return _file_page(page, blank())


@AREA.post("/served/import", CHANGE, takes_files=True)
def take_file(page: Here) -> Response:
    """Say what a file would do; when that was seen, do it."""
    filled = page.fill(FileForm)
    form = page.need(filled.model)
    text = form.content if form.step == "save" else _text_of(page, filled)
    if filled.errors:
        return _file_page(page, filled)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        rows = _ours(page, read_csv(text))
        if form.step == "save":
            carry_out(
                page, "fleet.served-import", "", lambda: record_served(store, rows, now),
                rows=len(rows),
            )  # fmt: skip
            return page.redirect("/staff/served", say="saved")
        would = record_served(store, rows, now, is_dry_run=True)
    except ServedError as error:
        said = page.text("Nothing was recorded. Mend these rows and send the file again:")
        lines = tuple(told_row(each, page.language) for each in error.faults[:50])
        return _file_page(page, filled, Told(said, lines))
    except (FleetError, StoreError) as error:
        return _file_page(page, filled, told(error, page.language))
    return page.render(
        "fleet/served_check.html", would=would, rows=len(rows), content=text, form=filled
    )


def _file_page(page: Page, form: Filled[Any], refusal: Told | None = None) -> Response:
    status = 422 if form.errors or refusal else 200
    return page.render(
        "fleet/served_import.html", status, form=form, refusal=refusal, columns=COLUMNS
    )


def _text_of(page: Page, filled: Filled[FileForm]) -> str:
    chosen = filled.files.get("file", [])
    if not chosen:
        filled.refuse("file", page.text("Choose a file"))
        return ""
    content = chosen[0].file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        filled.refuse("file", page.text("This file is too large: send a month at a time"))
    if b"\0" in content:
        filled.refuse("file", page.text("This is no CSV file: save the table as CSV"))
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")  # as Excel saves it


def _ours(page: Page, rows: list[ServedRow]) -> list[ServedRow]:
    """``rows``, if all are about places of this municipality.

    Raises:
        ServedError: naming those that are not.
    """
    codes = {place.code for place in look(page).tree.entries}
    strange = page.text("there is no such place")
    faults = [f"{row.where}: {row.place}: {strange}" for row in rows if row.place not in codes]
    if faults:
        raise ServedError(faults)
    return rows


def _read(
    page: Page, place: Place, first_on: date, next_on: date
) -> tuple[list[tuple[date, int, int]], str]:
    """Day, people and hours of which they are known; and who counted."""
    zone = ZoneInfo(page.portal.settings.timezone)
    begin, end = (datetime.combine(on, time(), zone) for on in (first_on, next_on))
    people: Counter[date] = Counter()
    hours: Counter[date] = Counter()
    sources = set()
    with page.portal.feedback.reading() as connection:
        for hour in served_between(connection, *place, begin, end):
            on = hour.hour_at.astimezone(zone).date()
            people[on] += hour.people
            hours[on] += 1
            sources.add(hour.source)
    return [(on, people[on], hours[on]) for on in sorted(people)], ", ".join(sorted(sources))


def _by_hand(page: Page, place: Place, on: date) -> dict[str, str]:
    """Input → how many were entered for that hour by hand."""
    zone = ZoneInfo(page.portal.settings.timezone)
    begin = datetime.combine(on, time(), zone)
    with page.portal.feedback.reading() as connection:
        found = served_between(connection, *place, begin, begin + timedelta(days=1))
    return {
        f"hour-{hour.hour_at.astimezone(zone).hour}": str(hour.people)
        for hour in found
        if hour.source == HAND and hour.place == place
    }


def _rows(page: Page, filled: Filled[Any], place: Place, on: date) -> list[ServedRow]:
    rows = []
    for hour in HOURS:
        name = f"hour-{hour}"
        text = filled.value(name).strip()
        if not text:
            continue
        is_number = text.isascii() and text.isdecimal() and len(text) < 9
        if not is_number or int(text) > MOST_PEOPLE:
            said = page.text(
                "Write a whole number from {least} to {most}", least=0, most=MOST_PEOPLE
            )
            filled.refuse(name, said)
            continue
        at = datetime.combine(on, time(hour))
        rows.append(ServedRow(f"{hour}:00", place.code, at, int(text), HAND, place.kind))
    return rows


def _counting(page: Page, sight: Sight) -> Question:
    hint = page.text("How many were served in the hour that begins then; empty: not counted.")
    hours = [
        Input(
            "text",
            f"hour-{hour}",
            f"{hour}:00–{hour + 1}:00",
            hint if hour == HOURS[0] else "",
            width="5",
            inputmode="numeric",
        )
        for hour in HOURS
    ]
    title = page.text("Enter a day")
    where = Input("select", "place", page.text("Place"), choices=_places(sight))
    when = Input("text", "on", page.text("Day"), page.text("For example 22.11.2026"), width="10")
    crumbs = [
        (page.text("Health"), page.url("/staff/health")),
        (page.text("People served"), page.url("/staff/served")),
        (title, ""),
    ]
    return Question(
        title, crumbs, page.text("Save"), [Group([where, when]), Group(hours, page.text("Hours"))]
    )


def _places(sight: Sight) -> list[Choice]:
    tree = sight.tree
    roots = [place for place in tree.entries if place.kind == "site"]
    return [
        (_key(place), f"{'– ' * (len(tree.path(place)) - 1)}{name_of(tree, place)}")
        for root in roots
        for place in tree.under(root)
        if place in sight.own
    ]


def _key(place: Place) -> str:
    return f"{place.kind}/{place.code}"


def _place(sight: Sight, key: str) -> Place | None:
    kind, _, code = key.partition("/")
    place = Place(kind, code)
    return place if place in sight.own else None


def _month(text: str) -> date | None:
    return _day(f"{text}-01")


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except FormError:
        return None
