"""Signing in and out, with all steps in between."""

from __future__ import annotations

import base64
from typing import Any

from starlette.responses import Response

from portal.accounts import second_factor
from portal.accounts.accounts import AccountError, find
from portal.accounts.area import AREA
from portal.accounts.directories import providers
from portal.accounts.forms import CodeForm, NewPasswordForm, SignInForm
from portal.accounts.sessions import Live
from portal.accounts.signing_in import (
    enrol,
    give_code,
    open_invitation,
    set_first_password,
    sign_in,
    sign_out,
)
from portal.accounts.visits import go_on, need_stage, own_path, to_own, visit_of, with_cookie
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here
from portal.web.rules import ANYONE


@AREA.get("/sign-in", ANYONE)
def show_sign_in(page: Here, next: str = "") -> Response:  # noqa: A002  as it stands in addresses
    """The first step."""
    if page.actor.id:
        return to_own(page, next)
    return _sign_in_page(page, blank(next=own_path(next)))


@AREA.post("/sign-in", ANYONE)
def take_sign_in(page: Here) -> Response:
    """Name and password, or a slip's code."""
    filled = page.fill(SignInForm)
    given = filled.model
    if given is not None:
        try:
            step = sign_in(
                page.portal, given.name, given.password, visit_of(page), page.actor.session
            )
        except AccountError as error:
            filled.refuse("", page.text(error.message))
        else:
            return go_on(page, step, given.next)
    return _sign_in_page(page, filled)


@AREA.get("/sign-in/code", ANYONE)
def show_code(page: Here, next: str = "") -> Response:  # noqa: A002  as above
    """The second factor's code."""
    need_stage(page, "code")
    return page.render("accounts/code.html", form=blank(next=own_path(next)))


@AREA.post("/sign-in/code", ANYONE)
def take_code(page: Here) -> Response:
    """It was typed."""
    live = need_stage(page, "code")
    filled = page.fill(CodeForm)
    if filled.model is not None:
        try:
            step = give_code(page.portal, live, filled.model.code, visit_of(page))
        except AccountError as error:
            filled.refuse("code", page.text(error.message))
        else:
            return go_on(page, step, filled.model.next)
    return page.show_again("accounts/code.html", filled)


@AREA.get("/sign-in/second-factor", ANYONE)
def show_enrol(page: Here, next: str = "") -> Response:  # noqa: A002  as above
    """Setting up a second factor, where it is a must."""
    live = need_stage(page, "enrol")
    return page.render(
        "accounts/enrol.html",
        form=blank(next=own_path(next)),
        to="/sign-in/second-factor",
        **secret_of(page, live.account, live.id),
    )


@AREA.post("/sign-in/second-factor", ANYONE)
def take_enrol(page: Here) -> Response:
    """Its first code."""
    live = need_stage(page, "enrol")
    return take_first_code(page, live, "/sign-in/second-factor")


@AREA.get("/first-use", ANYONE)
def show_first_use(page: Here, next: str = "") -> Response:  # noqa: A002  as above
    """An own password instead of the slip."""
    live = need_stage(page, "first-use")
    return _first_use_page(page, live, blank(next=own_path(next)))


@AREA.post("/first-use", ANYONE)
def take_first_use(page: Here) -> Response:
    """It was chosen."""
    live = need_stage(page, "first-use")
    filled = page.fill(NewPasswordForm)
    given = filled.model
    if given is not None and given.password != given.again:
        filled.refuse("again", page.text("This is not the same password"))
    elif given is not None:
        try:
            step = set_first_password(page.portal, live, given.password, visit_of(page))
        except AccountError as error:
            filled.refuse("password", page.text(error.message, **error.values))
        else:
            return go_on(page, step, given.next)
    return _first_use_page(page, live, filled)


@AREA.get("/welcome/{code}", ANYONE)
def show_welcome(page: Here, code: str) -> Response:
    """An invitation; opening the link spends nothing, since programs open links, too."""
    page.request.state.is_personal = True
    return page.render("accounts/welcome.html", invitation=code, form=blank())


@AREA.post("/welcome/{code}", ANYONE)
def take_welcome(page: Here, code: str) -> Response:
    """It is accepted."""
    try:
        step = open_invitation(page.portal, code, visit_of(page))
    except AccountError as error:
        page.request.state.is_personal = True
        filled: Filled[Any] = blank()
        filled.refuse("", page.text(error.message))
        return page.show_again("accounts/welcome.html", filled, invitation=code)
    return go_on(page, step, "")


@AREA.post("/sign-out", ANYONE)
def take_sign_out(page: Here) -> Response:
    """This session ends, on the dashboard too."""
    sign_out(page.portal, page.actor)
    return with_cookie(page, page.redirect("/", say="signed-out"), "")


def take_first_code(page: Page, live: Live, to: str) -> Response:
    """The first code of a second factor was typed; its recovery codes are shown this once.

    They are shown in the answer itself: to show them after a redirection, they would have to be
    kept readable.
    """
    filled = page.fill(CodeForm)
    if filled.model is not None:
        try:
            step = enrol(page.portal, live, filled.model.code, visit_of(page))
        except AccountError as error:
            filled.refuse("code", page.text(error.message))
        else:
            answer = page.render(
                "accounts/recovery_codes.html",
                codes=step.recovery_codes,
                go_on=f"{page.language.prefix}{own_path(filled.model.next) or '/account'}",
            )
            return with_cookie(page, answer, step.secret)
    return page.show_again(
        "accounts/enrol.html", filled, to=to, **secret_of(page, live.account, live.id)
    )


def secret_of(page: Page, account: str, session: str) -> dict[str, Any]:
    """What the page for setting up a second factor shows: the secret of this very session."""
    with page.portal.database.reading() as connection:
        found = find(connection, account)
        secret = second_factor.pending_secret(connection, page.portal.keys, session)
    assert found is not None  # noqa: S101  # its session is alive
    drawn = second_factor.picture(secret, found.sign_in_name, page.portal.settings.site)
    coded = base64.b64encode(drawn.encode()).decode()
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"secret": groups, "picture": f"data:image/svg+xml;base64,{coded}"}


def _sign_in_page(page: Page, filled: Filled[Any]) -> Response:
    page.request.state.is_personal = True
    code = 422 if filled.errors else 200
    return page.render("accounts/sign_in.html", code, form=filled, providers=providers(page.portal))


def _first_use_page(page: Page, live: Live, filled: Filled[Any]) -> Response:
    with page.portal.database.reading() as connection:
        found = page.need(find(connection, live.account))
    code = 422 if filled.errors else 200
    return page.render("accounts/first_use.html", code, form=filled, name=found.sign_in_name)
