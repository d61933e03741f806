"""Public holidays of a year at a place, and days that are otherwise than usual."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.place_changes import set_setting
from broker.fleet.seen import Seen
from broker.store.errors import StoreError
from broker.store.place_settings import Effective, effective_at
from broker.store.places import Entry
from broker.store.public_holidays import public_holidays
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.asking import Question, ask, ask_again
from portal.fleet.editors.hours import read_hours, write_hours
from portal.fleet.editors.opening import MOST_DAYS, special_day
from portal.fleet.editors.parts import Choice, Group, Input, read_day
from portal.fleet.ledger import carry_out
from portal.fleet.rules import Sight
from portal.fleet.settings_of_place import read_effective, write_effective
from portal.fleet.sight import look_at
from portal.fleet.words import crumbs_to, path_of, source_words
from portal.web.errors import not_found
from portal.web.forms import Filled, Form, FormError, blank
from portal.web.page import Page
from portal.web.routes import Here

KEY: Final = "opening.special_days"
_YEARS: Final = range(1991, 2100)


class YearDayForm(Form):
    """A day to look at."""

    on: str


class DayForm(Form):
    """What a day is like: as usual, closed, or open in its own hours."""

    mode: Literal["usual", "closed", "open"]
    hours: str = ""
    seen: str = ""


@AREA.get("/places/{kind}/{code}/holidays", READ)
def show_holidays(page: Here, kind: str, code: str, year: int = 0) -> Response:
    """The public holidays of a year, and the special days, as they hold at a place."""
    sight, entry = look_at(page, kind, code)
    shown = year or sight.tree.on.year
    if shown not in _YEARS:
        raise not_found()
    settings = _settings(page, entry, sight.tree.on)
    days = _days_of(settings, shown)
    return page.render(
        "fleet/holidays.html",
        entry=entry,
        year=shown,
        years=[each for each in (shown - 1, shown + 1) if each in _YEARS],
        days=days,
        write_hours=write_hours,
        source=source_words(settings[KEY], entry.place, sight.tree, page.language),
        has_hours=settings["opening.weekly"].value is not None,
        base=f"{path_of(entry.place)}/holidays",
        may_change=CHANGE.judge(page.actor) == "welcome",
        form=blank(),
        crumbs=crumbs_to(page, sight.tree, entry.place, str(page.text("Holidays"))),
    )


@AREA.post("/places/{kind}/{code}/holidays", CHANGE)
def go_to_day(page: Here, kind: str, code: str) -> Response:
    """Go on to a day that is no public holiday."""
    _, entry = look_at(page, kind, code)
    filled = page.fill(YearDayForm)
    try:
        on = read_day(filled.value("on"))
    except FormError:
        return page.redirect(f"{path_of(entry.place)}/holidays")
    return page.redirect(f"{path_of(entry.place)}/holidays/{on.isoformat()}")


@AREA.get("/places/{kind}/{code}/holidays/{on}", CHANGE)
def ask_day(page: Here, kind: str, code: str, on: date) -> Response:
    """What a day is like at a place."""
    sight, entry = look_at(page, kind, code)
    settings = _settings(page, entry, sight.tree.on)
    found = _entered(settings, on)
    mode = "usual" if found is None else "open" if found.get("hours") else "closed"
    texts = (found or {}).get("texts", {})
    form = blank(
        mode=mode,
        hours=write_hours((found or {}).get("hours", ())),
        **{f"text-{language}": text for language, text in texts.items()},
    )
    return ask(page, _question(page, sight, entry, on, settings), form)


@AREA.post("/places/{kind}/{code}/holidays/{on}", CHANGE)
def take_day(page: Here, kind: str, code: str, on: date) -> Response:
    """Say what a day is like."""
    sight, entry = look_at(page, kind, code)
    settings = _settings(page, entry, sight.tree.on)
    filled = page.fill(DayForm)
    days = _changed(page, filled, settings, on)
    question = _question(page, sight, entry, on, settings)
    if filled.errors or filled.model is None:
        return ask(page, question, filled)
    opened = read_effective(filled.model.seen)
    seen = None if opened is None else Seen(opened)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        carry_out(
            page, "fleet.special-day", code,
            lambda: set_setting(store, kind, code, KEY, days, None, now, seen=seen),
            kind=kind, on=on.isoformat(), mode=filled.model.mode,
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        return ask_again(page, question, filled, error)
    return page.redirect(f"{path_of(entry.place)}/holidays", say="saved", year=on.year)


def _settings(page: Page, entry: Entry, on: date) -> dict[str, Effective]:
    with page.portal.feedback.reading() as connection:
        return effective_at(connection, entry.place, on)


def _days_of(settings: dict[str, Effective], year: int) -> list[dict[str, Any]]:
    """Each day of the year that is a public holiday or entered, with what holds."""
    first_on, last_on = date(year, 1, 1), date(year, 12, 31)
    holidays = {}
    if settings["holidays"].value is not None:
        holidays = public_holidays(settings["holidays"].value, first_on, last_on)
    entered = {date.fromisoformat(day["on"]): day for day in settings[KEY].value}
    all_days = {*holidays, *(on for on in entered if on.year == year)}
    return [
        {
            "on": on,
            "names": holidays.get(on, {}),
            "entered": entered.get(on),
            "hours": (entered.get(on) or {}).get("hours", ()),
            "texts": (entered.get(on) or {}).get("texts", {}),
        }
        for on in sorted(all_days)
    ]


def _entered(settings: dict[str, Effective], on: date) -> dict[str, Any] | None:
    return next((day for day in settings[KEY].value if day["on"] == on.isoformat()), None)


def _changed(
    page: Page, filled: Filled[DayForm], settings: dict[str, Effective], on: date
) -> list[dict[str, Any]]:
    """All special days with this one as it was filled in."""
    form = filled.model
    rest = [day for day in settings[KEY].value if day["on"] != on.isoformat()]
    if form is None or form.mode == "usual":
        return rest
    texts = {code: filled.value(f"text-{code}").strip() for code in settings["languages"].value}
    hours: list[dict[str, str]] = []
    if form.mode == "open":
        try:
            hours = read_hours(form.hours)
        except FormError as error:
            filled.refuse("hours", page.text(error.message))
        if not hours:
            filled.refuse("hours", page.text("Write hours, for example 8:00–12:00, 13:00–17:30"))
    if len(rest) >= MOST_DAYS:
        filled.refuse("", page.text("There are {n} special days already", n=MOST_DAYS))
    made = special_day(on, hours, {code: text for code, text in texts.items() if text})
    return sorted([*rest, made], key=lambda day: str(day["on"]))


def _question(
    page: Page, sight: Sight, entry: Entry, on: date, settings: dict[str, Effective]
) -> Question:
    day = page.language.day(on)
    usual = page.text("As its weekday, or closed where it is a public holiday")
    modes: list[Choice] = [
        ("usual", page.text("As usual"), usual),
        ("closed", page.text("Closed")),
        ("open", page.text("Open in these hours")),
    ]
    texts = [
        Input(
            "text",
            f"text-{code}",
            page.text("Why it is closed, as visitors read it ({language})", language=code),
            lang=code,
            optional=True,
        )
        for code in settings["languages"].value
    ]
    hint = page.text("For example 9:00–13:00")
    inputs = [
        Input("radios", "mode", page.text("What is it like?"), choices=modes),
        Input("text", "hours", page.text("Hours"), hint, width="20", optional=True),
        *texts,
    ]
    lines = []
    holds = settings[KEY]
    if holds.value and (holds.kind, holds.code) != tuple(entry.place):
        lines.append(
            page.text(
                "The special days of above are copied to this place; later ones that are entered "
                "above do not reach it by themselves."
            )
        )
    way = crumbs_to(page, sight.tree, entry.place, str(page.text("Holidays")))
    up = page.url(f"{path_of(entry.place)}/holidays", year=on.year)
    return Question(
        day,
        [*way[:-1], (way[-1][0], up), (day, "")],
        page.text("Save"),
        [Group(inputs)],
        lines,
        hidden={"seen": write_effective(holds)},
    )
