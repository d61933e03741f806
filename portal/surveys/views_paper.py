"""Keying forms in: a batch for a day and a place, a line of strokes a form, the last one undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Literal

from starlette.responses import Response

from portal.surveys.answer_pages import told
from portal.surveys.answer_tables import PaperBatch
from portal.surveys.asking import Questionnaire, Said, questionnaire
from portal.surveys.editions import find, open_by
from portal.surveys.form_state import new_nonce
from portal.surveys.keying import is_keyed, keys_of, read_boxes, read_keys
from portal.surveys.paper import (
    MOST_FORMS,
    OLDEST,
    Keyed,
    add_form,
    close_batch,
    find_batch,
    list_batches,
    list_forms,
    list_open_batches_of_others,
    may_end_others,
    start_batch,
    undo_last,
)
from portal.surveys.places_asked import places_in_use
from portal.surveys.points import name_of
from portal.surveys.reading_answers import read_answer
from portal.web.fields import Day
from portal.web.forms import Filled, Form, FormError, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("paper", "/staff/paper")
KEYERS: Final = staff("clerk", "mayoralty-clerk", "editor", "administrator")


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_REFUSED: Final = {
    "incomplete": _("The page came incomplete: the form was not taken. Take it again."),
    "closed": _(
        "The batch was saved in another window: this form was not taken. Begin a new batch, and "
        "key it in there."
    ),
    "full": _(
        "A batch has {most} forms at most: this one was not taken. Save the batch, begin a new "
        "one, and key it in there."
    ),
}
"""Why a form was not taken."""


class BatchForm(Form):
    """What the forms of a batch share."""

    survey: str
    touchpoint: str
    answered_on: Day
    channel: Literal["paper", "phone"] = "paper"
    language: Literal["bg", "en"] = "bg"


@AREA.get("", KEYERS)
def batches(page: Here) -> Response:
    """One's batches, and a new one."""
    today = page.portal.clock().astimezone(page.language.zone).date()
    form = blank(answered_on=f"{today:%d.%m.%Y}", channel="paper", language=page.language.code)
    return page.render("surveys/paper_batches.html", form=form, **_choices(page))


@AREA.post("", KEYERS)
def start(page: Here) -> Response:
    """Begin a batch."""
    filled = page.fill(BatchForm)
    form, choices = filled.model, _choices(page)
    if form is not None:
        _check(page, filled, form, choices)
    edition = None if form is None else find(page.portal, form.survey, page.portal.clock())
    if form is None or edition is None or filled.errors:
        return page.show_again("surveys/paper_batches.html", filled, **choices)
    batch = start_batch(
        page.portal.database,
        page.actor,
        **form.model_dump(),
        version=edition.survey.version,
        now=page.portal.clock(),
    )
    return page.redirect(f"/staff/paper/{batch}")


@AREA.get("/{batch}", KEYERS)
def key(page: Here, batch: str) -> Response:
    """The page on which forms are keyed in."""
    return _show(page, _batch(page, batch), Filled())


@AREA.post("/{batch}", KEYERS)
def add(page: Here, batch: str) -> Response:
    """Take a form."""
    found = _own_batch(page, batch)
    asked = questionnaire(page.portal.feedback, found.survey, found.version)
    filled, said = _read(page, asked)
    if filled.errors:
        return _show(page, found, filled, code=422)
    nonce = str(page.posted.get("nonce", ""))
    if len(nonce) != len(new_nonce()) or not nonce.isalnum():
        filled.refuse("", page.text(_REFUSED["incomplete"]))
        return _show(page, found, filled, code=422)
    added = add_form(page.portal.database, found, nonce, said)
    if added in _REFUSED:
        filled.refuse("", page.text(_REFUSED[added], most=MOST_FORMS))
        return _show(page, _own_batch(page, batch), filled, code=409)
    return page.redirect(f"/staff/paper/{batch}")


@AREA.post("/{batch}/undo", KEYERS)
def undo(page: Here, batch: str) -> Response:
    """Take the last form back."""
    found = _own_batch(page, batch)
    undone = undo_last(page.portal.database, found)
    return page.redirect(f"/staff/paper/{batch}", say="removed" if undone else "")


@AREA.post("/{batch}/close", KEYERS)
def close(page: Here, batch: str) -> Response:
    """Make answers of the forms."""
    found = _batch(page, batch)
    asked = questionnaire(page.portal.feedback, found.survey, found.version)
    close_batch(page.portal, asked, page.actor, found, page.language.zone)
    return page.redirect("/staff/paper", say="saved")


def _batch(page: Page, batch: str) -> PaperBatch:
    found: PaperBatch = page.need(find_batch(page.portal.database, page.actor, batch))
    return found


def _own_batch(page: Page, batch: str) -> PaperBatch:
    """Others' may be saved; what is in them is their makers'."""
    found = _batch(page, batch)
    if found.made_by != page.actor.id:
        page.need(None)
    return found


def _read(page: Page, asked: Questionnaire) -> tuple[Filled[Any], Said]:
    """A form as keyed in."""
    raw: dict[str, list[str]] = {"keys": [str(page.posted.get("keys", ""))]}
    filled: Filled[Any] = Filled(raw)
    others: dict[str, tuple[str, ...]] = {}
    for item in asked.items:
        if is_keyed(item):
            continue
        typed = str(page.posted.get(item.field, ""))
        raw[item.field] = [typed]
        try:
            values = read_boxes(item, typed) if item.sort == "multiple" else [typed]
            others[item.code] = read_answer(item, values, is_clerk=True)
        except FormError as error:
            filled.refuse(item.field, page.text(error.message, **error.values))
    said: Said = others
    try:
        said = read_keys(asked, raw["keys"][0], others)
    except FormError as error:
        filled.refuse("keys", page.text(error.message, **error.values))
    return filled, said


def _show(page: Page, batch: PaperBatch, filled: Filled[Any], code: int = 200) -> Response:
    asked = questionnaire(page.portal.feedback, batch.survey, batch.version)
    forms = list_forms(page.portal.database, batch)
    places = places_in_use(page)
    place = places.get(batch.touchpoint)
    return page.render(
        "surveys/paper_keying.html",
        code,
        batch=batch,
        is_own=batch.made_by == page.actor.id,
        survey_title=page.language.of(asked.survey.title) or batch.survey,
        place=place.name if place is not None else batch.touchpoint,
        forms=forms,
        last=_told(page, asked, forms[-1]) if forms else [],
        legend=_legend(page, asked),
        others=[item for item in asked.items if not is_keyed(item)],
        numbers={item.code: number for number, item in enumerate(asked.items, start=1)},
        nonce=new_nonce(),
        form=filled,
    )


def _told(page: Page, asked: Questionnaire, form: Keyed) -> list[tuple[str, str]]:
    """A form in words, to be compared with the paper."""
    return [
        (page.language.of(item.full_texts), told(page, item, form.said))
        for item in asked.asked(form.said)
    ]


def _legend(page: Page, asked: Questionnaire) -> list[tuple[int, str, str]]:
    """Number, question, and its keys in words."""
    rows = []
    for number, item in enumerate(asked.items, start=1):
        texts = dict(item.options)
        names = [
            page.text(name_of(item, value)) if item.scale else page.language.of(texts[value])
            for value in item.values
        ]
        pairs = zip(keys_of(item), names, strict=True)
        told_keys = ", ".join(one if one == name else f"{one} {name}" for one, name in pairs)
        if is_keyed(item):
            rows.append((number, page.language.of(item.full_texts), told_keys))
    return rows


def _check(page: Page, filled: Filled[Any], form: BatchForm, choices: dict[str, Any]) -> None:
    today = page.portal.clock().astimezone(page.language.zone).date()
    if form.survey not in dict(choices["surveys"]):
        filled.refuse("survey", page.text("Choose one of the answers"))
    if form.touchpoint not in dict(choices["places"]):
        filled.refuse("touchpoint", page.text("Choose one of the answers"))
    if not today - OLDEST <= form.answered_on <= today:
        refused = page.text("Write a day of the last {days} days", days=OLDEST // timedelta(days=1))
        filled.refuse("answered_on", refused)


def _choices(page: Page) -> dict[str, Any]:
    editions = open_by(page.portal, "paper", page.portal.clock())
    titles = [(each.survey.code, each.survey.title) for each in editions]
    return {
        "surveys": [(code, page.language.of(title) or code) for code, title in titles],
        "places": [(code, place.name) for code, place in places_in_use(page).items()],
        "batches": list_batches(page.portal.database, page.actor),
        "others": list_open_batches_of_others(page.portal.database, page.actor)
        if may_end_others(page.actor)
        else [],
    }
