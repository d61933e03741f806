"""The journal of methods: a list by year, and one short form."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from analytics.improvement.journal import Entry, NewEntry
from analytics.improvement.who import WRITERS, ImprovementError, NotThereError, StaleError
from analytics.improvement.words import METHODS
from portal.improvement.area import (
    AREA,
    MAY_READ,
    MAY_WRITE,
    choices,
    desk_of,
    refuse,
    today,
    unit_choices,
    unit_names,
    who_of,
)
from portal.improvement.forms import MethodForm
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here

_FIRST_YEAR = 2000
_LAST_YEAR = 2999


@AREA.get("/methods", MAY_READ)
def methods(
    page: Here, year: Annotated[int | None, Query(ge=_FIRST_YEAR, le=_LAST_YEAR)] = None
) -> Response:
    """Those of a year."""
    chosen = year or today(page).year
    found = desk_of(page).entries(who_of(page), date(chosen, 1, 1), date(chosen, 12, 31))
    return page.render(
        "improvement/methods.html",
        entries=found,
        year=chosen,
        this_year=today(page).year,
        methods=dict(choices(page, METHODS)),
        units=unit_names(page),
        may_write=bool(page.actor.roles & WRITERS),
    )


@AREA.get("/methods/new", MAY_WRITE)
def ask_method(page: Here) -> Response:
    """Which one, when, and what was found."""
    return _ask(page, blank(), None)


@AREA.post("/methods/new", MAY_WRITE)
def enter_method(page: Here) -> Response:
    """Enter it."""
    return _take(page, None)


@AREA.get("/methods/{entry}", MAY_WRITE)
def ask_correction(page: Here, entry: str) -> Response:
    """The same form, as it was filled in."""
    found = _need(page, entry)
    given = {name: getattr(found, name) for name in MethodForm.model_fields}
    return _ask(page, blank(**given), found)


@AREA.post("/methods/{entry}", MAY_WRITE)
def correct_method(page: Here, entry: str) -> Response:
    """Correct it."""
    return _take(page, _need(page, entry))


@AREA.post("/methods/{entry}/strike", MAY_WRITE)
def strike_method(page: Here, entry: str) -> Response:
    """Take it out."""
    desk_of(page).strike(who_of(page), _need(page, entry).id)
    return page.redirect("/staff/improvement/methods", say="removed")


def _take(page: Page, entry: Entry | None) -> Response:
    filled = page.fill(MethodForm)
    if filled.model is not None:
        try:
            year = _keep(page, entry, filled.model)
        except NotThereError:
            filled.refuse("unit", page.text("Choose one of the answers"))
        except StaleError as error:
            refuse(page, filled, error)
        except ImprovementError as error:
            refuse(page, filled, error)
        else:
            return page.redirect("/staff/improvement/methods", year=year, say="saved")
    return _ask(page, filled, entry)


def _keep(page: Page, entry: Entry | None, form: MethodForm) -> int:
    given = {**form.model_dump(exclude={"revision"}), "to_on": form.last_on}
    new, who, desk = NewEntry(**given), who_of(page), desk_of(page)
    if entry is None:
        return desk.enter(who, new).from_on.year
    return desk.correct(who, entry.id, new, revision=form.revision).from_on.year


def _need(page: Page, entry: str) -> Entry:
    first, last = date(_FIRST_YEAR - 200, 1, 1), date(_LAST_YEAR, 12, 31)
    there = {each.id: each for each in desk_of(page).entries(who_of(page), first, last)}
    found: Entry = page.need(there.get(entry))
    return found


def _ask(page: Page, form: Filled[Any], entry: Entry | None) -> Response:
    return page.render(
        "improvement/method_form.html",
        422 if form.errors else 200,
        form=form,
        entry=entry,
        units=unit_choices(page, who_of(page)),
        methods=choices(page, METHODS, "Choose"),
    )
