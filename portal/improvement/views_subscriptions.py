"""Subscriptions of the staff: one's own, and those of people without an account."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from analytics.improvement.subscriptions import OPEN_KINDS, SENT_KINDS, Subscription, Wish
from analytics.improvement.who import DECIDERS, ImprovementError, NotAllowedError, NotThereError
from analytics.improvement.words import KINDS
from portal.improvement.area import (
    AREA,
    MAY_DECIDE,
    MAY_READ,
    choices,
    desk_of,
    refuse,
    unit_choices,
    unit_names,
    who_of,
)
from portal.improvement.forms import GuestForm, WishForm
from portal.web.forms import Filled, blank
from portal.web.language import NAMES
from portal.web.page import Page
from portal.web.routes import Here

_LIST = "/staff/improvement/subscriptions"


@AREA.get("/subscriptions", MAY_READ)
def subscriptions(page: Here) -> Response:
    """One's own, and others'."""
    return _show(page, blank(language=page.language.code))


@AREA.post("/subscriptions", MAY_READ)
def subscribe(page: Here) -> Response:
    """Have reports sent to oneself."""
    filled = page.fill(WishForm)
    if filled.model is not None:
        try:
            desk_of(page).subscribe(who_of(page), Wish(**filled.model.model_dump()))
        except NotThereError:
            filled.refuse("unit", page.text("Choose one of the answers"))
        except ImprovementError as error:
            refuse(page, filled, error)
        else:
            return page.redirect(_LIST, say="saved")
    return _show(page, filled)


@AREA.get("/subscriptions/invite", MAY_DECIDE)
def ask_guest(page: Here) -> Response:
    """Whom, and to what."""
    return _ask_guest(page, blank(language="bg"))


@AREA.post("/subscriptions/invite", MAY_DECIDE)
def invite_guest(page: Here) -> Response:
    """Ask somebody without an account."""
    filled = page.fill(GuestForm)
    form = filled.model
    if form is not None:
        wish = Wish(**form.model_dump(exclude={"email"}))
        try:
            desk_of(page).invite_subscriber(who_of(page), wish, form.email)
        except NotThereError:
            filled.refuse("unit", page.text("Choose one of the answers"))
        except ImprovementError as error:
            refuse(page, filled, error)
        else:
            said = "sent" if page.portal.settings.smtp_url.get_secret_value() else "mail-waits"
            return page.redirect(_LIST, say=said)
    return _ask_guest(page, filled)


@AREA.post("/subscriptions/{subscription}/end", MAY_READ)
def end_subscription(page: Here, subscription: str) -> Response:
    """End one's own, or somebody's without an account."""
    try:
        desk_of(page).end_subscription(who_of(page), subscription)
    except (NotThereError, NotAllowedError):
        page.need(None)
    return page.redirect(_LIST, say="removed")


def _show(page: Page, form: Filled[Any]) -> Response:
    desk, who = desk_of(page), who_of(page)

    def lines(found: list[Subscription]) -> list[tuple[Subscription, str, str]]:
        kinds, units = dict(choices(page, KINDS)), unit_names(page)
        return [(each, kinds[each.kind], units.get(each.unit, each.unit)) for each in found]

    return page.render(
        "improvement/subscriptions.html",
        422 if form.errors else 200,
        form=form,
        own=lines(desk.my_subscriptions(who)),
        others=lines(desk.others_subscriptions(who)),
        spoken=list(NAMES.items()),
        kinds=choices(page, {kind: KINDS[kind] for kind in SENT_KINDS}),
        units=unit_choices(page, who),
        may_decide=bool(page.actor.roles & DECIDERS),
    )


def _ask_guest(page: Page, form: Filled[Any]) -> Response:
    return page.render(
        "improvement/invite.html",
        422 if form.errors else 200,
        form=form,
        spoken=list(NAMES.items()),
        kinds=choices(page, {kind: KINDS[kind] for kind in OPEN_KINDS}),
        units=unit_choices(page, who_of(page)),
    )
