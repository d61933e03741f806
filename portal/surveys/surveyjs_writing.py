"""A draft in the form of SurveyJS (its JSON, version 2), and what that form can't carry.

SurveyJS keeps a text in several languages as ``{"default": …, "bg": …}``; its default is English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from broker.store.scales import SCALES
from portal.surveys.draft import Draft, Holds, Item, Named, Note, Texts, Why

_RATE_TYPES: Final = {"faces-5": "smileys", "faces-4": "smileys", "stars": "stars"}


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def to_surveyjs(draft: Draft) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """The document, and what it does not say."""
    lost: list[Note] = []
    pages = []
    for number, page in enumerate(draft.pages, 1):
        elements = [element for item in page.items for element in _elements(draft, item, lost)]
        pages.append(
            {"name": f"page-{number}", **_texts("title", page.title), "elements": elements}
        )
    document: dict[str, Any] = {
        "locale": draft.languages[0],
        **_texts("title", draft.title),
        **_texts("description", draft.intro),
        **_texts("completedHtml", _escaped(draft.thanks)),
        "pages": pages,
    }
    return document, tuple(lost)


def _elements(draft: Draft, item: Item, lost: list[Note]) -> Iterator[dict[str, Any]]:
    element = {
        "name": item.code,
        **_texts("title", item.texts),
        **_texts("description", item.hint),
        **({"isRequired": True} if item.is_required else {}),
        **_conditions(draft, item.only_if),
    }
    if item.sort == "matrix":
        yield {**element, **_matrix(item, lost)}
    else:
        yield {**element, **_answers(item, lost)}
    for why in item.follow_ups if item.scale and item.sort != "matrix" else ():
        lost.append(Note(message=_FOLLOW_UP, values={"question": why.code}))
        yield _follow_up(item, why)


_FOLLOW_UP: Final = _("The follow-up {question} became a question with a condition.")


def _answers(item: Item, lost: list[Note]) -> dict[str, Any]:
    sort = item.sort
    if sort == "yes-no":
        return {"type": "boolean"}
    if item.scale is not None:
        values = SCALES[item.scale].values
        rate = {"rateType": _RATE_TYPES[sort]} if sort in _RATE_TYPES else {}
        return {"type": "rating", "rateMin": values[0], "rateMax": values[-1], **rate}
    if sort == "choice":
        return {"type": "radiogroup", "choices": _choices(item.options)}
    if sort == "multiple":
        counts = {"minSelectedChoices": item.at_least, "maxSelectedChoices": item.at_most}
        return {"type": "checkbox", "choices": _choices(item.options), **_given(counts)}
    if sort == "number":
        if any(item.unit.values()):
            message = _("The unit of {question} has no place in the file.")
            lost.append(Note(message=message, values={"question": item.code}))
        bounds = _given({"min": item.least, "max": item.most})
        return {"type": "text", "inputType": "number", **bounds}
    return {"type": "text", "inputType": "date"} if sort == "date" else {"type": "comment"}


def _matrix(item: Item, lost: list[Note]) -> dict[str, Any]:
    if item.scale is None:
        columns = _choices(item.options)
    else:
        if item.head in _RATE_TYPES:
            message = _("The rows of {question} are answered by numbers: faces and stars are lost.")
            lost.append(Note(message=message, values={"question": item.code}))
        columns = [{"value": value} for value in SCALES[item.scale].values]
    return {"type": "matrix", "columns": columns, "rows": _choices(item.rows)}


def _follow_up(item: Item, why: Why) -> dict[str, Any]:
    return {
        "type": "radiogroup",
        "name": why.code,
        **_texts("title", why.texts),
        "choices": _choices(why.options),
        "visibleIf": _any_of(item, item.code, why.when, ()),
    }


def _conditions(draft: Draft, only_if: tuple[Holds, ...]) -> dict[str, Any]:
    said = []
    for holds in only_if:
        owner = next((each for each in draft.items if holds.question in each.codes), None)
        if owner is None:
            continue
        name = holds.question
        if owner.sort == "matrix":
            name = f"{owner.code}.{holds.question}"
        is_follow_up = any(why.code == holds.question for why in owner.follow_ups)
        about = None if is_follow_up else owner
        said.append(_any_of(about, name, holds.values, holds.options))
    return {"visibleIf": " and ".join(said)} if said else {}


def _any_of(item: Item | None, name: str, values: tuple[int, ...], options: tuple[str, ...]) -> str:
    if item is not None and item.sort == "yes-no":
        truths = [f"{{{name}}} = {'true' if value else 'false'}" for value in values]
        return truths[0] if len(truths) == 1 else f"{{{name}}} notempty"
    said = ", ".join([*map(str, values), *(f"'{option}'" for option in options)])
    return f"{{{name}}} anyof [{said}]"


def _choices(named: tuple[Named, ...]) -> list[dict[str, Any]]:
    return [{"value": each.code, **_texts("text", each.texts)} for each in named]


def _texts(name: str, texts: Texts) -> dict[str, Any]:
    written = {language: text for language, text in texts.items() if text}
    if not written:
        return {}
    default = {"default": written["en"]} if "en" in written else {}
    others = {language: text for language, text in written.items() if language != "en"}
    return {name: {**default, **others}}


def _escaped(texts: Texts) -> Texts:
    """Plain text as HTML, which SurveyJS takes for the last page."""
    return {
        language: text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\n", "<br>")
        for language, text in texts.items()
    }


def _given(fields: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
