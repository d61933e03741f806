"""The page on which staff pair tablets, and end them."""

from __future__ import annotations

import base64
from typing import Any, Final

from starlette.responses import Response

from portal.surveys.places_asked import places_in_use
from portal.surveys.printing import code_as_svg
from portal.surveys.tablets import end_tablet, list_tablets, new_tablet, pair_again
from portal.surveys.unreadable import count_unreadable, read_unreadable
from portal.web.forms import Filled, Form, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("tablets", "/staff/tablets")
ADMINISTRATORS: Final = staff("administrator", "editor")


class TabletForm(Form):
    """A new tablet."""

    touchpoint: str


@AREA.get("", ADMINISTRATORS)
def show(page: Here) -> Response:
    """All tablets, and a new one."""
    return _show(page, blank())


@AREA.post("", ADMINISTRATORS)
def add(page: Here) -> Response:
    """Make one; the page shows the link that pairs it, once."""
    filled = page.fill(TabletForm)
    form = filled.model
    if form is not None and form.touchpoint not in places_in_use(page):
        filled.refuse("touchpoint", page.text("Choose one of the answers"))
    if form is None or filled.errors:
        return _show(page, filled, 422)
    _, pairing = new_tablet(page.portal, page.actor, form.touchpoint)
    return _show_link(page, form.touchpoint, pairing)


@AREA.get("/unreadable", ADMINISTRATORS)
def show_unreadable(page: Here) -> Response:
    """What tablets delivered and nobody can read, as it came: somebody may make sense of it."""
    found = read_unreadable(page.portal.database, page.portal.keys, page.actor)
    return page.render("surveys/tablets_unreadable.html", answers=found)


@AREA.post("/{tablet}/pair", ADMINISTRATORS)
def again(page: Here, tablet: str) -> Response:
    """Pair it anew."""
    found = next((each for each in list_tablets(page.portal.database) if each.id == tablet), None)
    known = page.need(found)
    pairing = page.need(pair_again(page.portal, page.actor, tablet))
    return _show_link(page, known.touchpoint, pairing)


@AREA.post("/{tablet}/end", ADMINISTRATORS)
def end(page: Here, tablet: str) -> Response:
    """Ask nothing more on it."""
    is_lost, now = page.posted.get("is_lost") == "yes", page.portal.clock()
    if not end_tablet(page.portal.database, page.actor, tablet, now, is_lost=is_lost):
        page.need(None)
    return page.redirect("/staff/tablets", say="removed")


def _show(page: Page, form: Filled[Any], code: int = 200) -> Response:
    places = places_in_use(page)
    tablets = list_tablets(page.portal.database)
    return page.render(
        "surveys/tablets.html",
        code,
        form=form,
        unreadable=count_unreadable(page.portal.database),
        places=[(each, place.name) for each, place in places.items()],
        tablets=[
            (each, places[each.touchpoint].name if each.touchpoint in places else each.touchpoint)
            for each in tablets
        ],
    )


def _show_link(page: Page, touchpoint: str, pairing: str) -> Response:
    # Tablets have pages in one language: they change it by themselves.
    path = f"/tablet/{touchpoint}/pair/{pairing}"
    address = f"{page.portal.settings.public_url}{path}"
    drawn = base64.b64encode(code_as_svg(address)).decode()
    return page.render("surveys/tablet_link.html", address=address, drawn=drawn)
