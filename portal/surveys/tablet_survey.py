"""What a tablet is told: the survey in all its languages, with the words around it."""

from __future__ import annotations

from typing import Any, Final

from portal.comments.kinds import NAMES as MASKED
from portal.comments.ways import ways_address
from portal.surveys.asking import Item, Questionnaire
from portal.surveys.points import HINTS, drawing_of, name_of
from portal.web import assets
from portal.web.language import NAMES, Language
from portal.web.page import Page

IDLE_S: Final = 40
"""Without a touch; then the tablet asks whether anybody is there."""
WARNED_S: Final = 20
"""So long it waits for an answer to that (WCAG 2.2, 2.2.1), each time."""
THANKS_S: Final = 6


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_WORDS: Final = {
    "next": _("Continue"),
    "back": _("Back"),
    "send": _("Send"),
    "thanks": _("Thank you"),
    "again": _("Answer anew"),
    "closed": _("No survey takes answers here now"),
    "there": _("Are you still there?"),
    "soon": _("We begin anew in {s} seconds. What you answered so far is kept."),
    "stay": _("I need more time"),
    "required": _("Choose one of the answers"),
    "many": _("Choose all that apply"),
    "error": _("Check this answer"),
    "notice": _(
        "This box is anonymous, and you get no answer. Don't write names, personal numbers (EGN) "
        "or telephone numbers: what we recognise as such is masked before it is stored."
    ),
    "way": _(
        "Do you want an answer? Send a signal, a proposal or a complaint: at a desk, or at "
        "{address}"
    ),
    "masked": _("Before your comment was stored, this was masked in it:"),
    "leave_out": _("You can leave out any question."),
    "unsaved": _("Your answer could not be saved on this tablet. Please tell the staff."),
    "waiting": _("{n} answers wait to be sent"),
    "waiting_one": _("One answer waits to be sent"),
    "unpaired": _("This tablet is not paired any more. Its answers are kept in it."),
    "day": _("For example 22.11.2026"),
}


def document(page: Page, asked: Questionnaire | None, touchpoint: str) -> dict[str, Any]:
    """All that the tablet's script needs, as JSON can say it."""
    languages = [Language(code, page.language.zone) for code in NAMES]
    shared = {
        "touchpoint": touchpoint,
        "languages": [[each.code, NAMES[each.code]] for each in languages],
        "words": {each.code: _words(page, each) for each in languages},
        "masked": {
            each.code: {kind: each.text(name) for kind, name in MASKED.items()}
            for each in languages
        },
        "times": {"idle_s": IDLE_S, "warned_s": WARNED_S, "thanks_s": THANKS_S},
    }
    if asked is None:
        return {**shared, "survey": None, "files": []}
    survey = asked.survey
    steps = [[_item(page, item, languages) for item in step.items] for step in asked.steps]
    pictures = {
        point["picture"]
        for step in steps
        for item in step
        for point in item["points"]
        if point["picture"]
    }
    return {
        **shared,
        "survey": survey.code,
        "version": survey.version,
        "title": dict(survey.title),
        "intro": dict(survey.intro),
        "thanks": dict(survey.thanks),
        "pages": [dict(each.title) for each in survey.pages],
        "steps": steps,
        "files": sorted(pictures),
    }


def _words(page: Page, language: Language) -> dict[str, str]:
    """What the tablet says around the survey. The way out is told, not linked: nobody leaves it."""
    words = {name: language.text(message) for name, message in _WORDS.items()}
    return {
        **words,
        "way": language.text(_WORDS["way"], address=ways_address(page.portal, language)),
    }


def _item(page: Page, item: Item, languages: list[Language]) -> dict[str, Any]:
    hint = HINTS.get(item.scale, "")
    hints = {each.code: each.of(item.hint or {}) or each.text(hint) for each in languages}
    return {
        "code": item.code,
        "texts": dict(item.texts),
        "sort": item.sort,
        "drawing": item.drawing,
        "page": item.page,
        "hint": hints if any(hints.values()) else {},
        "unit": dict(item.unit or {}),
        "least": item.least,
        "most": item.most,
        "at_least": item.at_least,
        "at_most": item.at_most,
        "required": item.is_required,
        "matrix": dict(item.matrix[1]) if item.matrix else {},
        "follows": item.follows,
        "when": sorted(item.when),
        "conditions": [[code, sorted(values)] for code, values in item.conditions],
        "points": [_point(page, item, value, languages) for value in item.values],
    }


def _point(page: Page, item: Item, value: str, languages: list[Language]) -> dict[str, Any]:
    if item.scale:
        texts = {each.code: each.text(name_of(item, value)) for each in languages}
    else:
        texts = dict(dict(item.options)[value])
    drawing = "star-full" if item.drawing == "stars" else drawing_of(item, value)
    look = page.portal.settings.look
    picture = assets.address(f"faces/{drawing}.svg", look) if drawing else ""
    return {"value": value, "texts": texts, "picture": picture}
