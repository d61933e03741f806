"""Pages on which citizens answer: by public link, and by the code on a poster."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from portal.comments.kinds import named
from portal.surveys.answer_pages import closed
from portal.surveys.answering import begin, go_on, posted_state
from portal.surveys.asked_at import asked_at
from portal.surveys.editions import Edition, find
from portal.surveys.places_asked import places_in_use
from portal.web.errors import not_found
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREA: Final = Area("answers")


@AREA.get("/s/{code}", ANYONE)
def open_link(page: Here, code: str) -> Response:
    """A survey by its public link."""
    edition = _edition(page, code, "web")
    if not edition.is_open:
        return closed(page, edition)
    return begin(page, edition, "web", edition.touchpoint)


@AREA.post("/s/{code}", ANYONE)
def answer_link(page: Here, code: str) -> Response:
    """A step of it."""
    state = posted_state(page)
    if (state.survey, state.channel) != (code, "web"):
        raise not_found()
    return go_on(page, state, f"/s/{code}/thanks")


@AREA.get("/s/{code}/thanks", ANYONE)
def thanks(page: Here, code: str, masked: str = "", again: str = "", at: str = "") -> Response:
    """What stands behind the last step."""
    edition = page.need(find(page.portal, code, page.portal.clock()))
    return page.render(
        "surveys/answer_thanks.html",
        words=page.language.of(edition.survey.thanks),
        masked=named(masked),
        is_again=again == "yes",
        anew=_anew(page, edition, at) if again == "yes" else "",
    )


@AREA.get("/q/{touchpoint}", ANYONE)
def open_place(page: Here, touchpoint: str) -> Response:
    """What is asked at a place, by the code on its poster."""
    _check_place(page, touchpoint)
    editions = asked_at(page, touchpoint, "qr")
    if len(editions) == 1:
        return begin(page, editions[0], "qr", touchpoint)
    if not editions:
        return closed(page)
    return page.render("surveys/answer_choose.html", editions=editions, touchpoint=touchpoint)


@AREA.post("/q/{touchpoint}", ANYONE)
def answer_place(page: Here, touchpoint: str) -> Response:
    """A step of it."""
    return _go_on_at(page, touchpoint)


@AREA.get("/q/{touchpoint}/{code}", ANYONE)
def open_place_survey(page: Here, touchpoint: str, code: str) -> Response:
    """A survey at a place."""
    _check_place(page, touchpoint)
    edition = _edition(page, code, "qr")
    if not edition.is_open:
        return closed(page, edition)
    return begin(page, edition, "qr", touchpoint)


@AREA.post("/q/{touchpoint}/{code}", ANYONE)
def answer_place_survey(page: Here, touchpoint: str, code: str) -> Response:
    """A step of it."""
    return _go_on_at(page, touchpoint, code)


def _edition(page: Page, code: str, channel: str) -> Edition:
    edition = find(page.portal, code, page.portal.clock())
    if edition is None or channel not in edition.channels:
        raise not_found()
    return edition


def _anew(page: Page, edition: Edition, at: str) -> str:
    """Where the next person at the same computer begins; empty: nowhere."""
    code, ways = edition.survey.code, edition.channels
    if not edition.is_open:
        return ""
    if "qr" in ways and at in places_in_use(page):
        return f"/q/{at}/{code}"
    return f"/s/{code}" if "web" in ways else ""


def _check_place(page: Page, touchpoint: str) -> None:
    """That there is such a place, and it is in use.

    Raises:
        Stop: (404) it isn't.
    """
    if touchpoint not in places_in_use(page):
        raise not_found()


def _go_on_at(page: Page, touchpoint: str, code: str | None = None) -> Response:
    state = posted_state(page)
    if (state.touchpoint, state.channel) != (touchpoint, "qr") or code not in {None, state.survey}:
        raise not_found()
    return go_on(page, state, f"/s/{state.survey}/thanks")
