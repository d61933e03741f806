"""Answering page by page: what is shown next, and what becomes of a form that is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from starlette.responses import Response

from broker.store.errors import StoreError
from portal.surveys.answer_pages import closed, keep_shown, show, show_check, show_step
from portal.surveys.answer_storing import store
from portal.surveys.asking import Questionnaire, Said, questionnaire
from portal.surveys.editions import Edition, find
from portal.surveys.first_pages import first_pages
from portal.surveys.form_state import FIELD, FormState, new_nonce, read_state, write_state
from portal.surveys.reading_answers import read_answer
from portal.web.errors import Stop, TooOld
from portal.web.forms import Filled, FormError
from portal.web.limits import Limits
from portal.web.page import Page

MOST_SENT: Final = 60
"""Forms from one address within :data:`WITHIN`: a hall's visitors share the hall's network."""
WITHIN: Final = timedelta(minutes=10)


def begin(
    page: Page, edition: Edition, channel: str, touchpoint: str, nonce: str | None = None
) -> Response:
    """The first step of a form that is new."""
    survey = edition.survey
    state = FormState(
        nonce or new_nonce(),
        survey.code,
        survey.version,
        touchpoint,
        channel,
        page.portal.clock(),
    )
    asked = _questionnaire(page, state)
    state = replace(state, step=asked.step_after(-1, {}) or 0)
    if nonce is not None:
        return show(page, asked, state, Filled())
    written, pages = write_state(page.portal.keys, state), first_pages(page.portal)
    key = (survey.code, str(survey.version), channel)
    kept = pages.answer(page, key, written)
    if kept is None:
        kept = show(page, asked, state, Filled())
        pages.keep(page, key, written, kept)
    return kept


def posted_state(page: Page) -> FormState:
    """The form that was posted.

    Raises:
        Stop: (403) it isn't ours, or too old.
    """
    text = page.posted.get(FIELD)
    if not isinstance(text, str):
        raise TooOld
    return read_state(page.portal.keys, text, page.portal.clock())


def go_on(page: Page, state: FormState, thanks: str) -> Response:
    """What follows a posted step: the next one, the one before, errors, or ``thanks``."""
    asked = _questionnaire(page, state)
    filled, said = _read(page, asked, state)
    sends = state.step >= len(asked.steps) or asked.sends(state.step, state.said)
    state = state.with_said({**state.said, **said}, state.step)
    try:
        now = page.portal.clock()
        edition = find(page.portal, state.survey, now)
        if edition is None or not edition.takes(state.made_at, now):
            return closed(page)
    except StoreError:
        return keep_shown(page, asked, state, filled, code=503)
    go = str(page.posted.get("go", "next"))
    if go == "stay":
        return _stay(page, asked, state, filled)
    if go == "back" or go.startswith("step-"):
        return _go_back(page, asked, state, go)
    if filled.errors:
        return show(page, asked, state, filled, code=422)
    # Sent is what was shown with a button that says so; else something more is shown first.
    return _send(page, asked, state, filled, thanks) if sends else _go_forward(page, asked, state)


def _questionnaire(page: Page, state: FormState) -> Questionnaire:
    return questionnaire(page.portal.feedback, state.survey, state.version)


def _read(page: Page, asked: Questionnaire, state: FormState) -> tuple[Filled[Any], Said]:
    """What was filled in on the step at hand, and what of it can be used."""
    if state.step >= len(asked.steps):
        return Filled(), {}
    raw: dict[str, list[str]] = {}
    said: dict[str, tuple[str, ...]] = {}
    filled: Filled[Any] = Filled(raw)
    for item in asked.on_step(state.step, state.said):
        typed = [value for value in page.posted.getlist(item.field) if isinstance(value, str)]
        raw[item.field] = typed
        try:
            said[item.code] = read_answer(item, typed)
        except FormError as error:
            filled.refuse(item.field, page.text(error.message, **error.values))
    return filled, said


def _stay(page: Page, asked: Questionnaire, state: FormState, filled: Filled[Any]) -> Response:
    """The same page with what was typed: only its language changed."""
    if state.step >= len(asked.steps):
        return show_check(page, asked, state)
    return show(page, asked, state, Filled(filled.raw))


def _go_forward(page: Page, asked: Questionnaire, state: FormState) -> Response:
    following = asked.step_after(state.step, state.said)
    if following is not None:
        return show_step(page, asked, replace(state, step=following))
    return show_check(page, asked, replace(state, step=len(asked.steps)))


def _go_back(page: Page, asked: Questionnaire, state: FormState, go: str) -> Response:
    """The step before, or the one that was named ``step-N``, with what was said there."""
    number = asked.step_before(state.step, state.said)
    wanted = go.removeprefix("step-")
    if wanted in {str(each) for each in range(state.step) if asked.on_step(each, state.said)}:
        number = int(wanted)
    return show_step(page, asked, replace(state, step=number or 0))


def _send(
    page: Page, asked: Questionnaire, state: FormState, filled: Filled[Any], thanks: str
) -> Response:
    """Store the form, then thank; where that can't be done now, nothing typed is lost."""
    try:
        page.portal.part(Limits).check("answers", page.visitor, MOST_SENT, WITHIN)
        verdict, masked = store(page, asked, state)
    except Stop as stop:
        return keep_shown(page, asked, state, filled, code=stop.status)
    except StoreError:
        return keep_shown(page, asked, state, filled, code=503)
    if verdict == "other":
        at = state.touchpoint if state.channel == "qr" else ""
        return page.redirect(thanks, masked=masked, again="yes", at=at)
    return page.redirect(thanks, masked=masked)
