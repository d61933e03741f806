"""A forgotten password: a code by mail or from the authenticator, or the way to the desk."""

from __future__ import annotations

from starlette.responses import Response

from portal.accounts.accounts import AccountError
from portal.accounts.area import AREA
from portal.accounts.forms import ForgottenCodeForm, ForgottenForm
from portal.accounts.mail_codes import ask_reset, reset
from portal.accounts.visits import go_on, visit_of
from portal.web.forms import blank
from portal.web.routes import Here
from portal.web.rules import ANYONE


@AREA.get("/sign-in/forgotten", ANYONE)
def show_forgotten(page: Here) -> Response:
    """Who is it?"""
    page.request.state.is_personal = True
    return page.render("accounts/forgotten.html", form=blank())


@AREA.post("/sign-in/forgotten", ANYONE)
def take_forgotten(page: Here) -> Response:
    """A code is on its way, if there is where to; nothing tells."""
    filled = page.fill(ForgottenForm)
    if filled.model is None:
        return page.show_again("accounts/forgotten.html", filled)
    ask_reset(page.portal, filled.model.name, visit_of(page), page.language)
    return page.redirect("/sign-in/forgotten/code")


@AREA.get("/sign-in/forgotten/code", ANYONE)
def show_reset(page: Here) -> Response:
    """The code, and whose it is."""
    page.request.state.is_personal = True
    return page.render("accounts/forgotten_code.html", form=blank())


@AREA.post("/sign-in/forgotten/code", ANYONE)
def take_reset(page: Here) -> Response:
    """It was typed."""
    filled = page.fill(ForgottenCodeForm)
    given = filled.model
    if given is not None:
        try:
            step = reset(page.portal, given.name, given.code, visit_of(page))
        except AccountError as error:
            filled.refuse("code", page.text(error.message))
        else:
            return go_on(page, step, "")
    return page.show_again("accounts/forgotten_code.html", filled)
