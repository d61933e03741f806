"""What views of accounts need of a request: where from, with what browser, and where to next."""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import RedirectResponse, Response

from portal.accounts.sessions import FRESH, Live, Sessions, give_cookie
from portal.accounts.signing_in import Step, Visit
from portal.web.errors import Elsewhere
from portal.web.limits import network
from portal.web.page import LIMIT_OF_PATH, Page
from portal.web.portal import Portal

_PATH: Final = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
PAGES: Final = {
    "code": "/sign-in/code",
    "enrol": "/sign-in/second-factor",
    "first-use": "/first-use",
}
"""Where an unfinished sign-in goes on."""


def visit_of(page: Page) -> Visit:
    """From where this request comes."""
    client = page.request.client
    address = network(client.host) if client is not None else ""
    return Visit(address, browser_of(page.request.headers.get("user-agent", "")))


def browser_of(user_agent: str) -> str:
    """A browser in two words: enough to know one's own again, no more."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


def own_path(wanted: str) -> str:
    """``wanted`` if it is a path of this portal, else none: nobody is sent to other sites by us."""
    is_own = len(wanted) <= LIMIT_OF_PATH and _PATH.fullmatch(wanted) is not None
    return wanted if is_own and not wanted.startswith("/sign-") else ""


def sessions(portal: Portal) -> Sessions:
    """The doorkeeper of that portal."""
    return Sessions(portal.database, portal.keys, portal.clock)


def need_stage(page: Page, stage: str) -> Live:
    """The unfinished sign-in of this browser, which is at ``stage``.

    Raises:
        Elsewhere: there is none, or it is at another stage.
    """
    page.request.state.is_personal = True
    live = sessions(page.portal).live(page.actor.session) if page.actor.session else None
    if live is None or live.stage != stage:
        raise Elsewhere(page.url(PAGES.get(live.stage, "/") if live else "/sign-in"))
    return live


def need_fresh(page: Page, back: str = "") -> None:
    """Ask for the password again where it was given long ago: what follows is sensitive.

    A form that was open meanwhile may still be sent for a while.

    Args:
        page: what was asked for.
        back: where to go on after that; else here, or at one's account if something was sent.

    Raises:
        Elsewhere: to the page that asks.
    """
    is_posted = page.request.method == "POST"
    if sessions(page.portal).is_fresh(page.actor.session, FRESH * (2 if is_posted else 1)):
        return
    asked = page.request.url.query
    here = "" if is_posted else f"{page.path}?{asked}" if asked else page.path
    raise Elsewhere(page.url("/account/confirm", next=back or here))


def to_own(page: Page, wanted: str) -> Response:
    """To a path of ours with what stands behind it, or to one's account."""
    return RedirectResponse(f"{page.language.prefix}{own_path(wanted) or '/account'}", 303)


def go_on(page: Page, step: Step, next_path: str) -> Response:
    """To the next step of a sign-in, or to where it was begun for."""
    if step.stage == "full":
        answer = to_own(page, next_path)
    else:
        answer = page.redirect(PAGES[step.stage], next=own_path(next_path))
    return with_cookie(page, answer, step.secret)


def with_cookie(page: Page, answer: Response, secret: str) -> Response:
    """``answer`` with the session's cookie; an empty secret takes it away."""
    return give_cookie(answer, secret, is_secure=page.portal.settings.is_secure)
