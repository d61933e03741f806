"""Signing in through somebody who vouches: there, back, and the virtual one's own page."""

from __future__ import annotations

import secrets
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from starlette.responses import RedirectResponse, Response

from portal.accounts.accounts import AccountError
from portal.accounts.area import AREA
from portal.accounts.attempts import LIFETIME, keep_attempt, take_attempt
from portal.accounts.directories import UNKNOWN, admit, find_provider, providers
from portal.accounts.providers import ProviderError, UnreachableError
from portal.accounts.virtual_identity import PAGE, PEOPLE, Knob, answer_for, unpacked
from portal.accounts.visits import go_on, own_path, visit_of
from portal.web.errors import Stop, not_found
from portal.web.forms import Filled, Form, blank
from portal.web.limits import Limits
from portal.web.page import Page
from portal.web.routes import Here
from portal.web.rules import ANYONE

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)
_MOST_BEGUN: Final = 30


class ChoiceForm(Form):
    """Whom the virtual provider is to vouch for, and what goes wrong."""

    request: str
    egn: str = ""
    knob: Knob = ""


@AREA.get("/sign-in/with/{code}", ANYONE)
def show_way(page: Here, code: str, next: str = "") -> Response:  # noqa: A002  as in addresses
    """There. A link and no form: browsers let no form lead to another host (``form-action``)."""
    provider = page.need(find_provider(page.portal, code))
    page.portal.part(Limits).check("sign-in-way", page.visitor, _MOST_BEGUN, LIFETIME)
    state = secrets.token_urlsafe(32)
    try:
        begun = provider.begin(state, _back(page, code))
    except ProviderError as error:
        raise _unreachable(code, error) from error
    browser = keep_attempt(page.portal, code, state, begun.kept, own_path(next))
    prefix = page.language.prefix if begun.url.startswith("/") else ""
    answer = RedirectResponse(f"{prefix}{begun.url}", 303)
    return _with_way(page, answer, browser)


@AREA.get("/sign-in/back/{code}", ANYONE)
def show_back(page: Here, code: str, state: str = "") -> Response:
    """And back."""
    page.request.state.is_personal = True
    provider = page.need(find_provider(page.portal, code))
    browser = page.request.cookies.get(_way(page), "")
    attempt = take_attempt(page.portal, code, state, browser)
    if attempt is None:
        return _refused(page, page.text("This sign-in took too long. Begin again."))
    answer = dict(page.request.query_params)
    try:
        asserted = provider.finish(attempt.kept, answer, _back(page, code))
        step = admit(page.portal, provider, asserted, visit_of(page))
    except UnreachableError as error:
        raise _unreachable(code, error) from error
    except ProviderError as error:
        _log.warning("provider-refused", provider=code, error=str(error))
        return _refused(page, page.text(UNKNOWN))
    except AccountError as error:
        return _refused(page, page.text(error.message))
    return _with_way(page, go_on(page, step, attempt.next), "")


@AREA.get(PAGE, ANYONE)
def show_virtual(page: Here, request: str = "") -> Response:
    """The virtual e-identity's page: which of the invented people is it?"""
    _need_sample(page)
    return page.render("accounts/virtual.html", form=blank(request=request), people=PEOPLE)


@AREA.post(PAGE, ANYONE)
def take_virtual(page: Here) -> Response:
    """One was chosen."""
    _need_sample(page)
    filled = page.fill(ChoiceForm)
    given = filled.model
    if given is None:
        return page.show_again("accounts/virtual.html", filled, people=PEOPLE)
    try:
        back, packed = answer_for(page.portal, given.request, given.egn, given.knob)
        state = str(unpacked(page.portal, given.request).get("state", ""))
    except ProviderError as error:
        raise not_found() from error
    return RedirectResponse(f"{back}?{urlencode({'answer': packed, 'state': state})}", 303)


def _need_sample(page: Page) -> None:
    if not page.portal.settings.is_sample:
        raise not_found()


def _back(page: Page, code: str) -> str:
    """Always without a language, as it is registered with the provider."""
    return f"{page.portal.settings.public_url}/sign-in/back/{code}"


def _way(page: Page) -> str:
    return "__Host-otziv-way" if page.portal.settings.is_secure else "otziv-way"


def _with_way(page: Page, answer: Response, browser: str) -> Response:
    """The cookie that shows that it is the same browser that comes back."""
    answer.set_cookie(
        _way(page),
        browser,
        max_age=round(LIFETIME.total_seconds()) if browser else 0,
        secure=page.portal.settings.is_secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _unreachable(code: str, error: Exception) -> Stop:
    _log.warning("provider-unreachable", provider=code, error=str(error))
    return Stop(503, "This way to sign in does not answer now. Try another one.", retry_after_s=60)


def _refused(page: Page, message: str) -> Response:
    filled: Filled[Any] = blank()
    filled.refuse("", message)
    return page.show_again("accounts/sign_in.html", filled, providers=providers(page.portal))
