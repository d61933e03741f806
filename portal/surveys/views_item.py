"""The builder's pages of one question: words, options, follow-ups, conditions."""

from __future__ import annotations

from typing import Any, NamedTuple

from starlette.responses import Response

from broker.store.scales import SCALES
from portal.surveys.build_area import (
    AREA,
    BASE,
    EDITORS,
    Point,
    item_of,
    kept_draft,
    points_of,
    shown_page,
)
from portal.surveys.checks import check, possible_answers
from portal.surveys.draft import (
    MAX_CONDITIONS,
    MAX_FOLLOW_UPS,
    MAX_REASONS,
    Draft,
    Holds,
    Item,
    Named,
    Why,
    first_free,
)
from portal.surveys.drafts import ChangedMeanwhileError, change_draft, change_item
from portal.surveys.editing import add_follow_up
from portal.surveys.question_form import HEADS, Fields, in_fields, read_item, shown
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


class Earlier(NamedTuple):
    """A question that a condition can name, with its answers and what they are called."""

    code: str
    text: str
    answers: list[tuple[str, str]]


@AREA.get("/{code}/draft/questions/{item}", EDITORS)
def ask_item(page: Here, code: str, item: str) -> Response:
    """One question, to be changed."""
    draft = kept_draft(page, code).draft
    found = item_of(draft, item)
    return _item_page(page, draft, found, shown(found, draft.languages))


@AREA.post("/{code}/draft/questions/{item}", EDITORS)
def take_item(page: Here, code: str, item: str) -> Response:
    """Change it; what was typed is kept whatever button was pressed."""
    draft = kept_draft(page, code).draft
    found = item_of(draft, item)
    fields = Fields(page.posted, page.text)
    new = read_item(fields, draft, found)
    if not fields.filled.errors:
        _save(page, draft, found, new, fields)
    if fields.filled.errors:
        return _item_page(page, draft, found, fields.filled, 422)
    then = fields.filled.value("then")
    here = f"{BASE}/{code}/draft/questions/{new.code}"
    if then == "follow-up":
        return _add_follow_up(page, code, new)
    if then == "conditions":
        return page.redirect(f"{here}/conditions")
    if then and then != "save":
        return page.redirect(f"{here}#{'rows' if 'row' in then else 'options'}")
    return page.redirect(f"{BASE}/{code}/draft#item-{new.code}")


@AREA.get("/{code}/draft/questions/{item}/follow-ups/{why}", EDITORS)
def ask_follow_up(page: Here, code: str, item: str, why: str) -> Response:
    """A follow-up of a rating."""
    draft = kept_draft(page, code).draft
    found = item_of(draft, item)
    follow_up = page.need(_follow_up(found, why))
    fields: dict[str, object] = {
        **in_fields("texts", follow_up.texts, draft.languages),
        "when": list(follow_up.when),
        "mark": found.mark,
    }
    for number, option in enumerate(follow_up.options):
        fields |= in_fields(f"option_{number}", option.texts, draft.languages)
    return _follow_up_page(page, draft, found, follow_up, blank(**fields))


@AREA.post("/{code}/draft/questions/{item}/follow-ups/{why}", EDITORS)
def take_follow_up(page: Here, code: str, item: str, why: str) -> Response:
    """Change it, or take it out."""
    draft = kept_draft(page, code).draft
    found = item_of(draft, item)
    follow_up = page.need(_follow_up(found, why))
    fields = Fields(page.posted, page.text)
    then = fields.filled.value("then")
    changed = None if then == "remove" else _read_follow_up(fields, draft, found, follow_up)
    kept = tuple(
        changed if each.code == why else each
        for each in found.follow_ups
        if each.code != why or changed is not None
    )
    new = found.model_copy(update={"follow_ups": tuple(each for each in kept if each)})
    if not fields.filled.errors:
        _save(page, draft, found, new, fields)
    if fields.filled.errors:
        return _follow_up_page(page, draft, found, follow_up, fields.filled, 422)
    here = f"{BASE}/{code}/draft/questions/{item}"
    if then in {"", "save", "remove"}:
        return page.redirect(here)
    return page.redirect(f"{here}/follow-ups/{why}#options")


@AREA.get("/{code}/draft/questions/{item}/conditions", EDITORS)
def ask_conditions(page: Here, code: str, item: str) -> Response:
    """When a question is asked."""
    draft = kept_draft(page, code).draft
    found = item_of(draft, item)
    fields: dict[str, object] = {"mark": found.mark}
    for holds in found.only_if:
        fields[f"if_{holds.question}"] = [*map(str, holds.values), *holds.options]
    return _conditions_page(page, draft, found, blank(**fields))


@AREA.post("/{code}/draft/questions/{item}/conditions", EDITORS)
def take_conditions(page: Here, code: str, item: str) -> Response:
    """Change it: a condition for each earlier question of which some answers are ticked."""
    draft = kept_draft(page, code).draft
    found = item_of(draft, item)
    fields = Fields(page.posted, page.text)
    possible = possible_answers(draft, item)
    only_if = tuple(
        holds
        for question, answers in possible.items()
        if (holds := _read_condition(fields, question, answers)) is not None
    )
    if len(only_if) > MAX_CONDITIONS:
        fields.refuse("", _("At most {n} earlier questions can decide."), n=MAX_CONDITIONS)
    else:
        _save(page, draft, found, found.model_copy(update={"only_if": only_if}), fields)
    if fields.filled.errors:
        return _conditions_page(page, draft, found, fields.filled, 422)
    return page.redirect(f"{BASE}/{code}/draft#item-{item}")


def _save(page: Page, draft: Draft, was: Item, new: Item, fields: Fields) -> None:
    """Keep ``new``, or say in the form that somebody was quicker."""
    mark = fields.filled.value("mark")
    database, now = page.portal.database, page.portal.clock()
    try:
        change_item(database, page.actor, draft.code, (was.code, mark), new, now)
    except ChangedMeanwhileError as error:
        fields.filled.refuse("", page.text(str(error)))
        fields.filled.raw = {**fields.filled.raw, "mark": [was.mark]}


def _item_page(
    page: Page, draft: Draft, item: Item, form: Filled[Any], code: int = 200
) -> Response:
    return shown_page(
        page,
        "build_item.html",
        code,
        draft=draft,
        item=item,
        form=form,
        heads=HEADS,
        remarks=[r for r in check(draft) if r.item == item.code] if code == 200 else [],
        can_follow=item.scale is not None and item.sort != "matrix",
        has_room=len(item.follow_ups) < MAX_FOLLOW_UPS,
        can_depend=bool(possible_answers(draft, item.code)),
        called=_called(page, draft),
    )


def _add_follow_up(page: Page, code: str, item: Item) -> Response:
    database, now = page.portal.database, page.portal.clock()
    changed = change_draft(
        database,
        page.actor,
        code,
        lambda draft: add_follow_up(draft, item.code),
        now,
        what="follow-up-added",
    )
    here = f"{BASE}/{code}/draft/questions/{item.code}"
    found = changed.find(item.code) if changed is not None else None
    if found is None or found.scale is None or not found.follow_ups:
        return page.redirect(here)
    return page.redirect(f"{here}/follow-ups/{found.follow_ups[-1].code}")


def _follow_up(item: Item, code: str) -> Why | None:
    return next((why for why in item.follow_ups if why.code == code), None)


def _read_follow_up(fields: Fields, draft: Draft, item: Item, why: Why) -> Why:
    chosen = set(fields.filled.values("when"))
    options = fields.named("option", why.options, draft.languages)
    deed, _dash, rest = fields.filled.value("then").partition("-option")
    place = int(rest[1:]) if rest[1:].isdecimal() and len(rest) < 5 else -1
    if deed == "add" and len(options) < MAX_REASONS:
        stem = f"reason-{len(options) + 1}"
        options.append(Named(code=first_free(stem, {option.code for option in options})))
    elif deed == "drop" and 0 <= place < len(options):
        del options[place]
    elif deed == "raise" and 0 < place < len(options):
        options[place - 1], options[place] = options[place], options[place - 1]
    return why.model_copy(
        update={
            "texts": fields.merged("texts", why.texts, draft.languages),
            "when": tuple(v for v in SCALES[item.scale or "yes-no"].values if str(v) in chosen),
            "options": tuple(options),
        }
    )


def _follow_up_page(  # what it is about, the form, and how it went
    page: Page, draft: Draft, item: Item, why: Why, form: Filled[Any], code: int = 200
) -> Response:
    return shown_page(
        page,
        "build_follow_up.html",
        code,
        draft=draft,
        item=item,
        why=why,
        form=form,
        values=[(value, name) for value, name, _ in _points(page, item)],
        has_room=len(why.options) < MAX_REASONS,
    )


def _conditions_page(
    page: Page, draft: Draft, item: Item, form: Filled[Any], code: int = 200
) -> Response:
    called = _called(page, draft)
    earlier = [called[each] for each in possible_answers(draft, item.code)]
    return shown_page(
        page, "build_conditions.html", code, draft=draft, item=item, form=form, earlier=earlier
    )


def _read_condition(fields: Fields, question: str, answers: frozenset[int | str]) -> Holds | None:
    chosen = set(fields.filled.values(f"if_{question}"))
    values = tuple(
        sorted(each for each in answers if isinstance(each, int) and str(each) in chosen)
    )
    options = tuple(sorted(each for each in answers if isinstance(each, str) and each in chosen))
    return Holds(question=question, values=values, options=options) if values or options else None


def _called(page: Page, draft: Draft) -> dict[str, Earlier]:
    """Code → how a question, row or follow-up and its answers are called."""
    say = page.language.of
    found: dict[str, Earlier] = {}
    for item in draft.items:
        own = [(value, name) for value, name, _ in _points(page, item)]
        options = [(each.code, say(each.texts) or each.code) for each in item.options]
        answers = own or options
        named = item.rows if item.sort == "matrix" else (Named(code=item.code, texts=item.texts),)
        for each in named:
            found[each.code] = Earlier(each.code, say(each.texts) or each.code, answers)
        for why in item.follow_ups:
            reasons = [(each.code, say(each.texts) or each.code) for each in why.options]
            found[why.code] = Earlier(why.code, say(why.texts) or why.code, reasons)
    return found


def _points(page: Page, item: Item) -> list[Point]:
    return points_of(page, item.scale, is_stars=item.answers_with == "stars")
