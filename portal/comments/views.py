"""The editors' inbox of comments."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import Query
from starlette.datastructures import FormData
from starlette.responses import Response

from portal.comments.forms import (
    EraseForm,
    ForwardForm,
    ManyForm,
    MaskForm,
    SearchForm,
    ThemesForm,
)
from portal.comments.forwarding import ForwardError, forward
from portal.comments.inbox import (
    add_theme,
    erase,
    mark_read,
    mask_words,
    next_unread,
    set_themes,
    show,
)
from portal.comments.own_themes import all_themes
from portal.comments.pages import choose_page, inbox_page, one_page
from portal.comments.tallies import tell_soon
from portal.web.forms import blank, fill
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("comments", "/staff/comments")
EDITORS: Final = staff("editor")

PageNumber: TypeAlias = Annotated[int, Query(ge=1, le=100_000)]
"""No database has more pages, and none takes any number."""


@AREA.get("", EDITORS)
def inbox(page: Here, number: PageNumber = 1) -> Response:
    """Comments, unread ones first."""
    asked = FormData(dict(page.request.query_params))
    return inbox_page(page, fill(SearchForm, asked, page.language), number)


@AREA.post("", EDITORS)
def many(page: Here) -> Response:
    """Read several, or give them a theme."""
    form = page.fill(ManyForm).model
    if form is None or not form.comments:
        return page.redirect("/staff/comments", say="nothing-chosen")
    database, now = page.portal.database, page.portal.clock()
    theme = form.do.removeprefix("theme:")
    if theme in all_themes(database):
        add_theme(database, form.comments, theme, now)
        tell_soon(page.portal)
    else:
        mark_read(database, form.comments, now)
    return page.redirect("/staff/comments", say="saved")


@AREA.get("/{comment}", EDITORS)
def one(page: Here, comment: str) -> Response:
    """One comment."""
    return one_page(page, comment)


@AREA.post("/{comment}/themes", EDITORS)
def give_themes(page: Here, comment: str) -> Response:
    """Say what it is about; it is read then."""
    form = page.need(page.fill(ThemesForm).model)
    known = all_themes(page.portal.database)
    themes = [theme for theme in form.themes if theme in known]
    database = page.portal.database
    page.need(set_themes(database, comment, themes, page.portal.clock()) or None)
    tell_soon(page.portal)
    then = next_unread(database, comment) if form.go_on else comment
    return page.redirect(f"/staff/comments/{then}" if then else "/staff/comments", say="saved")


@AREA.get("/{comment}/mask", EDITORS)
def choose_words(page: Here, comment: str) -> Response:
    """Its words, to choose from."""
    return choose_page(page, comment, blank())


@AREA.post("/{comment}/mask", EDITORS)
def mask(page: Here, comment: str) -> Response:
    """Mask them."""
    filled = page.fill(MaskForm)
    if filled.model is None:
        filled.errors = {"words": page.text("Choose at least one word")}
        return choose_page(page, comment, filled)
    form = filled.model
    seen = form.seen.split()
    if not mask_words(page.portal.database, comment, set(form.words), seen, page.actor):
        filled.refuse("words", page.text("The comment was changed in the meantime; choose again"))
        return choose_page(page, comment, filled)
    return page.redirect(f"/staff/comments/{comment}", say="saved")


@AREA.post("/{comment}/forward", EDITORS)
def send_on(page: Here, comment: str) -> Response:
    """Send it to a unit by mail."""
    shown = page.need(show(page.portal.database, comment))
    filled = page.fill(ForwardForm)
    if filled.model is not None:
        try:
            forward(page, shown.row, filled.model)
        except ForwardError as error:
            filled.refuse("unit", page.text(str(error)))
    if filled.model is None:
        return one_page(page, comment, forwarding=filled)
    has_mail = page.portal.settings.smtp_url.get_secret_value()
    return page.redirect(f"/staff/comments/{comment}", say="sent" if has_mail else "mail-waits")


@AREA.post("/{comment}/erase", EDITORS)
def erase_it(page: Here, comment: str) -> Response:
    """Erase it for good."""
    filled = page.fill(EraseForm)
    if filled.model is None:
        filled.errors = {"is_sure": page.text("Confirm that it is to be erased")}
        return one_page(page, comment, erasing=filled)
    page.need(erase(page.portal.database, comment, page.actor) or None)
    return page.redirect("/staff/comments", say="removed")
