"""For the staff: posters of published months, and what kiosks show while nobody is there."""

from __future__ import annotations

from typing import Any, Final

from starlette.datastructures import FormData
from starlette.responses import Response

from analytics.improvement.actions import Action
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.results.area import MAY_DECIDE, MAY_READ, STAFF_AREA, say_of
from portal.results.forms import DeedForm, MonthForm, PosterForm
from portal.results.kiosks import (
    KioskError,
    idle_screens,
    show_deed,
    show_month,
    take_deeds_down,
    take_down,
)
from portal.results.poster import poster
from portal.results.shown import Shelf
from portal.results.units import name_of, names_of_units, places_of_units
from portal.web.errors import forbidden
from portal.web.forms import Filled, blank, fill
from portal.web.language import Language
from portal.web.page import Page
from portal.web.routes import Here

PDF: Final = "application/pdf"
HERE: Final = STAFF_AREA.prefix


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@STAFF_AREA.get("", MAY_READ)
def show(page: Here) -> Response:
    """What is published, posters of it, and kiosks."""
    return page.render("results/staff.html", **_context(page))


@STAFF_AREA.get("/poster", MAY_READ)
def print_poster(page: Here) -> Response:
    """A poster as PDF."""
    filled = fill(PosterForm, FormData(page.request.query_params), page.language)
    form = filled.model
    shelf = Shelf(page.portal)
    month = shelf.month(form.month) if form else None
    if form is not None and month is None:
        filled.refuse("month", page.text("Choose one of the answers"))
    shown = None if form is None or month is None else month.of(form.unit)
    if month is not None and form is not None and not form.unit:
        shown = month.whole
    if month is not None and shown is None:
        filled.refuse("unit", page.text("Nothing of this unit is published for that month"))
    if form is None or month is None or shown is None:
        return _again(page, posters=filled)
    content = poster(
        page.portal,
        month,
        shown,
        [each for each in _actions(page) if not form.unit or each.unit == form.unit],
        paper=form.paper,
        language=Language(form.language, page.language.zone),
    )
    return page.send(content, PDF, f"{month.month}-{form.unit or 'all'}-{form.paper}.pdf")


@STAFF_AREA.post("/kiosks", MAY_DECIDE)
def set_month(page: Here) -> Response:
    """Let kiosks show a month, or none."""
    _need_all(page)
    filled = page.fill(MonthForm)
    if filled.model is None:
        return _again(page, kiosks=filled)
    wanted = filled.model.shown
    month = Shelf(page.portal).month(wanted) if wanted else None
    if wanted and month is None:
        filled.refuse("shown", page.text("Choose one of the answers"))
        return _again(page, kiosks=filled)
    try:
        if month is None:
            take_down(page.portal, page.actor)
        else:
            show_month(page.portal, page.actor, month)
    except KioskError as error:
        filled.refuse("shown", page.text("Kiosks can't show this: {why}", why=str(error)))
        return _again(page, kiosks=filled)
    return page.redirect(HERE, say="saved")


@STAFF_AREA.post("/deeds", MAY_DECIDE)
def add_deed(page: Here) -> Response:
    """Let kiosks show what visitors said, and what was done."""
    _need_all(page)
    filled = page.fill(DeedForm)
    form = filled.model
    action = _find(page, form.action) if form is not None else None
    if form is not None and action is None:
        filled.refuse("action", page.text("Choose one of the answers"))
    if form is None or action is None:
        return _again(page, deeds=filled)
    try:
        said = {"bg": form.said_bg, "en": form.said_en}
        show_deed(page.portal, page.actor, action, said)
    except KioskError as error:
        filled.refuse("action", page.text("Kiosks can't show this: {why}", why=str(error)))
        return _again(page, deeds=filled)
    return page.redirect(HERE, say="saved")


@STAFF_AREA.post("/deeds/take-down", MAY_DECIDE)
def remove_deeds(page: Here) -> Response:
    """Let kiosks show none of it."""
    _need_all(page)
    take_deeds_down(page.portal, page.actor)
    return page.redirect(HERE, say="removed")


def _need_all(page: Page) -> None:
    """Kiosks of all units are told at once, by whoever decides for all."""
    if page.actor.units:
        raise forbidden()


def _actions(page: Page) -> list[Action]:
    return ImprovementDesk(office_of(page.portal)).public_actions()


def _find(page: Page, action: str) -> Action | None:
    places = places_of_units(page.portal)
    return next((a for a in _actions(page) if a.id == action and a.unit in places), None)


def _again(page: Page, **forms: Filled[Any]) -> Response:
    (form,) = forms.values()
    return page.show_again("results/staff.html", form, **{**_context(page), **forms})


def _context(page: Page) -> dict[str, Any]:
    shelf, say = Shelf(page.portal), say_of(page)
    months = shelf.months()
    names = names_of_units(page.portal)
    places = places_of_units(page.portal)
    known = {each.unit for month in months[:12] for each, _ in shelf.published(month)}
    units = [(unit, page.language.of(name_of(names, unit))) for unit in sorted(known)]
    actions = [each for each in _actions(page) if each.unit in places]
    return {
        "months": [(month, say.month(month)) for month in months],
        "units": units,
        "idle": idle_screens(page.portal, months),
        "names": names,
        "say": say,
        "actions": [
            (each.id, page.language.of({"bg": each.public_bg, "en": each.public_en})[:120])
            for each in actions
        ],
        "may_decide": MAY_DECIDE.judge(page.actor) == "welcome" and not page.actor.units,
        "dashboard": page.portal.settings.dashboard_url,
        "posters": blank(month=months[0] if months else "", unit="", paper="a4", language="bg"),
        "kiosks": blank(shown=months[0] if months else ""),
        "deeds": blank(),
    }
