"""What the pages of the inbox show."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from portal.comments.asked import channel_of, survey_and_question
from portal.comments.forms import SearchForm
from portal.comments.forwarding import unit_names, units_with_mail
from portal.comments.inbox import Search, Shown, search, show, surveys_of, words_of
from portal.comments.kinds import named
from portal.comments.own_themes import all_themes
from portal.comments.places import place_names
from portal.comments.themes import ThemeWords, suggest
from portal.store.tables import new_id
from portal.web.forms import Filled, blank
from portal.web.page import Page


def inbox_page(page: Page, filled: Filled[SearchForm], number: int) -> Response:
    """A page of comments, with what to search by."""
    wanted = filled.model.meant() if filled.model is not None else Search()
    database = page.portal.database
    found = search(database, wanted, number)
    themes, places = all_themes(database), place_names(page.portal.feedback)
    asked = {name: filled.value(name) for name in SearchForm.model_fields if filled.value(name)}
    return page.render(
        "comments/inbox.html",
        200 if filled.model is not None else 422,
        form=filled,
        found=found,
        number=number,
        themes={code: page.language.of(theme.names) for code, theme in themes.items()},
        doing=blank(),
        gives=_gives(page, themes),
        places=places,
        surveys=[("", page.text("All")), *((code, code) for code in surveys_of(database))],
        months=page.portal.settings.comment_months,
        more=page.url("/staff/comments") + "?" + urlencode({**asked, "number": "{n}"}, safe="{}"),
    )


def one_page(
    page: Page,
    comment: str,
    forwarding: Filled[Any] | None = None,
    erasing: Filled[Any] | None = None,
) -> Response:
    """One comment, with what can be done about it; 422 with what was wrong in a form."""
    database = page.portal.database
    shown: Shown = page.need(show(database, comment))
    themes = all_themes(database)
    form = forwarding or erasing or blank()
    survey, question = survey_and_question(page, shown.row)
    return page.render(
        "comments/one.html",
        422 if form.errors else 200,
        form=form,
        comment=shown,
        place=place_names(page.portal.feedback).get(shown.row.touchpoint, shown.row.touchpoint),
        survey=survey,
        question=question,
        channel=channel_of(page, shown.row),
        nonce=form.value("nonce") or new_id(),
        has_mail=bool(page.portal.settings.smtp_url.get_secret_value()),
        masked=[page.text(name) for name in named(shown.row.masked)],
        about=blank(themes=list(shown.themes)),
        choices=_theme_choices(page, shown, themes),
        units=units_with_mail(database, page),
        unit_names=unit_names(database, page),
    )


def choose_page(page: Page, comment: str, form: Filled[Any]) -> Response:
    """The words of a comment, each to be ticked."""
    shown: Shown = page.need(show(page.portal.database, comment))
    words = words_of(shown.row.text)
    code = 422 if form.errors else 200
    return page.render("comments/mask.html", code, form=form, comment=shown, words=words)


def _theme_choices(
    page: Page, shown: Shown, themes: dict[str, ThemeWords]
) -> list[tuple[str, str, str]]:
    """Themes to choose from: suggested ones first, with the words that suggest them."""
    reasons = {one.code: one.words for one in suggest(shown.row.text, themes.values())}
    offered = [code for code, theme in themes.items() if not theme.is_retired]
    known = {*offered, *shown.themes}
    order = [*reasons, *(code for code in themes if code in known and code not in reasons)]
    return [
        (code, page.language.of(themes[code].names), _because(page, reasons.get(code, ())))
        for code in order
    ]


def _because(page: Page, words: tuple[str, ...]) -> str:
    if not words:
        return ""
    return page.language.text("Suggested because of: {words}", words=", ".join(words[:5]))


def _gives(page: Page, themes: dict[str, ThemeWords]) -> list[tuple[str, str]]:
    """Themes that may be given to several comments at once."""
    return [
        (f"theme:{code}", page.text("Give the theme: {name}", name=page.language.of(theme.names)))
        for code, theme in themes.items()
        if not theme.is_retired
    ]
