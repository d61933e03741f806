"""Surveys as staff see them: the list, new ones (empty, ready-made, imported), and each by itself.

The other pages of the builder stand in modules of their own, which are imported here, so that
``AREA`` has all of their routes. Fixed addresses come first: ``/new`` is no survey.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from broker.fleet.surveys import Survey, list_surveys
from portal.surveys.build_area import (
    AREA,
    BASE,
    EDITORS,
    READERS,
    RESERVED,
    shown_page,
)
from portal.surveys.checks import missing_in
from portal.surveys.draft import LANGUAGES, Draft, Leaf, code_from, first_free
from portal.surveys.drafts import DraftError, Kept, create_draft, find_draft, list_drafts
from portal.surveys.editing import new_item
from portal.surveys.editions import Edition, find
from portal.surveys.freezing import thaw
from portal.surveys.importing import ImportedError, read_import
from portal.surveys.places_asked import places_in_use
from portal.surveys.publishing import find_window, list_windows
from portal.surveys.question_form import Fields
from portal.surveys.readymade import READY, ready_draft
from portal.surveys.results import count_answers
from portal.web.errors import not_found
from portal.web.forms import Form, blank
from portal.web.notices import NOTICES
from portal.web.page import Page
from portal.web.routes import Here

__all__ = ["AREA"]

MAX_IMPORT: Final = 1_000_000
"""Bytes of a file that is read; sixty questions in ten languages have 200,000."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NOTICES.update(
    {
        "survey-full": _("A survey has at most 60 questions. Remove one first."),
        "question-removed": _("The question was removed. It can be put back below."),
        "tick-first": _("Nothing was done: tick the box first if you are sure."),
        "survey-published": _("The survey is published. It opens on its first day."),
        "survey-open": _("The survey is published and takes answers."),
        "survey-closed": _("The survey is closed: it takes no more answers."),
        "survey-reopened": _("The survey takes answers again."),
        "draft-made": _("This is your draft. Nobody else sees it until you publish it."),
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """A survey as the list shows it."""

    code: str
    title: str
    kept: Kept | None
    edition: Edition | None
    version: int


@AREA.get("", READERS)
def show_all(page: Here) -> Response:
    """All surveys: drafts, and what was published."""
    return shown_page(page, "build_list.html", known=_all_known(page))


@AREA.get("/new", EDITORS)
def ask_new(page: Here) -> Response:
    """How a new survey is called."""
    return shown_page(page, "build_new.html", form=blank())


@AREA.post("/new", EDITORS)
def take_new(page: Here) -> Response:
    """Make a draft with one question, a rating: what most surveys begin with."""
    fields = Fields(page.posted, page.text)
    title = fields.texts("title", LANGUAGES)
    if not title.get("bg"):
        fields.refuse("title_bg", _("Write how the survey is called"))
    typed = fields.filled.value("code").strip()
    code = (
        fields.code("code", "", set())
        if typed
        else _free_code(page, code_from(title.get("bg", ""), "survey"))
    )
    if typed and (code in RESERVED or _is_taken(page, code)):
        fields.refuse("code", _("Another survey has this code"))
    if fields.filled.errors:
        return shown_page(page, "build_new.html", 422, form=fields.filled)
    empty = Draft(code=code, title=title)
    draft = empty.model_copy(update={"pages": (Leaf(items=(new_item(empty, "faces-5"),)),)})
    return _made(page, draft)


@AREA.get("/ready", EDITORS)
def show_ready(page: Here) -> Response:
    """The ready-made surveys."""
    return shown_page(page, "build_ready.html", ready=[ready_draft(name) for name in READY])


@AREA.post("/ready/{name}", EDITORS)
def use_ready(page: Here, name: str) -> Response:
    """Make a draft of a ready-made one."""
    if name not in READY:
        raise not_found()
    draft = ready_draft(name)
    return _made(page, draft.model_copy(update={"code": _free_code(page, draft.code)}))


@AREA.get("/import", EDITORS)
def ask_import(page: Here) -> Response:
    """A file from another program, or of our own."""
    return shown_page(page, "build_import.html", form=blank())


@AREA.post("/import", EDITORS, takes_files=True)
def take_import(page: Here) -> Response:
    """Make a draft of it; what could not be carried stands in the draft's notes."""
    filled = page.fill(Form)
    chosen = filled.files.get("file", [])
    content = chosen[0].file.read(MAX_IMPORT + 1) if chosen else b""
    text = filled.value("text")
    try:
        draft = read_import(content or text.encode(), MAX_IMPORT)
    except ImportedError as error:
        name = "file" if content else "text"
        filled.refuse(name, page.text(error.message, **error.values))
        return shown_page(page, "build_import.html", 422, form=filled)
    return _made(page, draft.model_copy(update={"code": _free_code(page, draft.code)}))


@AREA.get("/{code}", READERS)
def show_one(page: Here, code: str) -> Response:
    """A survey: where it stands, what can be done."""
    known = page.need(_known(page, code))
    answers = count_answers(page.portal.feedback, page.portal.settings.site, code)
    there = places_in_use(page).get(known.edition.touchpoint) if known.edition else None
    return shown_page(
        page,
        "build_survey.html",
        known=known,
        window=find_window(page.portal.database, code),
        versions=[each for each in list_surveys(page.portal.feedback) if each.survey.code == code],
        answers=answers,
        place=there.name if there else known.edition and known.edition.touchpoint,
        missing=missing_in(known.kept.draft) if known.kept else {},
    )


@AREA.post("/{code}/draft", EDITORS)
def make_next(page: Here, code: str) -> Response:
    """Make a draft of the newest published version."""
    found = page.need(_known(page, code))
    if found.kept is not None or not found.version:
        return page.redirect(f"{BASE}/{code}/draft")
    survey = next(
        each.survey
        for each in reversed(list_surveys(page.portal.feedback))
        if each.survey.code == code
    )
    return _made(page, thaw(survey))


def _made(page: Page, draft: Draft) -> Response:
    try:
        create_draft(page.portal.database, page.actor, draft, page.portal.clock())
    except DraftError:  # somebody was quicker, or a button was pressed twice
        return page.redirect(f"{BASE}/{draft.code}/draft")
    return page.redirect(f"{BASE}/{draft.code}/draft", say="draft-made")


def _all_known(page: Page) -> list[Known]:
    """Drafts first, then what is open, then the rest."""
    newest = {each.survey.code: each.survey for each in list_surveys(page.portal.feedback)}
    kept = {each.draft.code: each for each in list_drafts(page.portal.database)}
    windows = list_windows(page.portal.database)
    codes = sorted({*newest, *kept, *windows})
    found = [_one_known(page, code, newest.get(code), kept.get(code)) for code in codes]
    return sorted(found, key=lambda each: each.edition is None or not each.edition.is_open)


def _known(page: Page, code: str) -> Known | None:
    kept = find_draft(page.portal.database, code)
    newest = {each.survey.code: each.survey for each in list_surveys(page.portal.feedback)}
    if kept is None and code not in newest:
        return None
    return _one_known(page, code, newest.get(code), kept)


def _one_known(page: Page, code: str, survey: Survey | None, kept: Kept | None) -> Known:
    texts: Any = kept.draft.title if kept is not None else survey.title if survey else {}
    if not any(texts.values()) and survey is not None:
        texts = survey.questions[0].texts
    return Known(
        code,
        page.language.of(texts) or code,
        kept,
        find(page.portal, code, page.portal.clock()),
        survey.version if survey is not None else 0,
    )


def _is_taken(page: Page, code: str) -> bool:
    return _known(page, code) is not None


def _free_code(page: Page, stem: str) -> str:
    taken = {each.code for each in _all_known(page)} | RESERVED
    return first_free(stem, set(taken))


from portal.surveys import views_draft, views_item, views_publish, views_results  # noqa: E402, F401  # their routes
