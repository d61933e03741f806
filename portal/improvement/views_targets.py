"""Targets: a list, and adding and ending one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from starlette.responses import Response

from analytics.improvement.targets import OFFERED, NewTarget, Target
from analytics.improvement.who import DECIDERS, ImprovementError, NotThereError
from analytics.improvement.words import MEASURES, say_error
from portal.improvement.area import (
    AREA,
    MAY_DECIDE,
    MAY_READ,
    choices,
    desk_of,
    refuse,
    today,
    unit_choices,
    unit_names,
    who_of,
)
from portal.improvement.forms import EndForm, TargetForm
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here


@AREA.get("/targets", MAY_READ)
def targets(page: Here) -> Response:
    """All that he sees."""
    found = [(each, level_of(page, each)) for each in desk_of(page).targets(who_of(page))]
    return page.render(
        "improvement/targets.html",
        targets=found,
        units=unit_names(page),
        measures=dict(choices(page, MEASURES)),
        today=today(page),
        may_set=bool(page.actor.roles & DECIDERS),
    )


@AREA.get("/targets/new", MAY_DECIDE)
def ask_target(page: Here) -> Response:
    """What is promised."""
    return _ask(page, blank(from_on=today(page), measure="satisfied"))


@AREA.post("/targets/new", MAY_DECIDE)
def set_target(page: Here) -> Response:
    """Promise it."""
    filled = page.fill(TargetForm)
    if filled.model is not None:
        try:
            desk_of(page).set_target(who_of(page), _meant(filled.model))
        except NotThereError:
            filled.refuse("unit", page.text("Choose one of the answers"))
        except ImprovementError as error:
            refuse(page, filled, error)
        else:
            return page.redirect("/staff/improvement/targets", say="saved")
    return _ask(page, filled)


@AREA.get("/targets/{target}/end", MAY_DECIDE)
def ask_end(page: Here, target: str) -> Response:
    """On which day it ends."""
    return _ask_end(page, _need(page, target), blank(on=today(page)))


@AREA.post("/targets/{target}/end", MAY_DECIDE)
def end_target(page: Here, target: str) -> Response:
    """End it."""
    found = _need(page, target)
    filled = page.fill(EndForm)
    if filled.model is not None:
        try:
            desk_of(page).end_target(who_of(page), target, filled.model.on)
        except ImprovementError as error:
            filled.refuse("on", say_error(error, page.language.code))
        else:
            return page.redirect("/staff/improvement/targets", say="saved")
    return _ask_end(page, found, filled)


def level_of(page: Page, target: Target) -> str:
    """The level as people write it: percent, or points of the index."""
    if target.measure == "index":
        return str(page.language.number(round(target.level, 1)))
    return f"{page.language.number(round(100 * target.level, 1))}\N{NO-BREAK SPACE}%"


def _meant(form: TargetForm) -> NewTarget:
    level = form.level if form.measure == "index" else form.level / Decimal(100)
    return NewTarget(**{**form.model_dump(), "level": float(level)})


def _need(page: Page, target: str) -> Target:
    there = {each.id: each for each in desk_of(page).targets(who_of(page))}
    found: Target = page.need(there.get(target))
    return found


def _ask(page: Page, form: Filled[Any]) -> Response:
    return page.render(
        "improvement/target_form.html",
        422 if form.errors else 200,
        form=form,
        units=unit_choices(page, who_of(page)),
        measures=choices(page, {each: MEASURES[each] for each in OFFERED}),
    )


def _ask_end(page: Page, target: Target, form: Filled[Any]) -> Response:
    code = 422 if form.errors else 200
    return page.render("improvement/target_end.html", code, form=form, target=target)
