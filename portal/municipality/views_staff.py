"""The administrator's page about the municipality: name, contact, texts, arms."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from starlette.responses import Response

from portal.municipality.arms import MAX_BYTES, check_arms
from portal.municipality.facts import Facts
from portal.municipality.forms import SECTIONS
from portal.municipality.rules import faults
from portal.municipality.service import change_arms, change_facts, read_sign
from portal.municipality.signboard import Signboard
from portal.web.forms import Filled, Form, FormError, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

STAFF_AREA: Final = Area("municipality", "/staff/municipality")

_ADMINISTRATOR: Final = staff("administrator")


@STAFF_AREA.get("", _ADMINISTRATOR)
def show(page: Here) -> Response:
    """All of it, each part with the way to change it."""
    sign = read_sign(page.portal.database, page.portal.settings.site)
    return page.render("municipality/staff.html", facts=sign.facts, today=_today(page))


@STAFF_AREA.get("/arms", _ADMINISTRATOR)
def ask_arms(page: Here) -> Response:
    """The arms, and a form to give others."""
    return _arms_page(page, blank(), 200)


@STAFF_AREA.post("/arms", _ADMINISTRATOR, takes_files=True)
def take_arms(page: Here) -> Response:
    """Take other arms, or none."""
    filled = page.fill(Form)
    site, now = page.portal.settings.site, page.portal.clock()
    if "remove" in page.posted:
        change_arms(page.portal.database, page.actor, site, None, now)
        page.portal.part(Signboard).forget()
        return page.redirect("/staff/municipality", say="removed")
    chosen = filled.files.get("arms", [])
    if not chosen:
        filled.refuse("arms", page.text("Choose a file"))
        return _arms_page(page, filled, 422)
    try:
        arms = check_arms(chosen[0].file.read(MAX_BYTES + 1_000_000))
    except FormError as error:
        filled.refuse("arms", page.text(error.message, **error.values))
        return _arms_page(page, filled, 422)
    change_arms(page.portal.database, page.actor, site, arms, now)
    page.portal.part(Signboard).forget()
    return page.redirect("/staff/municipality", say="saved")


@STAFF_AREA.get("/{section}", _ADMINISTRATOR)
def ask(page: Here, section: str) -> Response:
    """One part, to be changed."""
    model = page.need(SECTIONS.get(section))
    facts = read_sign(page.portal.database, page.portal.settings.site).facts
    known = {name: getattr(facts, name) for name in model.model_fields}
    if section == "accessibility" and not facts.has_confirmed_statement:
        # Nothing is said in the municipality's name that nobody chose.
        known |= {"conformance": None, "method": None}
    return page.render(f"municipality/staff_{section}.html", form=blank(**known))


@STAFF_AREA.post("/{section}", _ADMINISTRATOR)
def take(page: Here, section: str) -> Response:
    """Change that part."""
    model: type[Form] = page.need(SECTIONS.get(section))
    filled = page.fill(model)
    if filled.model is not None:
        for name, message in list(faults(filled.model, _today(page))):
            filled.refuse(name, page.text(message))
    if filled.model is None:
        return page.show_again(f"municipality/staff_{section}.html", filled)
    changes = {name: value for name, value in filled.model if name in Facts.model_fields}
    site, now = page.portal.settings.site, page.portal.clock()
    change_facts(page.portal.database, page.actor, site, changes, now)
    page.portal.part(Signboard).forget()
    return page.redirect("/staff/municipality", say="saved")


def _arms_page(page: Page, form: Filled[Any], code: int) -> Response:
    return page.render("municipality/staff_arms.html", code, form=form, most=MAX_BYTES // 1000)


def _today(page: Page) -> date:
    return page.portal.clock().astimezone(page.language.zone).date()
