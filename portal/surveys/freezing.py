"""From a draft to the survey that is published, and back to a draft for the next version. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from broker.fleet.surveys import FollowUp, Option, Question, Survey, read_survey
from portal.surveys.draft import SCALE_OF, Draft, Holds, Item, Leaf, Named, Texts, Why

_FORM_OF = {scale: sort for sort, scale in SCALE_OF.items() if sort != "stars"}


def freeze(draft: Draft, version: int) -> Survey:
    """The survey that ``draft`` means.

    Raises:
        FleetError: something is missing without which it is none; the check list says what.
    """
    document: dict[str, Any] = {
        "code": draft.code,
        "version": version,
        "questions": [
            question
            for number, page in enumerate(draft.pages, 1)
            for item in page.items
            for question in _questions(item, number)
        ],
        **_given(title=_in(draft.title), intro=_in(draft.intro), thanks=_in(draft.thanks)),
    }
    if len(draft.pages) > 1 or _in(draft.pages[0].title):
        document["pages"] = [_given(title=_in(page.title)) for page in draft.pages]
    matrices = [item for item in draft.items if item.sort == "matrix"]
    if matrices:
        document["matrices"] = [{"code": m.code, "texts": _in(m.texts)} for m in matrices]
    return read_survey(json.dumps(document, ensure_ascii=False))


def thaw(survey: Survey) -> Draft:
    """A draft that says what ``survey`` says."""
    pages: list[list[Item]] = [[] for _ in range(max(1, len(survey.pages)))]
    heads = {matrix.code: dict(matrix.texts) for matrix in survey.matrices}
    for question in survey.questions:
        items = pages[question.page - 1]
        code = question.matrix
        if code is None:
            items.append(_item(question))
        elif items and items[-1].code == code:
            items[-1] = items[-1].model_copy(update={"rows": (*items[-1].rows, _row(question))})
        else:
            items.append(_matrix(question, code, heads[code]))
    titles: list[Texts] = [dict(page.title) for page in survey.pages] or [{}]
    return Draft(
        code=survey.code,
        title=dict(survey.title),
        intro=dict(survey.intro),
        thanks=dict(survey.thanks),
        languages=tuple(survey.questions[0].texts) or ("bg",),
        pages=tuple(
            Leaf(title=title, items=tuple(items))
            for title, items in zip(titles, pages, strict=True)
        ),
    )


def _questions(item: Item, page: int) -> Iterator[dict[str, Any]]:
    shared = {
        **_answers(item),
        **_given(
            only_if=[_condition(each) for each in item.only_if],
            page=page if page > 1 else None,
            is_required=item.is_required,
        ),
    }
    if item.sort != "matrix":
        own = _given(
            hint=_in(item.hint),
            follow_ups=[_follow_up(why) for why in item.follow_ups] if item.scale else [],
        )
        yield {"code": item.code, "texts": _in(item.texts), **shared, **own}
        return
    for row in item.rows:
        yield {"code": row.code, "texts": _in(row.texts), "matrix": item.code, **shared}


def _answers(item: Item) -> dict[str, Any]:
    """What of a question depends on its sort."""
    sort = item.answers_with
    if item.scale is not None:
        return _given(scale=item.scale, drawing="stars" if sort == "stars" else None)
    if sort == "number":
        bounds = {"least": item.least, "most": item.most}
        return {
            "kind": "number",
            **{name: bound for name, bound in bounds.items() if bound is not None},
            **_given(unit=_in(item.unit)),
        }
    if sort not in {"choice", "multiple"}:
        return {"kind": sort}
    options = [_option(each) for each in item.options]
    if sort == "choice":
        return {"options": options}
    counts = _given(at_least=item.at_least, at_most=item.at_most)
    return {"kind": "multiple", "options": options, **counts}


def _follow_up(why: Why) -> dict[str, Any]:
    return {
        "question": why.code,
        "texts": _in(why.texts),
        "when": list(why.when),
        "options": [_option(each) for each in why.options],
    }


def _option(named: Named) -> dict[str, Any]:
    return {
        "code": named.code,
        "texts": _in(named.texts),
        **_given(pictogram=named.pictogram),
    }


def _condition(holds: Holds) -> dict[str, Any]:
    return {
        "question": holds.question,
        **_given(values=list(holds.values), options=list(holds.options)),
    }


def _given(**fields: object) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value}


def _in(texts: Texts) -> Texts:
    """The texts that are written."""
    return {language: text for language, text in texts.items() if text.strip()}


def _item(question: Question) -> Item:
    return Item(
        code=question.code,
        sort=_sort(question),
        texts=dict(question.texts),
        hint=dict(question.hint),
        options=_named(question.options),
        follow_ups=tuple(_why(each) for each in question.follow_ups),
        only_if=_holds(question),
        at_least=question.at_least,
        at_most=question.at_most,
        least=question.least,
        most=question.most,
        unit=dict(question.unit),
        is_required=question.is_required,
    )


def _matrix(first: Question, code: str, texts: Texts) -> Item:
    return Item(
        code=code,
        sort="matrix",
        head=_sort(first),
        texts=texts,
        rows=(_row(first),),
        options=_named(first.options),
        only_if=_holds(first),
        is_required=first.is_required,
    )


def _row(question: Question) -> Named:
    return Named(code=question.code, texts=dict(question.texts))


def _sort(question: Question) -> Any:  # noqa: ANN401  # a Sort, which pydantic checks
    if question.scale is None:
        return question.sort
    return "stars" if question.drawing == "stars" else _FORM_OF[question.scale]


def _named(options: Iterable[Option]) -> tuple[Named, ...]:
    return tuple(
        Named(code=each.code, texts=dict(each.texts), pictogram=each.pictogram) for each in options
    )


def _why(follow_up: FollowUp) -> Why:
    return Why(
        code=follow_up.question,
        texts=dict(follow_up.texts),
        when=follow_up.when,
        options=_named(follow_up.options),
    )


def _holds(question: Question) -> tuple[Holds, ...]:
    return tuple(
        Holds(question=each.question, values=each.values, options=each.options)
        for each in question.only_if
    )
