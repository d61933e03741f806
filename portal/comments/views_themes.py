"""The themes that editors choose from."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from portal.comments.forms import NewThemeForm, ThemeForm
from portal.comments.own_themes import all_themes, put_theme
from portal.comments.themes import ThemeWords
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("comments", "/staff/themes")
EDITORS: Final = staff("editor")


@AREA.get("", EDITORS)
def themes(page: Here) -> Response:
    """All of them."""
    found = list(all_themes(page.portal.database).values())
    return page.render("comments/themes.html", themes=found)


@AREA.get("/new", EDITORS)
def ask_new(page: Here) -> Response:
    """What a new one is called."""
    return _ask(page, blank(), None)


@AREA.post("/new", EDITORS)
def add(page: Here) -> Response:
    """Add it."""
    filled = page.fill(NewThemeForm)
    form = filled.model
    if form is not None and form.code in all_themes(page.portal.database):
        filled.refuse("code", page.text("There is a theme with this code; choose another"))
    if form is None or filled.errors:
        return _ask(page, filled, None)
    put_theme(page.portal.database, _theme(form.code, form), page.actor)
    return page.redirect("/staff/themes", say="saved")


@AREA.get("/{code}", EDITORS)
def ask(page: Here, code: str) -> Response:
    """What one is called, and what suggests it."""
    theme = page.need(all_themes(page.portal.database).get(code))
    form = blank(
        name_bg=theme.names["bg"],
        name_en=theme.names["en"],
        stems=" ".join(theme.stems),
        retired="yes" if theme.is_retired else None,
    )
    return _ask(page, form, theme)


@AREA.post("/{code}", EDITORS)
def change(page: Here, code: str) -> Response:
    """Change it."""
    theme = page.need(all_themes(page.portal.database).get(code))
    filled = page.fill(ThemeForm)
    if filled.model is None:
        return _ask(page, filled, theme)
    put_theme(page.portal.database, _theme(code, filled.model), page.actor)
    return page.redirect("/staff/themes", say="saved")


def _ask(page: Page, form: Filled[Any], theme: ThemeWords | None) -> Response:
    code = 422 if form.errors else 200
    return page.render("comments/theme.html", code, form=form, theme=theme)


def _theme(code: str, form: ThemeForm) -> ThemeWords:
    stems = tuple(dict.fromkeys(form.stems.casefold().replace(",", " ").split()))
    names = {"bg": form.name_bg, "en": form.name_en}
    return ThemeWords(code, names, stems, is_retired=bool(form.retired))
