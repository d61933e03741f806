"""The pages of a form: a step, all answers to be checked, and that no answers are taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from portal.surveys.asking import Item, Questionnaire, Said
from portal.surveys.editions import Edition
from portal.surveys.form_state import FormState, write_state
from portal.surveys.points import HINTS, drawing_of, name_of
from portal.web.forms import Filled
from portal.web.page import Page
from portal.web.rendering import marked

_BACK_HERE_S: Final = "30"


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_TROUBLES: Final = {
    429: _("Very many answers came from your network. Wait a few minutes, then send again."),
    503: _(
        "We could not save your answers just now. Nothing of what you wrote is lost: it stands "
        "here. Send it again in a minute."
    ),
}


def closed(page: Page, edition: Edition | None = None) -> Response:
    """The page of a survey that takes no answers now."""
    return page.render("surveys/answer_closed.html", 410, edition=edition)


def show_step(page: Page, asked: Questionnaire, state: FormState) -> Response:
    """The step at hand, with what was said there before."""
    raw = {
        item.field: list(state.said.get(item.code, ()))
        for item in asked.on_step(state.step, state.said)
    }
    return show(page, asked, state, Filled(raw))


def show(
    page: Page,
    asked: Questionnaire,
    state: FormState,
    form: Filled[Any],
    *,
    code: int = 200,
    trouble: str = "",
) -> Response:
    """The step at hand with ``form`` in it; ``trouble`` stands above it."""
    survey, step = asked.survey, asked.steps[state.step]
    page_texts = survey.pages[step.page - 1].title if survey.pages else {}
    return page.render(
        "surveys/answer_step.html",
        code,
        survey=survey,
        title=page.language.of(survey.title),
        page_title=page.language.of(page_texts),
        page_texts=page_texts,
        is_first=asked.step_before(state.step, state.said) is None,
        items=asked.on_step(state.step, state.said),
        progress=_progress(asked, state),
        sends=asked.sends(state.step, state.said),
        state=write_state(page.portal.keys, state),
        form=form,
        trouble=trouble,
        **_pieces(page),
    )


def show_check(
    page: Page, asked: Questionnaire, state: FormState, *, code: int = 200, trouble: str = ""
) -> Response:
    """All answers, each to be changed."""
    steps = {item.code: number for number, each in enumerate(asked.steps) for item in each.items}
    rows = [
        (item.full_texts, told(page, item, state.said), steps[item.code])
        for item in asked.asked(state.said)
    ]
    return page.render(
        "surveys/answer_check.html",
        code,
        survey=asked.survey,
        title=page.language.of(asked.survey.title),
        rows=rows,
        state=write_state(page.portal.keys, state),
        trouble=trouble,
    )


def keep_shown(
    page: Page, asked: Questionnaire, state: FormState, filled: Filled[Any], *, code: int
) -> Response:
    """The last page again, with all that was typed."""
    trouble = page.text(_TROUBLES[code])
    if state.step >= len(asked.steps):
        answer = show_check(page, asked, state, code=code, trouble=trouble)
    else:
        answer = show(page, asked, state, filled, code=code, trouble=trouble)
    answer.headers["Retry-After"] = _BACK_HERE_S
    return answer


def told(page: Page, item: Item, said: Said) -> str:
    """An answer in the reader's words."""
    values = said.get(item.code, ())
    if not values:
        return str(page.text("Left out"))
    if item.scale:
        return str(page.text(name_of(item, values[0])))
    if item.options:
        texts = dict(item.options)
        return ", ".join(page.language.of(texts[value]) for value in values)
    if item.sort == "number":
        unit = page.language.of(item.unit or {})
        return f"{page.language.number(float(values[0]))} {unit}".strip()
    if item.sort == "date":
        return page.language.day(date.fromisoformat(values[0]))
    return values[0]


def _progress(asked: Questionnaire, state: FormState) -> tuple[int, int]:
    """The number of a step among those that were asked, and how many there may be."""
    before = sum(1 for each in range(state.step) if asked.on_step(each, state.said))
    return before + 1, before + 1 + len(asked.may_follow(state.step, state.said))


def _range(page: Page, item: Item) -> str:
    """Which numbers are taken, said before anybody types one."""
    number, least, most = page.language.number, item.least, item.most
    if least is not None and most is not None:
        return str(page.text("From {least} to {most}.", least=number(least), most=number(most)))
    if least is not None:
        return str(page.text("From {least} up.", least=number(least)))
    return "" if most is None else str(page.text("Up to {most}.", most=number(most)))


def _pieces(page: Page) -> Mapping[str, Any]:
    """What the template of a step needs to know of items."""

    def choices(item: Item) -> list[tuple[str, str]]:
        return [(code, marked(page.language, texts)) for code, texts in item.options]

    def points(item: Item) -> list[tuple[str, str, str]]:
        return [
            (value, page.text(name_of(item, value)), drawing_of(item, value))
            for value in item.values
        ]

    def hint(item: Item) -> str:
        own = marked(page.language, item.hint or {})
        if item.sort == "number":
            return Markup(" ").join(filter(None, (own, _range(page, item))))
        return own or (page.text(HINTS[item.scale]) if item.scale in HINTS else "")

    return {"choices_of": choices, "points_of": points, "hint_of": hint}
