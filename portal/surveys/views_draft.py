"""The builder: a draft with its pages and questions, moved, copied, removed and put back."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from portal.surveys.build_area import (
    AREA,
    BASE,
    EDITORS,
    READERS,
    item_of,
    kept_draft,
    points_of,
    revision_of,
    shown_page,
)
from portal.surveys.check_list import all_remarks
from portal.surveys.checks import check, missing_in
from portal.surveys.draft import LANGUAGES, SORTS, Draft, Sort
from portal.surveys.drafts import ChangedMeanwhileError, change_draft, discard_draft
from portal.surveys.editing import (
    Edit,
    add_item,
    add_page,
    copy_item,
    move_item,
    move_page,
    name_page,
    new_item,
    put_back,
    remove_item,
    remove_page,
)
from portal.surveys.question_form import Fields, in_fields
from portal.web.errors import not_found
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here

OFFERED_LANGUAGES: Final = ("bg", "en", "tr", "de", "ru", "uk", "el", "ro", "fr")
"""In which a survey may be written: the state's, the neighbours' and the guests'."""


@AREA.get("/{code}/draft", READERS)
def show(page: Here, code: str) -> Response:
    """The draft with all that can be done to it."""
    return _draft_page(page, code)


def _draft_page(page: Page, code: str, status: int = 200, refused: str = "") -> Response:
    kept = kept_draft(page, code)
    remarks = check(kept.draft)
    return shown_page(
        page,
        "build_draft.html",
        status,
        form=Filled(errors={"": page.text(refused)} if refused else {}),
        kept=kept,
        draft=kept.draft,
        sorts=SORTS,
        faults=[remark for remark in remarks if remark.weight == "fault"],
        missing=missing_in(kept.draft),
        wrong={remark.item for remark in remarks if remark.weight == "fault"},
    )


@AREA.post("/{code}/draft/add", EDITORS)
def add(page: Here, code: str) -> Response:
    """Add a question to a page, and go on writing it."""
    fields = Fields(page.posted, page.text)
    sort: Sort = next((each for each in SORTS if each == fields.filled.value("sort")), "faces-5")
    place = _number(fields, "page")
    before = kept_draft(page, code).draft
    changed = _edit(
        page, code, lambda draft: add_item(draft, place, new_item(draft, sort)), "question-added"
    )
    new = [item.code for item in changed.items if before.find(item.code) is None]
    if not new:
        return page.redirect(f"{BASE}/{code}/draft", say="survey-full")
    return page.redirect(f"{BASE}/{code}/draft/questions/{new[-1]}")


@AREA.post("/{code}/draft/questions/{item}/do", EDITORS)
def do(page: Here, code: str, item: str) -> Response:
    """Move, copy or remove a question."""
    deed = Fields(page.posted, page.text).filled.value("do")
    item_of(kept_draft(page, code).draft, item)
    deeds: dict[str, tuple[Edit, str]] = {
        "up": (lambda draft: move_item(draft, item, "up"), "question-moved"),
        "down": (lambda draft: move_item(draft, item, "down"), "question-moved"),
        "copy": (lambda draft: copy_item(draft, item), "question-copied"),
        "remove": (lambda draft: remove_item(draft, item), "question-removed"),
    }
    edit, what = page.need(deeds.get(deed))
    _edit(page, code, edit, what)
    if deed == "remove":
        return page.redirect(f"{BASE}/{code}/draft", say="question-removed")
    return page.redirect(f"{BASE}/{code}/draft#item-{item}")


@AREA.post("/{code}/draft/bin/{item}", EDITORS)
def restore(page: Here, code: str, item: str) -> Response:
    """Put a removed question back."""
    _edit(page, code, lambda draft: put_back(draft, item), "question-put-back")
    return page.redirect(f"{BASE}/{code}/draft#item-{item}")


@AREA.post("/{code}/draft/pages", EDITORS)
def add_one_page(page: Here, code: str) -> Response:
    """Add a page at the end."""
    changed = _edit(page, code, add_page, "page-added")
    return page.redirect(f"{BASE}/{code}/draft#page-{len(changed.pages)}")


@AREA.get("/{code}/draft/pages/{number}", EDITORS)
def ask_page(page: Here, code: str, number: int) -> Response:
    """The title of a page."""
    kept = kept_draft(page, code)
    _check_page(kept.draft, number)
    title = kept.draft.pages[number - 1].title
    form = blank(**in_fields("title", title, kept.draft.languages))
    return shown_page(page, "build_page.html", kept=kept, number=number, form=form)


@AREA.post("/{code}/draft/pages/{number}", EDITORS)
def take_page(page: Here, code: str, number: int) -> Response:
    """Change it."""
    draft = kept_draft(page, code).draft
    _check_page(draft, number)
    fields = Fields(page.posted, page.text)
    title = fields.texts("title", draft.languages)
    try:
        _edit_seen(page, code, lambda there: name_page(there, number - 1, title), "page-named")
    except ChangedMeanwhileError as error:
        kept, form = kept_draft(page, code), fields.filled
        _check_page(kept.draft, number)
        form.refuse("", page.text(str(error)))
        return shown_page(page, "build_page.html", 409, kept=kept, number=number, form=form)
    return page.redirect(f"{BASE}/{code}/draft#page-{number}")


@AREA.post("/{code}/draft/pages/{number}/do", EDITORS)
def do_page(page: Here, code: str, number: int) -> Response:
    """Move a page, or remove it; its questions stay."""
    deeds: dict[str, Edit] = {
        "up": lambda draft: move_page(draft, number - 1, "up"),
        "down": lambda draft: move_page(draft, number - 1, "down"),
        "remove": lambda draft: remove_page(draft, number - 1),
    }
    deed = Fields(page.posted, page.text).filled.value("do")
    edit = page.need(deeds.get(deed))
    if number < 1:
        raise not_found()
    try:
        _edit_seen(page, code, edit, f"page-{deed}")
    except ChangedMeanwhileError as error:
        return _draft_page(page, code, 409, str(error))
    return page.redirect(f"{BASE}/{code}/draft#page-{number}")


@AREA.get("/{code}/draft/texts", EDITORS)
def ask_texts(page: Here, code: str) -> Response:
    """Title, introduction, thanks, and the languages."""
    draft = kept_draft(page, code).draft
    fields: dict[str, object] = {"languages": list(draft.languages)}
    for name, texts in _texts_of(draft).items():
        fields |= in_fields(name, texts, draft.languages)
    return shown_page(
        page,
        "build_texts.html",
        draft=draft,
        form=blank(**fields),
        languages_offered=dict.fromkeys((*draft.languages, *OFFERED_LANGUAGES)),
    )


@AREA.post("/{code}/draft/texts", EDITORS)
def take_texts(page: Here, code: str) -> Response:
    """Change them."""
    draft = kept_draft(page, code).draft
    fields = Fields(page.posted, page.text)
    offered = dict.fromkeys((*draft.languages, *OFFERED_LANGUAGES))
    chosen: tuple[str, ...] = tuple(
        each for each in offered if each in fields.filled.values("languages")
    )
    changes: dict[str, object] = {"languages": chosen or LANGUAGES}
    for name, there in _texts_of(draft).items():
        changes[name] = fields.merged(name, there, draft.languages)
    if fields.filled.errors:
        return shown_page(
            page,
            "build_texts.html",
            422,
            draft=draft,
            form=fields.filled,
            languages_offered=offered,
        )
    _edit(page, code, lambda there: there.model_copy(update=changes), "texts-changed")
    return page.redirect(f"{BASE}/{code}/draft", say="saved")


@AREA.post("/{code}/draft/notes", EDITORS)
def drop_notes(page: Here, code: str) -> Response:
    """Take the list of what an import could not carry away."""
    _edit(page, code, lambda draft: draft.model_copy(update={"notes": ()}), "notes-read")
    return page.redirect(f"{BASE}/{code}/draft")


@AREA.get("/{code}/draft/check", READERS)
def show_check(page: Here, code: str) -> Response:
    """The check list."""
    draft = kept_draft(page, code).draft
    remarks = all_remarks(draft)
    return shown_page(page, "build_check.html", draft=draft, remarks=remarks)


@AREA.get("/{code}/draft/preview", READERS)
def preview(page: Here, code: str, on: str = "phone", language: str = "") -> Response:
    """How it will look on a phone, or at a kiosk."""
    draft = kept_draft(page, code).draft
    shown_in = language if language in draft.languages else draft.languages[0]
    kiosk = [remark for remark in check(draft) if remark.weight == "kiosk"]
    return shown_page(
        page,
        "build_preview.html",
        draft=draft,
        on="kiosk" if on == "kiosk" else "phone",
        shown_in=shown_in,
        kiosk=kiosk,
        points_of=lambda item: points_of(page, item.scale, is_stars=item.answers_with == "stars"),
        choices_of=lambda named: [(each.code, each.texts.get(shown_in) or "…") for each in named],
    )


@AREA.post("/{code}/draft/discard", EDITORS)
def discard(page: Here, code: str) -> Response:
    """Throw the draft away, if that is meant."""
    kept_draft(page, code)
    if Fields(page.posted, page.text).filled.value("sure") != "yes":
        return page.redirect(f"{BASE}/{code}/draft", say="tick-first")
    try:
        discard_draft(page.portal.database, page.actor, code, revision_of(page))
    except ChangedMeanwhileError as error:
        return _draft_page(page, code, 409, str(error))
    return page.redirect(BASE, say="removed")


def _edit(page: Page, code: str, edit: Edit, what: str, revision: int | None = None) -> Draft:
    """Change the draft.

    Raises:
        Stop: (404) there is none any more.
    """
    database, now = page.portal.database, page.portal.clock()
    changed = change_draft(database, page.actor, code, edit, now, what=what, revision=revision)
    if changed is None:
        raise not_found()
    return changed


def _edit_seen(page: Page, code: str, edit: Edit, what: str) -> Draft:
    """The same to the draft as it was looked at: pages are known by their numbers alone.

    Raises:
        ChangedMeanwhileError: it is another one by now.
        Stop: (404) there is none any more.
    """
    return _edit(page, code, edit, what, revision_of(page))


def _texts_of(draft: Draft) -> dict[str, dict[str, str]]:
    return {"title": draft.title, "intro": draft.intro, "thanks": draft.thanks}


def _number(fields: Fields, name: str) -> int:
    typed = fields.filled.value(name)
    return int(typed) - 1 if typed.isdecimal() and len(typed) < 4 else 0


def _check_page(draft: Draft, number: int) -> None:
    if not 1 <= number <= len(draft.pages):
        raise not_found()
