"""The list of touchpoints, adding one, and test mode."""

from __future__ import annotations

from typing import Literal

from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.places import set_test_mode
from broker.store.errors import StoreError
from broker.store.place_settings import SettingsOfDay
from broker.store.places import Place, devices_at, find
from broker.store.registry import add_touchpoint
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.asking import Question, ask, ask_again
from portal.fleet.editors.parts import Group, Input
from portal.fleet.ledger import carry_out
from portal.fleet.place_questions import location_choices
from portal.fleet.rules import Sight
from portal.fleet.settings_of_place import read_units
from portal.fleet.sight import look, look_at
from portal.fleet.words import crumbs_to, name_of, path_of
from portal.web.fields import Code, Line
from portal.web.forms import Form, blank
from portal.web.page import Page
from portal.web.routes import Here


class TouchpointForm(Form):
    """A new touchpoint."""

    name: Line
    code: Code
    into: str = ""
    is_test: Literal["yes"] | None = None


class TestForm(Form):
    """Whether it is in test mode."""

    is_test: Literal["yes", "no"]


@AREA.get("/touchpoints", READ)
def list_points(page: Here) -> Response:
    """All touchpoints that whoever asks sees."""
    sight = look(page)
    tree = sight.tree
    with page.portal.feedback.reading() as connection:
        devices = devices_at(connection, tree.on)
        settings = SettingsOfDay(connection, tree.on)
    units = read_units(page)
    found = []
    for place in sorted(sight.own):
        if place.kind == "touchpoint":
            unit = settings.of(place)["unit"].value
            found.append(
                {
                    "place": place,
                    "entry": tree.entries[place],
                    "stands_in": name_of(tree, tree.above[place]),
                    "unit": units.get(unit, unit or ""),
                    "devices": devices.get(place.code, []),
                }
            )
    return page.render("fleet/touchpoints.html", found=found)


@AREA.get("/touchpoints/add", CHANGE)
def ask_point(page: Here, into: str = "") -> Response:
    """A form for a new touchpoint."""
    return ask(page, _adding(page, look(page)), blank(into=into))


@AREA.post("/touchpoints/add", CHANGE)
def add_point(page: Here) -> Response:
    """Add a touchpoint."""
    sight, filled = look(page), page.fill(TouchpointForm)
    form = filled.model
    if form is not None and form.into and not sight.sees("location", form.into):
        filled.refuse("into", page.text("Choose one of the answers"))
    if form is not None and _is_taken(page, form.code):
        filled.refuse("code", page.text("This code is taken; choose another one"))
    if form is None or filled.errors:
        return ask(page, _adding(page, sight), filled)

    def work() -> bool:
        return add_touchpoint(
            page.portal.feedback,
            form.code,
            site=page.portal.settings.site,
            name=form.name,
            is_test=form.is_test == "yes",
            location=form.into or None,
        )

    try:
        carry_out(page, "fleet.touchpoint-add", form.code, work, into=form.into)
    except (FleetError, StoreError) as error:
        return ask_again(page, _adding(page, sight), filled, error)
    return page.redirect(path_of(Place("touchpoint", form.code)), say="saved")


@AREA.post("/touchpoints/{code}/test", CHANGE)
def switch_test(page: Here, code: str) -> Response:
    """Begin or end its test mode."""
    sight, entry = look_at(page, "touchpoint", code)
    filled = page.fill(TestForm)
    form = page.need(filled.model)
    is_test = form.is_test == "yes"
    store = page.portal.feedback
    try:
        carry_out(
            page, "fleet.touchpoint-test", code,
            lambda: set_test_mode(store, code, is_test=is_test), is_test=is_test,
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        title = str(page.text("Begin test mode") if is_test else page.text("End test mode"))
        crumbs = crumbs_to(page, sight.tree, entry.place, title)
        question = Question(title, crumbs, title, hidden={"is_test": form.is_test})
        return ask_again(page, question, filled, error)
    return page.redirect(path_of(Place("touchpoint", code)), say="saved")


def _is_taken(page: Page, code: str) -> bool:
    """Whether some touchpoint ever had the code: retired ones and other sites' included."""
    with page.portal.feedback.reading() as connection:
        return find(connection, Place("touchpoint", code)) is not None


def _adding(page: Page, sight: Sight) -> Question:
    code_hint = page.text(
        "Small Latin letters, digits and hyphens. It never changes, since figures refer to it."
    )
    test = page.text("Test mode: its ratings are in no figure but its own. For trying things out.")
    inputs = [
        Input(
            "text", "name", page.text("Name"), page.text("As people call it, for example Desk 3")
        ),
        Input("text", "code", page.text("Code"), code_hint, width="20"),
        Input("select", "into", page.text("It stands in"), choices=location_choices(sight)),
        Input(
            "checkboxes", "is_test", page.text("Test mode"), choices=[("yes", test)], optional=True
        ),
    ]
    title = page.text("Add a touchpoint")
    crumbs = [(page.text("Places"), page.url("/staff/places")), (title, "")]
    lines = [
        page.text("A touchpoint is where one question is put: by a device, on paper or on the web.")
    ]
    return Question(title, crumbs, page.text("Add"), [Group(inputs)], lines)
