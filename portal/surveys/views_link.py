"""Answering by a one-time link."""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.responses import Response

from portal.surveys.answer_pages import closed
from portal.surveys.answer_tables import OneTimeLink
from portal.surveys.answering import begin, go_on, posted_state
from portal.surveys.editions import find
from portal.surveys.links import find_link, nonce_of, spend
from portal.web.errors import not_found
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREA: Final = Area("one-time-answers", "/a")


@AREA.get("/{secret}", ANYONE)
def open_link(page: Here, secret: str) -> Response:
    """The form that the link is for, unless it was used."""
    link = _link(page, secret)
    if link.spent_on is not None:
        return page.render("surveys/answer_spent.html", 410)
    edition = find(page.portal, link.survey, page.portal.clock())
    is_over = link.expires_on <= _today(page)
    if edition is None or not edition.is_open or link.channel not in edition.channels or is_over:
        return closed(page, edition)
    nonce = nonce_of(page.portal.keys, secret)
    return _unseen(begin(page, edition, link.channel, link.touchpoint, nonce))


@AREA.post("/{secret}", ANYONE)
def answer_link(page: Here, secret: str) -> Response:
    """A step of it; the last one spends the link, once the answer is stored."""
    link, state = _link(page, secret), posted_state(page)
    if state.nonce != nonce_of(page.portal.keys, secret):
        raise not_found()
    thanks = f"/s/{link.survey}/thanks"
    answer = go_on(page, state, thanks)
    if answer.headers.get("location", "").startswith(page.url(thanks)):
        spend(page.portal.database, page.portal.keys, secret, _today(page))
    return _unseen(answer)


def _link(page: Page, secret: str) -> OneTimeLink:
    found: OneTimeLink = page.need(find_link(page.portal.database, page.portal.keys, secret))
    return found


def _today(page: Page) -> date:
    return page.portal.clock().astimezone(page.language.zone).date()


def _unseen(answer: Response) -> Response:
    """Let no cache keep it: the address is a secret, and the form is one person's."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
