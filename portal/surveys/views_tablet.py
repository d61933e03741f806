"""The tablet on a stand: its page, what its script asks for, and what it delivers.

Nobody is signed in here, and the script's requests carry no form token: a tablet is known by a
cookie that only its own pages send (``SameSite=Strict``), in requests that no form can make (JSON).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

from fastapi import Body
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from broker.store.errors import StoreError
from portal.surveys.answer_tables import Tablet
from portal.surveys.asked_at import asked_at
from portal.surveys.asking import questionnaire
from portal.surveys.places_asked import places_in_use
from portal.surveys.tablet_answers import Delivered, take_delivered
from portal.surveys.tablet_survey import document
from portal.surveys.tablets import LATE, find_tablet, note_seen, pair
from portal.web import assets
from portal.web.errors import not_found
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREA: Final = Area("tablet", "/tablet")

_KEEP_S: Final = 400 * 24 * 3600
"""As long as browsers keep a cookie at most; each delivery begins it anew."""
_WORKER: Final = Path(__file__).parents[1] / "web" / "static" / "tablet-worker.js"

Posted: TypeAlias = Annotated[Any, Body()]
"""Any JSON; what it should be is looked at in the view, which can say so in JSON."""


@AREA.get("/worker.js", ANYONE)
def worker(page: Here) -> Response:
    """The service worker; it stands here because it may only serve what stands below it."""
    answer = page.send(_WORKER.read_bytes(), "text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@AREA.get("/{touchpoint}", ANYONE)
def show(page: Here, touchpoint: str) -> Response:
    """The page that stays open on the stand."""
    tablet, place = _tablet(page, touchpoint), places_in_use(page).get(touchpoint)
    if place is None:
        raise not_found()
    if tablet is None:
        has_cookie = bool(_secret(page, touchpoint))
        context: dict[str, object] = {"touchpoint": touchpoint, "may_wait": has_cookie}
        return page.render("surveys/tablet_unpaired.html", 403, **context)
    return page.render("surveys/tablet.html", touchpoint=touchpoint)


@AREA.get("/{touchpoint}/survey", ANYONE)
def survey(page: Here, touchpoint: str) -> Response:
    """What is asked there today, for the script."""
    if _tablet(page, touchpoint) is None:
        return _refused("not-paired", 403)
    editions = asked_at(page, touchpoint, "tablet")
    asked = None
    if editions:
        found = editions[0].survey
        asked = questionnaire(page.portal.feedback, found.code, found.version)
    answer = JSONResponse(document(page, asked, touchpoint))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@AREA.post("/{touchpoint}/answers", ANYONE, needs_token=False)
def deliver(page: Here, touchpoint: str, sent: Posted = None) -> Response:
    """Take answers; says which of them are safe here, so that the tablet can forget them."""
    if not page.request.headers.get("content-type", "").startswith("application/json"):
        return _refused("not-json", 415)
    tablet = _tablet(page, touchpoint, ended_after=page.portal.clock() - LATE)
    if tablet is None:
        return _refused("not-paired", 403)
    try:
        delivered = Delivered.model_validate(sent)
    except ValidationError:
        return _refused("not-as-agreed", 422)
    if tablet.ended_at is not None:
        delivered = delivered.before(tablet.ended_at, page.portal.clock())
    try:
        taken = take_delivered(page, tablet, delivered)
        note_seen(page.portal.database, tablet.id, delivered.waiting, page.portal.clock())
    except StoreError:
        return _refused("try-later", 503)
    told = {"masked": taken.masked} if taken.masked else {}
    answer = JSONResponse({"safe": taken.safe, **told})
    return _give_cookie(page, answer, touchpoint, _secret(page, touchpoint))


@AREA.get("/{touchpoint}/manifest.json", ANYONE)
def manifest(page: Here, touchpoint: str) -> Response:
    """What makes a page that can be put on a tablet's first screen, without a browser around it."""
    look = page.portal.settings.look
    return JSONResponse(
        {
            "name": "Otziv",
            "start_url": f"/tablet/{touchpoint}",
            "scope": "/tablet/",
            "display": "fullscreen",
            "icons": [
                {"src": assets.address("icon.svg", look), "sizes": "any", "type": "image/svg+xml"}
            ],
        },
        media_type="application/manifest+json",
    )


@AREA.get("/{touchpoint}/pair/{pairing}", ANYONE)
def ask_to_pair(page: Here, touchpoint: str, pairing: str) -> Response:
    """What the pairing link opens: a button, since programs open links, too, to look at them."""
    return page.render("surveys/tablet_pair.html", touchpoint=touchpoint, pairing=pairing)


@AREA.post("/{touchpoint}/pair/{pairing}", ANYONE)
def pair_here(page: Here, touchpoint: str, pairing: str) -> Response:
    """Pair this browser."""
    secret = pair(page.portal, touchpoint, pairing)
    if secret is None:
        return page.render("surveys/tablet_pair.html", 410, touchpoint=touchpoint, pairing="")
    return _give_cookie(page, page.redirect(f"/tablet/{touchpoint}"), touchpoint, secret)


def _tablet(page: Page, touchpoint: str, *, ended_after: datetime | None = None) -> Tablet | None:
    """The tablet that asks, if it is one of that place."""
    secret, portal = _secret(page, touchpoint), page.portal
    if not secret:
        return None
    found = find_tablet(portal.database, portal.keys, secret, ended_after=ended_after)
    return found if found is not None and found.touchpoint == touchpoint else None


def _secret(page: Page, touchpoint: str) -> str:
    """What the browser keeps as the tablet of that place; empty: nothing."""
    cookies = page.request.cookies
    return cookies.get(_cookie(page, touchpoint)) or cookies.get(_cookie(page), "")


def _cookie(page: Page, touchpoint: str = "") -> str:
    """The name of a place's cookie: a browser that moves on can still deliver for the last place.

    Without a place: of those that were paired when all had one name.
    """
    first = "__Host-otziv-tablet" if page.portal.settings.is_secure else "otziv-tablet"
    return f"{first}-{touchpoint}" if touchpoint else first


def _give_cookie(page: Page, answer: Response, touchpoint: str, secret: str) -> Response:
    answer.set_cookie(
        _cookie(page, touchpoint),
        secret,
        max_age=_KEEP_S,
        path="/",
        secure=page.portal.settings.is_secure,
        httponly=True,
        samesite="strict",
    )
    return answer


def _refused(reason: str, code: int) -> Response:
    return JSONResponse({"error": reason}, code)
