"""Actions: a list, one with its history, and all that can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Query
from starlette.responses import Response

from analytics.improvement.actions import NEXT, OPEN, Action, ActionSearch, Ground, Plan
from analytics.improvement.targets import OFFERED
from analytics.improvement.who import DECIDERS, DOERS, ImprovementError, NotThereError, sees
from analytics.improvement.words import CHANGES, GROUNDS, MEASURES, OUTCOMES, STATES
from portal.improvement.area import (
    AREA,
    MAY_DECIDE,
    MAY_DO,
    MAY_READ,
    choices,
    desk_of,
    refuse,
    today,
    unit_choices,
    unit_names,
    who_of,
)
from portal.improvement.forms import (
    MoveForm,
    PlanForm,
    PublishForm,
    RevisionForm,
)
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here

_LIST: Final = "/staff/improvement/actions"
_SHOWN: Final = {"open": OPEN, "closed": frozenset({"done", "dropped"}), "all": frozenset()}


@AREA.get("/actions", MAY_READ)
def actions(page: Here, show: Annotated[str, Query(max_length=20)] = "open") -> Response:
    """Open ones, closed ones or all."""
    shown = show if show in _SHOWN else "open"
    states: Any = _SHOWN[shown]
    found = desk_of(page).actions(who_of(page), ActionSearch(states=states))
    return page.render(
        "improvement/actions.html",
        actions=found,
        shown=shown,
        today=today(page),
        units=unit_names(page),
        states=dict(choices(page, STATES)),
        may_do=bool(page.actor.roles & DOERS),
    )


@AREA.get("/actions/new", MAY_DO)
def ask_action(page: Here, unit: Annotated[str | None, Query(max_length=63)] = None) -> Response:
    """Whose it is; then what is to be done."""
    who = who_of(page)
    units = unit_choices(page, who)
    if unit is None and len(units) == 1:
        unit = units[0][0]
    if unit is None:
        return page.render("improvement/action_unit.html", form=blank(), units=units)
    page.need(unit if sees(who, unit) and unit in unit_names(page) else None)
    return _ask(page, blank(measure="satisfied", owner=page.actor.id), unit, None)


@AREA.post("/actions/new", MAY_DO)
def make_action(page: Here, unit: Annotated[str, Query(max_length=63)] = "") -> Response:
    """Plan it."""
    page.need(unit if sees(who_of(page), unit) and unit in unit_names(page) else None)
    filled = page.fill(PlanForm)
    form = filled.model
    if form is not None:
        made = _tried(
            page, filled, lambda: desk_of(page).make_action(who_of(page), _plan(form, unit))
        )
        if made is not None:
            return page.redirect(f"{_LIST}/{made.id}", say="saved")
    return _ask(page, filled, unit, None)


@AREA.get("/actions/{action}", MAY_READ)
def show_action(page: Here, action: str) -> Response:
    """One, with its history."""
    return _show(page, _need(page, action), None)


@AREA.get("/actions/{action}/change", MAY_DO)
def ask_change(page: Here, action: str) -> Response:
    """What is planned, to be changed."""
    found = _need(page, action)
    given = {name: getattr(found, name, None) for name in PlanForm.model_fields}
    ground = {
        "ground_kind": found.ground.kind,
        "ground_reference": found.ground.reference,
        "ground_words": found.ground.words,
    }
    return _ask(page, blank(**{**given, **ground}), found.unit, found)


@AREA.post("/actions/{action}/change", MAY_DO)
def change_action(page: Here, action: str) -> Response:
    """Change it."""
    found, filled = _need(page, action), page.fill(PlanForm)
    form = filled.model
    if form is not None:
        plan = _plan(form, found.unit, found)
        after = _tried(
            page,
            filled,
            lambda: desk_of(page).plan_anew(who_of(page), action, plan, revision=form.revision),
        )
        if after is not None:
            return page.redirect(f"{_LIST}/{action}", say="saved")
    return _ask(page, filled, found.unit, found)


@AREA.post("/actions/{action}/state", MAY_DO)
def move_action(page: Here, action: str) -> Response:
    """Bring it to another state."""
    filled = page.fill(MoveForm)
    form = filled.model

    def move() -> Action:
        assert form is not None  # noqa: S101  # else nobody calls
        return desk_of(page).move_action(
            who_of(page), action, form.state, on=form.on, revision=form.revision, note=form.note
        )

    return _done(page, action, filled, move)


@AREA.post("/actions/{action}/publish", MAY_DECIDE)
def publish_action(page: Here, action: str) -> Response:
    """Put it on the public page; a published effect stays."""
    filled = page.fill(PublishForm)
    form = filled.model

    def publish() -> Action:
        assert form is not None  # noqa: S101  # else nobody calls
        words = (form.public_bg, form.public_en)
        return desk_of(page).publish_action(
            who_of(page), action, words, None, revision=form.revision
        )

    return _done(page, action, filled, publish)


@AREA.post("/actions/{action}/withdraw", MAY_DECIDE)
def withdraw_action(page: Here, action: str) -> Response:
    """Take it from the public page."""
    filled = page.fill(RevisionForm)
    form = filled.model

    def withdraw() -> Action:
        assert form is not None  # noqa: S101  # else nobody calls
        return desk_of(page).withdraw_action(who_of(page), action, revision=form.revision)

    return _done(page, action, filled, withdraw)


def _done(page: Page, action: str, filled: Filled[Any], verb: Callable[[], Action]) -> Response:
    """Do it and show the action; where it can't be done, with what is wrong."""
    found = _need(page, action)
    if filled.model is not None and _tried(page, filled, verb) is not None:
        return page.redirect(f"{_LIST}/{action}", say="saved")
    return _show(page, found, filled)


def _tried(page: Page, filled: Filled[Any], verb: Callable[[], Action]) -> Action | None:
    try:
        return verb()
    except ImprovementError as error:
        refuse(page, filled, error)
        return None


def _need(page: Page, action: str) -> Action:
    try:
        return desk_of(page).action(who_of(page), action)
    except NotThereError:
        found: Action = page.need(None)
        return found


def _plan(form: PlanForm, unit: str, before: Action | None = None) -> Plan:
    """What was typed; place and survey stay, which only the dashboard sets."""
    ground = Ground(form.ground_kind, form.ground_reference, form.ground_words)
    typed = form.model_dump(exclude={"revision", "ground_kind", "ground_reference", "ground_words"})
    kept: dict[str, Any] = (
        {} if before is None else {"place": before.place, "survey": before.survey}
    )
    return Plan(**typed, **kept, ground=ground, unit=unit)


def _ask(page: Page, form: Filled[Any], unit: str, action: Action | None) -> Response:
    who, desk = who_of(page), desk_of(page)
    targets = [each for each in desk.targets(who) if each.unit in {"", unit}]
    return page.render(
        "improvement/action_form.html",
        422 if form.errors else 200,
        form=form,
        unit=unit,
        unit_name=unit_names(page).get(unit, unit),
        action=action,
        owners=[(each.id, each.name) for each in desk.colleagues(who, unit)],
        grounds=choices(page, GROUNDS),
        measures=_measures(page, action),
        targets=[("", page.text("None")), *((each.id, each.text_bg) for each in targets)],
    )


def _measures(page: Page, action: Action | None) -> list[tuple[str, str]]:
    """Those that an action is judged by, and the one that it has."""
    kept = () if action is None or action.measure in OFFERED else (action.measure,)
    return choices(page, {each: MEASURES[each] for each in (*OFFERED, *kept)})


def _show(page: Page, action: Action, form: Filled[Any] | None) -> Response:
    words = {"public_bg": action.public_bg, "public_en": action.public_en}
    states = dict(choices(page, STATES))
    return page.render(
        "improvement/action.html",
        422 if form is not None and form.errors else 200,
        action=action,
        form=form or blank(on=today(page), **words),
        history=desk_of(page).history(who_of(page), action.id),
        units=unit_names(page),
        states=states,
        next_states=[(each, states[each]) for each in NEXT[action.state]],
        measures=dict(choices(page, MEASURES)),
        grounds=dict(choices(page, GROUNDS)),
        outcomes=dict(choices(page, OUTCOMES)),
        changes=dict(choices(page, CHANGES)),
        is_overdue=action.is_overdue(today(page)),
        may_do=bool(page.actor.roles & DOERS),
        may_decide=bool(page.actor.roles & DECIDERS),
    )
