"""The page behind the link in a mail: confirm a subscription, or end it; nobody signs in."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from analytics.improvement.subscriptions import Subscription
from analytics.improvement.who import NotThereError
from analytics.improvement.words import KINDS, say
from portal.improvement.area import desk_of, unit_names
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

GUESTS: Final = Area("subscriptions", "/subscriptions")


@GUESTS.get("/ended", ANYONE)
def ended(page: Here) -> Response:
    """It is ended."""
    return page.render("improvement/guest_ended.html")


@GUESTS.get("/{token}", ANYONE)
def show(page: Here, token: str) -> Response:
    """What it is, with one button: opening the page does nothing, since mail servers open links."""
    found = _need(page, token)
    return page.render(
        "improvement/guest.html",
        subscription=found,
        kind=say(KINDS[found.kind], page.language.code),
        unit=unit_names(page).get(found.unit, found.unit),
        token=token,
    )


@GUESTS.post("/{token}/confirm", ANYONE)
def confirm(page: Here, token: str) -> Response:
    """From now on reports are sent."""
    _need(page, token)
    desk_of(page).confirm(token)
    return page.redirect(f"/subscriptions/{token}", say="saved")


@GUESTS.post("/{token}/end", ANYONE)
def end(page: Here, token: str) -> Response:
    """No more are."""
    try:
        desk_of(page).unsubscribe(token)
    except NotThereError:
        page.need(None)
    return page.redirect("/subscriptions/ended")


def _need(page: Page, token: str) -> Subscription:
    try:
        return desk_of(page).subscription_of(token)
    except NotThereError:
        found: Subscription = page.need(None)
        return found
